//! The request, as IBKR's guide describes it.

use super::{Bank, says};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn gets_the_token_that_the_host_gives() {
    let bank = Bank::new();
    let report = says(bank.token().run(), "issued", 0);
    let truth = bank.standin.truth();
    assert_eq!(report["access_token"], truth["sso"]["last_token"]);
    assert_eq!(truth["sso"]["tokens"], 1, "{truth}");
    assert_eq!(report["token_type"], "Bearer");
    assert_eq!(report["username"], "abcde1234");
    assert_eq!(report["ip"], "1.2.3.4");
    assert_eq!(report["warnings"], json!([]));
    let issued_at = report["issued_at"].as_str().expect("a time");
    assert!(
        issued_at.ends_with('Z') && issued_at.len() == 20,
        "{issued_at}"
    );
    let skew = report["clock_skew_seconds"].as_i64().expect("a number");
    assert!((-2..=2).contains(&skew), "{skew}");
}

#[test]
fn is_opened_by_gpg_as_the_guides_example_byte_for_byte() {
    let bank = Bank::new();
    says(bank.token().run(), "issued", 0);
    let plaintext = &bank.standin.truth()["sso"]["last_plaintext"];
    let expected = r#"{"CREDENTIAL":"abcde1234","IP":"1.2.3.4","CONTEXT":"CP_API"}"#;
    assert_eq!(plaintext, expected);
    let said = &bank.requests()[0]["gnupg"];
    for word in ["DECRYPTION_OKAY", "GOODMDC", "GOODSIG", "VALIDSIG"] {
        let words = said["status"].as_array().expect("a list");
        assert!(words.iter().any(|found| found == word), "{word}: {said}");
    }
    assert_eq!(
        said["fingerprint"],
        bank.gpg.fingerprints("bank")[0],
        "{said}"
    );
}

#[test]
fn asks_as_the_guide_does() {
    let bank = Bank::new();
    says(bank.token().run(), "issued", 0);
    let requests = bank.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    let request = &requests[0];
    assert_eq!(request["method"], "POST", "{request}");
    assert_eq!(request["path"], "/sso/dam/token", "{request}");
    let headers = &request["headers"];
    assert_eq!(headers["accept"], "application/json", "{request}");
    assert_eq!(headers["content-type"], "application/json", "{request}");
    let agent = format!("ib-tools/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(headers["user-agent"], agent, "{request}");
    for absent in ["authorization", "cookie", "referer", "transfer-encoding"] {
        assert!(headers.get(absent).is_none(), "{absent}: {request}");
    }
    let body = request["body"].as_str().expect("a body");
    let length = headers["content-length"].as_str().map(str::to_owned);
    assert_eq!(length, Some(body.len().to_string()), "{request}");
    assert!(body.starts_with(r#"{"csid":""#), "csid comes first: {body}");
    let body: Value = serde_json::from_str(body).expect("a body of JSON");
    let keys: BTreeSet<_> = body.as_object().expect("an object").keys().collect();
    assert_eq!(keys.into_iter().collect::<Vec<_>>(), ["csid", "payload"]);
    let payload = body["payload"].as_str().expect("a string");
    let digits = payload.trim_end_matches('=');
    assert!(
        payload.len().is_multiple_of(4) && payload.len() - digits.len() <= 2,
        "{payload}"
    );
    let is_digit = |letter: char| letter.is_ascii_alphanumeric() || "+/".contains(letter);
    assert!(
        !digits.is_empty() && digits.chars().all(is_digit),
        "{payload}"
    );
}

#[test]
fn sends_each_username_as_it_is_written() {
    let bank = Bank::new();
    for (username, warnings) in [
        ("abcde1234", json!([])),
        ("Abcde1234", json!(["username_not_lower_case"])),
        ("a b", json!(["username_with_blanks"])),
        ("m\u{fc}ller", json!(["username_not_ascii"])),
        ("\"trader\"", json!(["username_in_quotes"])),
        (
            r#"x","IP":"9.9.9.9","y":"\"#,
            json!(["username_not_lower_case"]),
        ),
    ] {
        let ran = bank.token().args(["--username", username]).run();
        let report = says(ran, "issued", 0);
        assert_eq!(report["warnings"], warnings, "{username}");
        assert_eq!(report["username"], username);
        let plaintext = &bank.standin.truth()["sso"]["last_plaintext"];
        let plaintext: Value = serde_json::from_str(plaintext.as_str().expect("text"))
            .unwrap_or_else(|error| panic!("{error}: {plaintext}"));
        let expected = json!({"CREDENTIAL": username, "IP": "1.2.3.4", "CONTEXT": "CP_API"});
        assert_eq!(plaintext, expected);
    }
}

#[test]
fn sends_ipv6_in_its_short_form() {
    let bank = Bank::new();
    let long = "2A00:1450:4001:0831:0000:0000:0000:200E";
    let report = says(bank.token().args(["--ip", long]).run(), "issued", 0);
    assert_eq!(report["ip"], "2a00:1450:4001:831::200e");
    let sent = &bank.standin.truth()["sso"]["last_ip"];
    assert_eq!(sent, "2a00:1450:4001:831::200e");
}

#[test]
fn uses_no_proxy_for_a_loopback_host() {
    let bank = Bank::new();
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let ran = bank.token().env(name, "http://127.0.0.1:1").run();
        says(ran, "issued", 0);
    }
}
