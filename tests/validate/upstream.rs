//! IBKR's own answer, passed on.

use super::{Device, VALIDATE, says};
use crate::support::{Ran, Tool};
use serde_json::{Value, json};

const PATH: &str = "/sso/validate";

fn upstream(device: &Device) -> Tool {
    device.tool().args(["--format", "upstream"])
}

fn body(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.all()))
}

fn planted() -> Value {
    json!({
        "RESULT": true, "EXPIRES": 415_890, "TOKEN": "planted-other-token", "session": "planted-session",
        "region": "NJ", "loginType": 2, "nested": {"session": "planted-session", "list": [1, 2.5, null, true]},
    })
}

/// Unknown keys pass through unchanged; `TOKEN` and `session` do not.
#[test]
fn passes_everything_through_but_what_is_secret() {
    let device = Device::answering(PATH, json!({"status": 200, "body": planted()}));
    let ran = upstream(&device).run().exits(0).is_silent_on_stderr();
    let ran = ran.never_shows("planted");
    let expected = json!({
        "RESULT": true, "EXPIRES": 415_890, "region": "NJ", "loginType": 2,
        "nested": {"list": [1, 2.5, null, true]},
    });
    assert_eq!(body(&ran), expected, "{}", ran.all());
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.all());
}

#[test]
fn shows_the_token_when_asked_to() {
    let device = Device::answering(PATH, json!({"status": 200, "body": planted()}));
    let ran = upstream(&device).args(["--show"]).run().exits(0);
    assert_eq!(body(&ran), planted(), "{}", ran.all());
    // It was not stored.
    let ran = upstream(&device).args(["--show"]).run().exits(0);
    let ran = ran.never_shows("planted");
    assert_eq!(body(&ran)["region"], "NJ", "{}", ran.all());
    assert_eq!(device.asked(), [VALIDATE]);
}

#[test]
fn shows_the_whole_of_a_no() {
    let answer = json!({"RESULT": false, "why": "whatever"});
    let device = Device::answering(PATH, json!({"status": 200, "body": answer}));
    for _ in 0..2 {
        let ran = upstream(&device).run().exits(1).is_silent_on_stderr();
        assert_eq!(body(&ran), answer, "{}", ran.all());
    }
}

#[test]
fn prints_the_report_when_there_is_nothing_to_pass_on() {
    let device = Device::answering(PATH, json!({"status": 401, "body": "Access Denied"}));
    says(upstream(&device).run(), "invalid", 1);
    let device = Device::answering(PATH, json!({"status": 503, "body": "<html>"}));
    says(upstream(&device).run(), "unavailable", 12);
    let device = Device::answering(PATH, json!({"status": 200, "body": {"RESULT": "true"}}));
    upstream(&device).run().exits(9).is_silent_on_stdout();
}

#[test]
fn goes_with_the_validation_alone() {
    for flags in [
        &["--show"][..],
        &["--format", "upstream", "--brokerage"],
        &["--format", "upstream", "--tickle"],
        &["--logout", "--brokerage"],
        &["--logout", "--tickle"],
        &["--logout", "--format", "upstream"],
        &["--logout", "--show"],
    ] {
        let ran = Tool::new("ibsso-validate").args(flags).run();
        let ran = ran.exits(2).is_silent_on_stdout();
        assert_eq!(ran.error()["error"], "usage", "{flags:?}");
    }
}
