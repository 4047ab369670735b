//! The brokerage session: opened when asked, tickled when asked, ended when asked.

use super::{Device, VALIDATE, message, says, warnings};
use crate::support::Tool;
use serde_json::{Value, json};

const GUIDE: &str = "/iserver/ssodh/init";
const REFERENCE: &str = "/iserver/auth/ssodh/init";
const STATUS: &str = "POST /iserver/auth/status";
const INIT: &str = "POST /iserver/ssodh/init?compete=true&publish=true";

fn open(device: &Device) -> Tool {
    device.tool().args(["--brokerage"])
}

/// What the tool does when `ssodh/init` is answered like this.
fn answered(answer: Value) -> (Device, crate::support::Ran) {
    let device = Device::answering(GUIDE, answer);
    let ran = open(&device).run();
    (device, ran)
}

/// Demand: nothing but the flag opens it.
#[test]
fn opens_nothing_unasked() {
    let device = Device::new();
    assert_eq!(
        says(device.tool().run(), "valid", 0)["brokerage"],
        Value::Null
    );
    assert_eq!(device.asked(), [VALIDATE]);
    assert_eq!(device.standin.truth()["sso"]["brokerage_open"], false);
}

/// Demand: the query that the guide requires and the body that the reference requires.
#[test]
fn opens_the_brokerage_session_with_query_and_body() {
    let device = Device::new();
    let report = says(open(&device).run(), "valid", 0);
    let expected = json!({
        "authenticated": true, "connected": true, "established": true, "competing": false, "server_name": "JisfN8122",
        "server_version": "Build 10.20.0w, Apr 5, 2023 7:42:15 AM", "message": null, "fail": null,
    });
    assert_eq!(report["brokerage"], expected);
    assert_eq!(report["username"], super::USERNAME);
    assert_eq!(device.asked(), [VALIDATE, INIT]);
    let request = device.standin.requests().remove(1);
    assert_eq!(request["body"], r#"{"publish":true,"compete":true}"#);
    let headers = &request["headers"];
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["content-length"], "31");
    assert_eq!(headers["authorization"], format!("Bearer {}", device.token));
    assert_eq!(device.standin.truth()["sso"]["brokerage_open"], true);
}

#[test]
fn takes_the_path_of_the_reference_when_told_to() {
    let device = Device::new();
    device
        .standin
        .set(&json!({"sso": {"init_path": "reference"}}));
    let ran = open(&device).run().exits(6).is_silent_on_stdout();
    let words = message(&ran);
    assert!(
        words.contains("404") && words.contains(&format!("--init-path {REFERENCE}")),
        "{words}"
    );
    let ran = open(&device).args(["--init-path", REFERENCE]).run();
    says(ran, "valid", 0);
    // The guide's own path is named to whoever gave the other.
    device.standin.set(&json!({"sso": {"init_path": "guide"}}));
    let ran = open(&device)
        .args(["--init-path", REFERENCE])
        .run()
        .exits(6);
    assert!(
        message(&ran).contains(&format!("--init-path {GUIDE}")),
        "{}",
        ran.all()
    );
}

#[test]
fn takes_a_path_that_is_one() {
    for path in [
        "iserver/ssodh/init",
        "/x?y=1",
        "/x#y",
        "/x y",
        "",
        "/\u{e4}",
    ] {
        let tool = Tool::new("ibsso-validate").args(["--brokerage", "--init-path", path]);
        let ran = tool.run().exits(2).is_silent_on_stdout();
        assert!(message(&ran).contains("--init-path"), "{}", ran.all());
    }
}

#[test]
fn sends_the_cookies_back() {
    let device = Device::new();
    device.standin.set(&json!({"sso": {"needs_cookie": true}}));
    says(open(&device).run(), "valid", 0);
    let requests = device.standin.requests();
    assert!(
        requests[0]["headers"].get("cookie").is_none(),
        "{}",
        requests[0]
    );
    let cookies = requests[1]["headers"]["cookie"]
        .as_str()
        .unwrap_or_default();
    assert!(
        cookies.contains("api=") && cookies.contains("x-sess-uuid="),
        "{cookies}"
    );
}

#[test]
fn waits_until_the_session_is_established() {
    let device = Device::new();
    device
        .standin
        .set(&json!({"bringup": {"established_after_ms": 1500}}));
    let report = says(open(&device).run(), "valid", 0);
    assert_eq!(report["brokerage"]["established"], true);
    let asked = device.asked();
    assert_eq!(asked[..3], [VALIDATE, INIT, STATUS]);
    assert!(asked.len() <= 5, "each second: {asked:?}");
}

#[test]
fn waits_after_a_promise_and_after_a_first_no() {
    for answer in [
        json!({"wait": true}),
        json!({"authenticated": false, "connected": true, "competing": false}),
    ] {
        let device = Device::answering(GUIDE, json!({"status": 200, "body": answer}));
        let open_flags = json!({"authenticated": true, "connected": true, "established": true, "competing": false});
        device.script(
            "/iserver/auth/status",
            json!({"status": 200, "body": open_flags}),
        );
        says(open(&device).run(), "valid", 0);
        assert_eq!(device.asked(), [VALIDATE, INIT, STATUS], "{answer}");
    }
}

#[test]
fn takes_the_guides_answer_which_has_no_established() {
    let device = Device::new();
    device
        .standin
        .set(&json!({"bringup": {"established": "absent"}}));
    let report = says(open(&device).run(), "valid", 0);
    assert_eq!(report["brokerage"]["established"], Value::Null);
    assert_eq!(device.asked(), [VALIDATE, INIT]);
}

#[test]
fn gives_up_in_time_on_a_session_that_is_never_established() {
    let device = Device::new();
    device
        .standin
        .set(&json!({"bringup": {"established": "false"}}));
    let ran = open(&device).args(["--timeout", "2500ms"]).run();
    assert!(message(&ran).contains("not established"), "{}", ran.all());
    let report = says(ran, "timed_out", 8);
    assert_eq!(report["brokerage"]["established"], false);
    assert_eq!(
        report["username"],
        super::USERNAME,
        "the token was valid: {report}"
    );
}

/// Demand: each way to fail has a message of its own and its code, and is asked once.
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
        // What was known of it does not hold any more.
        let ran = device.tool().run();
        says(ran, "timed_out", 8);
        assert_eq!(device.validations(), 1);
    }
}

/// Demand: one retry at most, and only for a moment's trouble.
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
    let (device, ran) = answered(json!({"mode": "hang"}));
    drop((device, ran.exits(8)));
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

#[test]
fn opens_it_within_the_minute_by_what_is_known() {
    let device = Device::new();
    says(device.tool().run(), "valid", 0);
    let report = says(open(&device).run(), "valid", 0);
    assert_eq!(warnings(&report), ["answered_from_state"]);
    assert_eq!(device.asked(), [VALIDATE, INIT]);
}

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
