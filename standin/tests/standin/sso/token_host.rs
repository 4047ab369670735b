//! The host that gives out tokens, asked with what the real gpg has made.

use super::Hosts;
use crate::gnupg::Parties;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ib_testkit::HttpAnswer;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

const EXAMPLE: &str = r#"{"CREDENTIAL":"abcde1234","IP":"1.2.3.4","CONTEXT":"CP_API"}"#;

fn post(hosts: &Hosts, body: &str) -> HttpAnswer {
    let headers = format!(
        "User-Agent: test\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    hosts.ask("token_url", "POST /sso/dam/token", &headers, body)
}

fn post_payload(hosts: &Hosts, payload: &str) -> HttpAnswer {
    let body = json!({"csid": hosts.standin.about["csid"], "payload": payload});
    post(hosts, &body.to_string())
}

#[test]
fn gives_a_token_to_the_guides_own_shell_line() {
    let parties = Parties::new();
    let hosts = Hosts::with(parties.ibkr.path());
    let script = r#"set -eu
        payload=$(echo '{"CREDENTIAL":"abcde1234","IP":"1.2.3.4","CONTEXT":"CP_API"}' |
            gpg --homedir "$1" --batch --quiet --trust-model always -u firm -r ibkr --sign --encrypt |
            base64 --wrap 0)
        curl --silent --show-error --noproxy '*' --cacert "$2" "$3" --request POST \
            --header 'Accept: application/json' --header 'Content-type: application/json' \
            --data "{\"csid\": \"$4\", \"payload\": \"$payload\"}""#;
    let asked = Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(parties.firm.path())
        .arg(hosts.standin.cacert())
        .args(
            [
                &hosts.standin.about["token_url"],
                &hosts.standin.about["csid"],
            ]
            .map(|it| it.as_str().expect("text")),
        )
        .output()
        .expect("sh starts");
    let answer: Value =
        serde_json::from_slice(&asked.stdout).unwrap_or_else(|error| panic!("{error}: {asked:?}"));
    let token = answer["ACCESS_TOKEN"].as_str().expect("a token");
    assert!(token.starts_with("eyJ0eXAiOi"), "{token}");
    assert!((500..700).contains(&token.len()), "{token}");
    let (kind, result) = (&answer["TOKEN_TYPE"], &answer["RESULT"]);
    assert_eq!((kind, result), (&json!("Bearer"), &json!(true)));

    let truth = hosts.truth();
    assert_eq!(truth["last_plaintext"], format!("{EXAMPLE}\n"));
    assert_eq!(truth["last_ip"], "1.2.3.4");
    assert_eq!(truth["last_token"], token);
    assert_eq!(
        (&truth["tokens"], &truth["valid_tokens"]),
        (&json!(1), &json!(1))
    );
    let asked = &hosts.requests()[0];
    assert_eq!(asked["part"], "token");
    assert_eq!(
        asked["gnupg"]["fingerprint"],
        parties.firm.fingerprints("firm")[0]
    );
    let said = asked["gnupg"]["status"].as_array().expect("a list");
    for word in ["DECRYPTION_OKAY", "GOODMDC", "GOODSIG", "VALIDSIG"] {
        assert!(said.contains(&json!(word)), "{word}: {said:?}");
    }
}

#[test]
fn refuses_what_gpg_does_not_accept() {
    let parties = Parties::new();
    let hosts = Hosts::with(parties.ibkr.path());
    let sealed = |flags: &[&str]| BASE64_STANDARD.encode(parties.sealed(flags, EXAMPLE));
    let good = BASE64_STANDARD.encode(parties.message(EXAMPLE));
    let mut broken = parties.message(EXAMPLE);
    let middle = broken.len() / 2;
    broken[middle] ^= 1;
    let payloads = [
        ("unsigned", sealed(&["-r", "ibkr", "--encrypt"])),
        ("unsealed", sealed(&["-u", "firm", "--sign"])),
        (
            "a stranger's",
            sealed(&["-u", "stranger", "-r", "ibkr", "--sign", "--encrypt"]),
        ),
        (
            "for another",
            sealed(&["-u", "firm", "-r", "firm", "--sign", "--encrypt"]),
        ),
        (
            "armored",
            sealed(&["-u", "firm", "-r", "ibkr", "--armor", "--sign", "--encrypt"]),
        ),
        ("altered", BASE64_STANDARD.encode(broken)),
        (
            "in two lines",
            good.replacen(&good[..64], &format!("{}\n", &good[..64]), 1),
        ),
        ("padded too much", format!("{good}=")),
        // What is left of the guide's pipeline when gpg has failed.
        ("empty", String::new()),
    ];
    for (at, (what, payload)) in payloads.iter().enumerate() {
        let answer = post_payload(&hosts, payload);
        let error = "Encryption Error. Payload was not signed or was signed with an incorrect key.";
        assert_eq!(answer.text(), error, "{what}");
        assert_eq!(hosts.truth()["payloads_refused"], at + 1, "{what}");
    }
    assert_eq!(hosts.truth()["tokens"], 0);
    assert_eq!(post_payload(&hosts, &good).json()["RESULT"], true);
}

#[test]
fn refuses_every_payload_when_gpg_has_no_home() {
    let hosts = Hosts::with(Path::new("/nonexistent"));
    post_payload(&hosts, "hQIMA4QK6XY=");
    let said = hosts.requests()[0]["gnupg"].clone();
    let words = said["status"].as_array().expect("a list");
    assert!(!words.contains(&json!("DECRYPTION_OKAY")), "{said}");
    assert_eq!(hosts.truth()["payloads_refused"], 1);
}

#[test]
fn names_both_causes_to_another_csid() {
    let hosts = Hosts::with(Path::new("/nonexistent"));
    let answer = post(&hosts, r#"{"csid":"F86B129F","payload":"hQIMA4QK6XY="}"#);
    assert_eq!(answer.status, 401);
    let kind = answer.header("Content-Type").expect("a type");
    assert!(kind.starts_with("text/html"), "{kind}");
    let title = "<title>401 Authentication Error. Either CSID is incorrect or you are trying to access the service from an unauthorized IP Address.</title>";
    assert!(answer.text().contains(title), "{}", answer.text());
}

#[test]
fn wants_a_user_agent_and_a_length() {
    let hosts = Hosts::with_token();
    for (host, request) in [
        ("token_url", "POST /sso/dam/token"),
        ("api_url", "POST /v1/api/tickle"),
    ] {
        let anonymous = hosts.ask(host, request, "Content-Length: 2\r\n", "{}");
        assert_eq!(anonymous.status, 403, "{request}");
        assert!(
            anonymous
                .text()
                .contains("<title>Error 403 - Access Denied</title>")
        );
        let in_chunks = "User-Agent: test\r\nTransfer-Encoding: chunked\r\n";
        let endless = hosts.ask(host, request, in_chunks, "2\r\n{}\r\n0\r\n\r\n");
        assert_eq!(endless.status, 411, "{request}");
    }
    assert_eq!(hosts.requests().len(), 4);
}

#[test]
fn takes_no_other_body() {
    let hosts = Hosts::with(Path::new("/nonexistent"));
    for body in [
        "",
        "csid=F86B&payload=hQIM",
        r#"{"csid":"F86B"}"#,
        r#"{"CSID":"F86B","payload":"hQIM"}"#,
        r#"{"csid":"F86B","payload":"hQIM","more":1}"#,
        r#"{"csid":1,"payload":"hQIM"}"#,
    ] {
        assert_eq!(post(&hosts, body).status, 400, "{body}");
    }
    let body = r#"{"csid":"F86B","payload":"hQIM"}"#;
    let headers = format!("User-Agent: test\r\nContent-Length: {}\r\n", body.len());
    let untyped = hosts.ask("token_url", "POST /sso/dam/token", &headers, body);
    assert_eq!(untyped.status, 400);
}

#[test]
fn says_no_to_a_request_that_it_cannot_grant() {
    let parties = Parties::new();
    let hosts = Hosts::with(parties.ibkr.path());
    hosts.set(&json!({"sso": {"usernames": ["abcde1234", "\"quoted\\"]}}));
    let asked = |plaintext: &str| {
        let payload = BASE64_STANDARD.encode(parties.message(plaintext));
        let answer = post_payload(&hosts, &payload);
        assert_eq!(answer.status, 200, "{plaintext}");
        answer.json()
    };
    for plaintext in [
        r#"{"CREDENTIAL":"nobody","IP":"1.2.3.4","CONTEXT":"CP_API"}"#,
        r#"{"CREDENTIAL":"abcde1234","IP":"1.2.3.4","CONTEXT":"AM.LOGIN"}"#,
        r#"{"CREDENTIAL":"abcde1234","IP":"1.2.3","CONTEXT":"CP_API"}"#,
        r#"{"CREDENTIAL":"abcde1234","IP":"1.2.3.4","CONTEXT":"CP_API","MORE":1}"#,
        r#"{"CREDENTIAL":"abcde1234","IP":"1.2.3.4"}"#,
        "abcde1234",
    ] {
        assert_eq!(asked(plaintext), json!({"RESULT": false}), "{plaintext}");
    }
    let quoted = r#"{"CREDENTIAL":"\"quoted\\","IP":"2001:db8::1","CONTEXT":"CP_API"}"#;
    assert_eq!(asked(quoted)["RESULT"], true);
    assert_eq!(asked(EXAMPLE)["RESULT"], true);
    assert_eq!(hosts.truth()["valid_tokens"], 2, "both are alive");
}

#[test]
fn says_its_own_time() {
    let hosts = Hosts::with(Path::new("/nonexistent"));
    let ahead = || {
        let answer = post(&hosts, "");
        let date = answer.header("Date").expect("a date").to_owned();
        let date = httpdate::parse_http_date(&date).expect("an HTTP date");
        let now = SystemTime::now() - Duration::from_secs(1);
        date.duration_since(now).unwrap_or_default().as_secs()
    };
    assert!(ahead() < 5, "{}", ahead());
    hosts.set(&json!({"clock_skew_ms": 90_000}));
    assert!((85..95).contains(&ahead()), "{}", ahead());
    hosts.pass(100);
    assert!((185..195).contains(&ahead()), "{}", ahead());
    hosts.set(&json!({"answers": [{"part": "token", "path": "/sso/dam/token", "status": 503}]}));
    assert!(
        (185..195).contains(&ahead()),
        "a scripted one too: {}",
        ahead()
    );
}
