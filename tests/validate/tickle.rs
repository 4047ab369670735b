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
    assert_eq!(warnings(&report), ["brokerage_closed"]);
    device.standin.make("compete", &json!({}));
    let ran = tickle();
    assert!(message(&ran).contains("another login"), "{}", ran.all());
    says(ran, "competing", 10);
    device.standin.make("expire-token", &json!({}));
    says(tickle(), "invalid", 1);
}

#[test]
fn a_tickle_says_that_no_brokerage_session_was_ever_opened() {
    let no_bridge = json!({"error": "Bad Request: no bridge", "statusCode": 400});
    for (answer, brokerage) in [
        (
            json!({"status": 400, "body": no_bridge}),
            json!({"authenticated": false, "connected": null, "established": null, "competing": null,
                "server_name": null, "server_version": null, "message": null, "fail": null}),
        ),
        (
            json!({"status": 200, "body": {"session": "0123", "ssoExpires": 460_311}}),
            Value::Null,
        ),
    ] {
        let device = Device::answering("/tickle", answer);
        let report = says(device.tool().args(["--tickle"]).run(), "valid", 0);
        assert_eq!(report["brokerage"], brokerage);
        assert!(warnings(&report).contains(&"brokerage_closed"), "{report}");
    }
}

#[test]
fn a_tickle_that_fails_is_known_by_its_code() {
    for (answer, exit) in [
        (
            json!({"status": 200, "body": {"session": "0123", "ssoExpires": 0}}),
            9,
        ),
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
    for (answer, seconds) in [
        (json!({"status": 503}), 60),
        (json!({"status": 429, "headers": {"Retry-After": "7"}}), 60),
        (json!({"status": 429}), 900),
    ] {
        let device = Device::answering("/tickle", answer.clone());
        let error = device.tool().args(["--tickle"]).run().error();
        assert_eq!(error["retry_after_seconds"], seconds, "{answer}");
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

/// The tickle's answer on a session that has just been opened counts.
#[test]
fn a_tickle_after_the_opening_may_find_the_session_gone() {
    let flags = |flags: Value| json!({"status": 200, "body": {"session": "0123", "iserver": {"authStatus": flags}}});
    let closed = json!({"authenticated": false, "competing": false, "connected": true});
    let taken = json!({"authenticated": false, "competing": true, "connected": false});
    for (answer, state, exit, authenticated) in [
        (flags(taken), "competing", 10, json!(false)),
        (json!({"status": 401}), "invalid", 1, Value::Null),
        (json!({"status": 403}), "refused", 4, json!(true)),
        // The session is not ready yet, so the tool asks for its status until it is.
        (flags(closed), "valid", 0, json!(true)),
    ] {
        let device = Device::answering("/tickle", answer.clone());
        let ran = open(&device).args(["--tickle"]).run();
        let report = says(ran, state, exit);
        let found = &report["brokerage"]["authenticated"];
        assert_eq!(*found, authenticated, "{answer}: {report}");
        let asked = device.asked();
        assert_eq!(asked[..3], [VALIDATE, INIT, "POST /tickle"]);
        assert_eq!(asked.len(), if exit == 0 { 4 } else { 3 }, "{asked:?}");
    }
}

#[test]
fn logs_out_and_does_nothing_else() {
    let device = Device::new();
    says(device.tool().run(), "valid", 0);
    let logout = || device.tool().args(["--logout"]).run();
    says(logout(), "logged_out", 0);
    assert_eq!(device.asked(), [VALIDATE, "POST /logout"]);
    // The session has ended already, and the stored answer does not hold any more.
    says(logout(), "invalid", 1);
    says(device.tool().run(), "timed_out", 8);
    assert_eq!(device.validations(), 1);
}

/// A log-out that may have worked drops the stored "valid".
#[test]
fn does_not_call_a_token_valid_after_a_log_out_that_may_have_worked() {
    for (answer, exit) in [
        (json!({"mode": "hang"}), 8),
        (
            json!({"mode": "half", "status": 200, "body": {"status": true}}),
            9,
        ),
        (json!({"status": 200, "body": {}}), 9),
        (json!({"status": 503}), 12),
    ] {
        let device = Device::answering("/logout", answer.clone());
        says(device.tool().run(), "valid", 0);
        let ran = device.tool().args(["--logout", "--timeout", "2s"]).run();
        ran.exits(exit);
        says(device.tool().run(), "timed_out", 8);
        assert_eq!(device.validations(), 1, "{answer}");
    }
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
