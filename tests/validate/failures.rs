//! The brokerage session: IBKR's answers when it does not open one.

use super::brokerage::{GUIDE, INIT, open};
use super::{Device, VALIDATE, message, says, warnings};
use crate::support::Ran;
use serde_json::{Value, json};

/// A run of the tool when IBKR answers `ssodh/init` like this.
fn answered(answer: Value) -> (Device, Ran) {
    let device = Device::answering(GUIDE, answer);
    let ran = open(&device).run();
    (device, ran)
}

#[test]
fn gives_up_in_time_on_a_session_that_is_never_established() {
    let device = Device::new();
    device
        .standin
        .set(&json!({"bringup": {"established": "false"}}));
    let ran = open(&device).args(["--timeout", "4s"]).run();
    assert!(message(&ran).contains("not established"), "{}", ran.all());
    let report = says(ran, "timed_out", 8);
    assert_eq!(report["brokerage"]["established"], false);
    assert_eq!(
        report["username"],
        super::USERNAME,
        "the token was valid: {report}"
    );
}

/// Each failure has its own message and exit code, and the tool asks once.
#[test]
fn tells_the_failures_of_the_opening_apart() {
    let flags = |more: Value| {
        let mut flags = json!({"authenticated": true, "connected": true, "competing": false});
        let more = more.as_object().cloned().unwrap_or_default();
        flags.as_object_mut().expect("an object").extend(more);
        json!({"status": 200, "body": flags})
    };
    let force = "Force compete capability must be used together with compete flag";
    for (answer, state, exit, words) in [
        (
            flags(json!({"competing": true})),
            "competing",
            10,
            "another login",
        ),
        (
            flags(json!({"authenticated": false, "fail": force})),
            "refused",
            4,
            "compete was sent",
        ),
        (
            flags(json!({"authenticated": false, "fail": "Not permitted"})),
            "refused",
            4,
            "Not permitted",
        ),
        (
            json!({"status": 403, "body": "<html>"}),
            "refused",
            4,
            "edge",
        ),
        (
            json!({"status": 500, "body": {"error": "failed to generate sso dh token"}}),
            "unavailable",
            12,
            "paper username",
        ),
        (
            json!({"status": 500, "body": "oops"}),
            "unavailable",
            12,
            "500",
        ),
        (
            json!({"status": 503, "body": "<html>"}),
            "unavailable",
            12,
            "503",
        ),
        (json!({"status": 429}), "unavailable", 12, "too many"),
    ] {
        let (device, ran) = answered(answer.clone());
        assert!(message(&ran).contains(words), "{words}: {}", ran.all());
        let report = says(ran, state, exit);
        assert_eq!(report["username"], super::USERNAME, "{answer}");
        assert_eq!(device.asked(), [VALIDATE, INIT], "{answer}");
    }
    for (answer, words) in [
        (
            json!({"status": 400, "body": {"error": "Bad Request: no bridge", "statusCode": 400}}),
            "no bridge",
        ),
        (
            json!({"status": 200, "body": {"error": "whatever"}}),
            "whatever",
        ),
        (json!({"status": 200, "body": {}}), "says nothing"),
        (
            json!({"status": 302, "headers": {"Location": "/"}}),
            "redirect",
        ),
    ] {
        let (device, ran) = answered(answer.clone());
        assert!(message(&ran).contains(words), "{words}: {}", ran.all());
        ran.exits(9).is_silent_on_stdout();
        assert_eq!(device.asked(), [VALIDATE, INIT], "{answer}");
    }
}

#[test]
fn shows_why_ibkr_did_not_open_it() {
    let flags = json!({"authenticated": false, "connected": false, "fail": "Not permitted", "message": "sorry"});
    let (_device, ran) = answered(json!({"status": 200, "body": flags}));
    let report = says(ran, "refused", 4);
    assert_eq!(report["brokerage"]["fail"], "Not permitted");
    assert_eq!(report["brokerage"]["message"], "sorry");
}

#[test]
fn says_no_when_the_session_behind_the_token_is_gone() {
    for (status, event) in [(410, "session_gone"), (401, "unauthorized")] {
        let (device, ran) = answered(json!({"status": status, "times": 1}));
        let report = says(ran, "invalid", 1);
        assert_eq!(warnings(&report), [event]);
        // The earlier facts about the token do not hold any more.
        let ran = device.tool().run();
        says(ran, "timed_out", 8);
        assert_eq!(device.validations(), 1);
    }
}

/// The report holds no fact from before.
#[test]
fn reports_no_end_and_no_flags_of_a_token_that_has_died_meanwhile() {
    let flags = json!({"authenticated": false, "connected": true, "competing": false});
    let device = Device::answering(GUIDE, json!({"status": 200, "body": flags}));
    device.script("/iserver/auth/status", json!({"status": 401}));
    let report = says(open(&device).run(), "invalid", 1);
    for key in [
        "expires_at",
        "expires_in_seconds",
        "expires_unit",
        "brokerage",
    ] {
        assert_eq!(report[key], Value::Null, "{key}: {report}");
    }
    assert_eq!(warnings(&report), ["unauthorized"]);
}

/// Another opening would compete once more.
#[test]
fn waits_on_while_the_status_cannot_be_had() {
    for (status, times) in [(503, 2), (500, 1)] {
        let device = Device::new();
        let bringup = json!({"bringup": {"established_after_ms": 500}});
        device.standin.set(&bringup);
        let answer = json!({"status": status, "body": "<html>", "times": times});
        device.script("/iserver/auth/status", answer);
        let report = says(open(&device).run(), "valid", 0);
        assert_eq!(report["brokerage"]["established"], true);
        let inits = device.asked().into_iter().filter(|asked| asked == INIT);
        assert_eq!(inits.count(), 1, "{:?}", device.asked());
    }
    let device = Device::answering("/iserver/auth/status", json!({"status": 503}));
    device
        .standin
        .set(&json!({"bringup": {"established": "false"}}));
    let ran = open(&device).args(["--timeout", "4s"]).run();
    assert_eq!(ran.error()["retry_after_seconds"], 60, "{}", ran.all());
    let report = says(ran, "unavailable", 12);
    assert_eq!(
        report["brokerage"]["established"], false,
        "as it was last seen"
    );
}

/// One retry at most, and only after a passing failure.
#[test]
fn asks_once_more_after_a_moments_trouble() {
    for status in [500, 503] {
        let text = "can't connect to backend service";
        let (device, ran) = answered(json!({"status": status, "body": text, "times": 1}));
        says(ran, "valid", 0);
        assert_eq!(device.asked(), [VALIDATE, INIT, INIT]);
        let (device, ran) = answered(json!({"status": status, "body": {"error": text}}));
        says(ran, "unavailable", 12);
        assert_eq!(device.asked(), [VALIDATE, INIT, INIT]);
    }
}

#[test]
fn does_not_ask_again_what_may_have_been_heard() {
    for (mode, exit) in [("hang", 8), ("close", 9), ("half", 9)] {
        let answer = json!({"mode": mode, "status": 200, "body": {"authenticated": true}});
        let device = Device::answering(GUIDE, answer);
        let ran = open(&device).args(["--timeout", "3s"]).run().exits(exit);
        assert_eq!(device.asked(), [VALIDATE, INIT], "{mode}: {}", ran.all());
    }
}

#[test]
fn opens_nothing_with_a_token_that_is_not_valid() {
    let device = Device::answering(
        "/sso/validate",
        json!({"status": 200, "body": {"RESULT": false}}),
    );
    says(open(&device).args(["--tickle"]).run(), "invalid", 1);
    assert_eq!(device.asked(), [VALIDATE]);
}
