//! The brokerage session: lost, taken over, brought back.

use crate::login::{dispatch, prove};
use crate::served::Served;
use serde_json::Value;

fn init(standin: &Served, body: &str) -> Value {
    standin
        .ask("POST", "/v1/api/iserver/auth/ssodh/init", body)
        .json()
}

fn ready() -> Served {
    let standin = Served::start();
    standin.control(
        "POST",
        "/do/login",
        r#"{"user":"testuser01","mode":"paper"}"#,
    );
    assert_eq!(standin.tickle()["authenticated"], true);
    standin
}

#[test]
fn comes_back_with_an_init_after_a_drop() {
    let standin = ready();
    standin.control("POST", "/do/drop-brokerage", "");
    let tickle = standin.tickle();
    assert_eq!(
        (&tickle["authenticated"], &tickle["connected"]),
        (&Value::Bool(false), &Value::Bool(true))
    );
    assert_eq!(
        standin.ask("GET", "/v1/api/iserver/accounts", "").status,
        400
    );
    assert_eq!(
        init(&standin, r#"{"publish":true,"compete":false}"#)["authenticated"],
        true
    );
    assert_eq!(standin.state()["inits"], 1);
}

#[test]
fn competes_until_an_init_asks_to() {
    let standin = ready();
    standin.control("POST", "/do/compete", "");
    assert_eq!(
        init(&standin, r#"{"publish":true,"compete":false}"#)["competing"],
        true
    );
    let answer = init(&standin, r#"{"publish":true,"compete":true}"#);
    assert_eq!(
        (&answer["competing"], &answer["authenticated"]),
        (&Value::Bool(false), &Value::Bool(true))
    );
}

#[test]
fn ends_with_the_session() {
    let standin = ready();
    standin.control("POST", "/do/drop-session", "");
    assert_eq!(standin.ask("POST", "/v1/api/tickle", "").status, 401);
}

#[test]
fn says_established_as_scripted() {
    let standin = ready();
    for (how, expected) in [
        ("present", Value::Bool(true)),
        ("absent", Value::Null),
        ("false", Value::Bool(false)),
    ] {
        standin.control(
            "POST",
            "/set",
            &format!(r#"{{"bringup":{{"established":"{how}"}}}}"#),
        );
        assert_eq!(standin.tickle()["established"], expected, "{how}");
    }
    standin.control(
        "POST",
        "/set",
        r#"{"bringup":{"established":"present","established_after_ms":3600000}}"#,
    );
    assert_eq!(standin.tickle()["established"], false);
}

#[test]
fn waits_for_an_init_when_the_bring_up_is_not_enough() {
    let standin = Served::start();
    standin.control("POST", "/set", r#"{"bringup":{"needs_init":true}}"#);
    let (proof, _) = prove(&standin, "testuser01", "Correct-Horse1", 1);
    assert_eq!(dispatch(&standin, &proof), "Client login succeeds");
    standin.until("asked for an init", |state| state["inits"] == 1);
    assert_eq!(standin.tickle()["authenticated"], false);
    assert_eq!(
        init(&standin, r#"{"publish":true,"compete":true}"#)["authenticated"],
        true
    );
}

#[test]
fn reauthenticates_with_two_answers_of_one_status() {
    let standin = Served::start();
    let ask = || standin.ask("POST", "/v1/portal/iserver/reauthenticate?force=true", "");
    assert_eq!(
        (ask().status, ask().text().as_str()),
        (200, r#"{"error":"not logged in"}"#)
    );
    let (proof, _) = prove(&standin, "testuser01", "Correct-Horse1", 1);
    dispatch(&standin, &proof);
    standin.until("authenticated", |state| state["authenticated"] == true);
    standin.control("POST", "/do/drop-brokerage", "");
    assert_eq!(
        (ask().status, ask().text().as_str()),
        (200, r#"{"message":"triggered"}"#)
    );
    standin.until("authenticated again", |state| {
        state["authenticated"] == true
    });
}

#[test]
fn comes_up_although_the_first_validation_fails() {
    let standin = Served::start();
    standin.control("POST", "/set", r#"{"bringup":{"validate_fails":1}}"#);
    let (proof, _) = prove(&standin, "testuser01", "Correct-Horse1", 1);
    dispatch(&standin, &proof);
    standin.until("authenticated", |state| state["authenticated"] == true);
    let validations = |asked: &[String]| {
        asked
            .iter()
            .filter(|one| one.ends_with("/sso/validate"))
            .count()
    };
    assert_eq!(validations(&standin.asked("upstream")), 2);
}

#[test]
fn is_logged_out_by_the_gateway_itself_when_connected_and_not_authenticated() {
    let standin = Served::start_tickling_every(50);
    let (proof, _) = prove(&standin, "testuser01", "Correct-Horse1", 1);
    dispatch(&standin, &proof);
    standin.until("authenticated", |state| state["authenticated"] == true);
    standin.control("POST", "/do/drop-brokerage", "");
    standin.until("logged out", |state| state["sso"] == false);
}
