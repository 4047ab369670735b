//! The brokerage session kept alive, and the session ended.

use super::brokerage::{INIT, open};
use super::{Device, VALIDATE, message, says, warnings};
use serde_json::{Value, json};

#[test]
fn tickles_in_place_of_validating() {
    let device = Device::new();
    says(open(&device).run(), "valid", 0);
    let report = says(device.tool().args(["--tickle"]).run(), "valid", 0);
    assert_eq!(device.asked()[2..], ["POST /tickle"]);
    assert_eq!(report["brokerage"]["authenticated"], true);
    assert_eq!(report["user_id"], 12_345_678);
    assert_eq!(report["expires_unit"], "milliseconds_left");
    assert_eq!(
        report["username"],
        Value::Null,
        "a tickle does not say: {report}"
    );
    let request = device.standin.requests().remove(2);
    assert_eq!(request["headers"]["content-length"], "0", "{request}");
}

#[test]
fn a_tickle_tells_a_closed_brokerage_session_from_a_dead_token() {
    let device = Device::new();
    says(open(&device).run(), "valid", 0);
    let tickle = || device.tool().args(["--tickle"]).run();
    device.standin.make("pass-time", &json!({"seconds": 301}));
    let report = says(tickle(), "valid", 0);
    assert_eq!(report["brokerage"]["authenticated"], false);
    device.standin.make("compete", &json!({}));
    let ran = tickle();
    assert!(message(&ran).contains("another login"), "{}", ran.all());
    says(ran, "competing", 10);
    device.standin.make("expire-token", &json!({}));
    says(tickle(), "invalid", 1);
}

#[test]
fn a_tickle_that_fails_is_told_by_its_code() {
    for (answer, exit) in [
        (json!({"status": 503}), 12),
        (json!({"status": 429}), 12),
        (json!({"status": 403}), 4),
        (
            json!({"status": 200, "body": {"error": "failed to process request"}}),
            9,
        ),
        (json!({"mode": "garbage"}), 9),
    ] {
        let device = Device::answering("/tickle", answer);
        device.tool().args(["--tickle"]).run().exits(exit).error();
    }
}

#[test]
fn a_tickle_after_the_opening_may_fail() {
    let device = Device::new();
    let both = || open(&device).args(["--tickle"]).run();
    assert_eq!(warnings(&says(both(), "valid", 0)), [""; 0]);
    assert_eq!(device.asked(), [VALIDATE, INIT, "POST /tickle"]);
    device.script("/tickle", json!({"status": 503}));
    let report = says(both(), "valid", 0);
    assert_eq!(warnings(&report), ["answered_from_state", "tickle_failed"]);
}

#[test]
fn logs_out_and_does_nothing_else() {
    let device = Device::new();
    says(device.tool().run(), "valid", 0);
    let logout = || device.tool().args(["--logout"]).run();
    says(logout(), "logged_out", 0);
    assert_eq!(device.asked(), [VALIDATE, "POST /logout"]);
    // There is nothing left to end, and what was stored does not hold any more.
    says(logout(), "invalid", 1);
    says(device.tool().run(), "timed_out", 8);
    assert_eq!(device.validations(), 1);
}

#[test]
fn believes_a_log_out_only_when_ibkr_says_so() {
    for (body, exit) in [
        (json!({"confirmed": true}), 0),
        (json!({"status": false}), 9),
        (json!({}), 9),
        (json!("<html>"), 9),
    ] {
        let device = Device::answering("/logout", json!({"status": 200, "body": body}));
        device.tool().args(["--logout"]).run().exits(exit);
    }
}
