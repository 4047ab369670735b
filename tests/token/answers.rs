//! The token host's answers, and the state that each becomes.

use super::{Bank, Kind, message, says, success};
use crate::support::gnupg::Gnupg;
use serde_json::{Value, json};

/// A token whose whole value must never be shown.
const TOKEN: &str = "eyJ0eXAiOiJKV1QifQ.planted-in-a-failure";

#[test]
fn takes_nothing_but_a_token_for_a_token() {
    let bank = Bank::new();
    let with = |key: &str, value: Value| {
        let mut answer = success(TOKEN);
        answer[key] = value;
        json!({"status": 200, "body": answer})
    };
    let html = "<html><head><title>Welcome</title></head></html>";
    for (answer, state, exit) in [
        (with("RESULT", json!(false)), "refused", 4),
        (with("RESULT", json!("true")), "unknown", 9),
        (with("RESULT", Value::Null), "unknown", 9),
        (with("ACCESS_TOKEN", json!("")), "unknown", 9),
        (with("ACCESS_TOKEN", Value::Null), "unknown", 9),
        (
            with("ACCESS_TOKEN", json!(format!("{TOKEN}\r\nX: y"))),
            "unknown",
            9,
        ),
        (
            with("ACCESS_TOKEN", json!(format!("{TOKEN} y"))),
            "unknown",
            9,
        ),
        (with("TOKEN_TYPE", json!("MAC")), "unknown", 9),
        (json!({"status": 200, "body": html}), "unknown", 9),
        (
            json!({"status": 200, "body": format!(r#"{{"ACCESS_TOKEN":"{TOKEN}","#)}),
            "unknown",
            9,
        ),
        (json!({"status": 204}), "unknown", 9),
        (
            json!({"status": 200, "body": "junk!", "body_repeat": 400_000}),
            "unknown",
            9,
        ),
        (
            json!({"status": 500, "body": success(TOKEN)}),
            "unavailable",
            12,
        ),
    ] {
        let shown = format!("{answer:.300}");
        let mut answer = answer;
        // After an answer that is too large to be read whole, the tool asks once more.
        let is_junk = answer.get("body_repeat").is_some();
        answer["times"] = if is_junk { 2 } else { 1 }.into();
        let ran = bank.answered(answer).never_shows("planted");
        assert!(ran.stderr.chars().count() < 1000, "{shown}: {}", ran.all());
        says(ran, state, exit);
    }
}

#[test]
fn names_both_causes_of_a_401() {
    let bank = Bank::new();
    let tool = bank.token();
    super::put(tool.folder.path(), "csid", "0123456789ABCDEF-planted");
    let ran = tool.run().never_shows("planted");
    let said = message(&ran);
    assert!(said.contains("the CSID is wrong"), "{said}");
    assert!(
        said.contains("this host's address is not on the list"),
        "{said}"
    );
    assert!(
        said.contains("401 Authentication Error"),
        "the title is shown: {said}"
    );
    assert!(!said.contains('<'), "of HTML the title alone: {said}");
    says(ran, "refused", 4);
    assert_eq!(bank.requests().len(), 1, "never again");
}

#[test]
fn names_the_key_when_ibkr_cannot_open_the_payload() {
    let (bank, other) = (Bank::new(), Gnupg::new());
    other.make_key(Kind::Curve, "stranger", false);
    let by_a_stranger = bank.token_with(&other.secret_key("stranger", &[]), "ibkr");
    let for_a_stranger = bank.token();
    let folder = for_a_stranger.folder.path();
    super::put(folder, "ibkr.asc", other.public_key("stranger"));
    let pinned = &other.fingerprints("stranger")[0];
    let for_a_stranger = for_a_stranger.args(["--recipient-fpr", pinned]);
    for (number, tool) in [by_a_stranger, for_a_stranger].into_iter().enumerate() {
        let ran = tool.run();
        let said = message(&ran);
        for words in [
            "signed with a key other than the one IBKR has",
            "sealed to a key that is not IBKR's",
        ] {
            assert!(said.contains(words), "{words}: {said}");
        }
        says(ran, "refused", 4);
        let refused = &bank.standin.truth()["sso"]["payloads_refused"];
        assert_eq!(refused, number + 1, "each is asked for once");
    }
}

#[test]
fn says_that_a_username_gets_no_token() {
    let bank = Bank::new();
    bank.standin
        .set(&json!({"sso": {"usernames": ["somebody"]}}));
    let ran = bank.token().run();
    let said = message(&ran);
    assert!(said.contains("no token for this username"), "{said}");
    says(ran, "refused", 4);
    assert_eq!(bank.requests().len(), 1, "never again");
}

#[test]
fn repeats_no_refusal() {
    let bank = Bank::new();
    let denied = "<html><title>Error 403 - Access Denied</title></html>";
    for (status, body, words) in [
        (400, "", "CSID"),
        (401, "", "the CSID is wrong"),
        (403, denied, "edge refuses this host"),
        (403, r#"{"error":"no"}"#, "403: IBKR refuses the request"),
        (200, r#"{"RESULT":false}"#, "this username"),
        (400, r#"{"RESULT":false}"#, "this username"),
        (401, r#"{"RESULT":false}"#, "this username"),
        (403, r#"{"RESULT":false}"#, "this username"),
        (500, r#"{"RESULT":false}"#, "this username"),
        (503, r#"{"RESULT":false}"#, "this username"),
    ] {
        let before = bank.requests().len();
        let ran = bank.answered(json!({"status": status, "body": body, "times": 1}));
        let error = ran.error();
        assert_eq!(error["retry"], false, "{error}");
        let said = message(&ran);
        assert!(said.contains(words), "{status}: {said}");
        says(ran, "refused", 4);
        assert_eq!(bank.requests().len(), before + 1, "{status} is repeated");
    }
}

#[test]
fn shows_little_of_a_body_and_no_secret() {
    let bank = Bank::new();
    let csid = bank.standin.about["csid"]
        .as_str()
        .expect("a CSID")
        .to_owned();
    let words = "some words ".repeat(100);
    let body = format!("csid {csid} {} {words}", "cGxhbnRlZA".repeat(50));
    let ran = bank.answered(json!({"status": 418, "body": body}));
    let ran = ran.never_shows(&csid).never_shows("cGxhbnRlZA");
    let said = message(&ran);
    let shown = said
        .split("it says: ")
        .nth(1)
        .expect("the beginning of the body");
    assert!(shown.starts_with("csid … … some words"), "{shown}");
    assert!(shown.chars().count() <= 201, "{shown}");
    says(ran, "unknown", 9);
}

#[test]
fn says_when_ibkr_is_in_maintenance() {
    let bank = Bank::new();
    let ran = bank.answered(json!({"status": 500, "body": "Error While Processing"}));
    let said = message(&ran);
    assert!(said.contains("Wednesdays 18:30-19:30"), "{said}");
    says(ran, "unavailable", 12);
    assert_eq!(bank.requests().len(), 1, "not at once again");
}

#[test]
fn tolerates_what_ibkr_adds() {
    let bank = Bank::new();
    let mut answer = success("a-token");
    answer["expires_in"] = json!(3600);
    answer["nested"] = json!([{"RESULT": false}]);
    answer["TOKEN_TYPE"] = json!("bearer");
    let report = says(
        bank.answered(json!({"status": 200, "body": answer})),
        "issued",
        0,
    );
    assert_eq!(report["access_token"], "a-token");
    assert_eq!(report["token_type"], "bearer", "kept as received");
}
