//! What IBKR answers, and what it means.

use super::{Device, IP, USERNAME, VALIDATE, line, message, says, warnings};
use serde_json::{Value, json};

const PATH: &str = "/sso/validate";

/// The tool's report when IBKR's answer has this in it.
fn answered(body: Value) -> Value {
    let device = Device::answering(PATH, json!({"status": 200, "body": body}));
    says(device.tool().run(), "valid", 0)
}

#[test]
fn reports_a_valid_token() {
    let device = Device::new();
    let report = says(device.tool().run(), "valid", 0);
    for (key, value) in [
        ("username", json!(USERNAME)),
        ("paper_username", json!(USERNAME)),
        ("user_id", json!(12_345_678)),
        ("is_master", json!(false)),
        ("login_type", json!("paper")),
        ("expires_unit", json!("epoch_milliseconds")),
        ("ip", json!(IP)),
        ("environment", json!("PROD")),
        ("token_changed", json!(false)),
        ("brokerage", Value::Null),
        ("warnings", json!([])),
    ] {
        assert_eq!(report[key], value, "{key}: {report}");
    }
    let left = report["expires_in_seconds"].as_f64().expect("a number");
    // The life of the guide's example: 31.7 minutes, and never 60.
    assert!((1_800.0..1_902.0).contains(&left), "{report}");
    for key in ["authenticated_at", "expires_at"] {
        let time = report[key].as_str().unwrap_or_default();
        assert!(time.len() == 20 && time.ends_with('Z'), "{key}: {report}");
    }
    assert_eq!(device.asked(), [VALIDATE]);
}

#[test]
fn extends_the_token() {
    let device = Device::new();
    says(device.tool().run(), "valid", 0);
    device.standin.make("pass-time", &json!({"seconds": 1800}));
    let ran = device.tool().clock("+1800s").run();
    let left = says(ran, "valid", 0)["expires_in_seconds"].as_f64();
    let left = left.expect("a number");
    assert!((3_500.0..3_601.0).contains(&left), "{left}");
}

/// The tool reads both clocks of `EXPIRES`, and reports which one IBKR sent.
#[test]
fn reads_both_clocks_of_expires() {
    // The guide's example, read when it was 31 minutes old.
    let body = json!({"RESULT": true, "EXPIRES": 1_666_711_150_728_u64});
    let device = Device::answering(PATH, json!({"status": 200, "body": body}));
    let tool = device.tool().env("TZ", "UTC").clock("@2022-10-25 15:00:00");
    let report = says(tool.run(), "valid", 0);
    assert_eq!(report["expires_at"], "2022-10-25T15:19:10Z");
    assert_eq!(report["expires_unit"], "epoch_milliseconds");
    let left = report["expires_in_seconds"].as_f64().expect("a number");
    assert!((1_100.0..1_151.0).contains(&left), "{report}");

    let report = answered(json!({"RESULT": true, "EXPIRES": 415_890}));
    assert_eq!(report["expires_unit"], "milliseconds_left");
    let left = report["expires_in_seconds"].as_f64().expect("a number");
    assert!((380.0..415.9).contains(&left), "{report}");
    assert!(report["expires_at"].is_string(), "{report}");
}

/// 0, negative, text, missing and 2^63 are no time, and the tool makes up no other.
#[test]
fn puts_no_time_in_the_place_of_an_invalid_expires() {
    for expires in [
        "0",
        "-1",
        "\"415890\"",
        "415890.5",
        "9223372036854775808",
        "99999999999999",
        "1666711150",
        "[]",
    ] {
        let body = format!(r#"{{"RESULT":true,"EXPIRES":{expires}}}"#);
        let report = answered(json!(body));
        for key in ["expires_at", "expires_in_seconds", "expires_unit"] {
            assert_eq!(report[key], Value::Null, "{expires}: {report}");
        }
        assert_eq!(warnings(&report), ["expires_malformed"], "{expires}");
    }
    let report = answered(json!({"RESULT": true}));
    assert_eq!(report["expires_at"], Value::Null, "{report}");
    assert_eq!(warnings(&report), ["expires_missing"]);
}

#[test]
fn says_that_a_valid_token_should_have_ended() {
    let report = answered(json!({"RESULT": true, "EXPIRES": 1_666_711_150_728_u64}));
    assert_eq!(report["expires_at"], "2022-10-25T15:19:10Z");
    assert_eq!(report["expires_in_seconds"], 0.0, "{report}");
    assert_eq!(warnings(&report), ["expires_in_the_past"]);
}

/// Keys that other sessions spell differently, leave out or add do no harm.
#[test]
fn takes_other_spellings_and_missing_and_unknown_keys() {
    let report = answered(json!({
        "RESULT": true, "EXPIRES": 415_890, "loginType": 1, "AUTH_TIME": 1_666_709_248_942_u64, "region": "NJ",
        "HARDWARE_INFO": {"x": [1]}, "QUALIFIED_FOR_MOBILE_AUTH": null, "took": -1,
    }));
    assert_eq!(report["login_type"], "live");
    assert_eq!(report["authenticated_at"], "2022-10-25T14:47:28Z");
    for key in [
        "paper_username",
        "user_id",
        "is_master",
        "ip",
        "token_changed",
    ] {
        assert_eq!(report[key], Value::Null, "{key}: {report}");
    }
    assert!(report.get("region").is_none(), "{report}");
}

/// The tool warns of a `TOKEN` that is not the one sent, and does not show it.
#[test]
fn tells_of_another_token_and_does_not_show_it() {
    let body = json!({"RESULT": true, "EXPIRES": 415_890, "TOKEN": "planted-other-token"});
    let device = Device::answering(PATH, json!({"status": 200, "body": body}));
    let ran = device.tool().run().never_shows("planted-other-token");
    let report = says(ran, "valid", 0);
    assert_eq!(report["token_changed"], true, "{report}");
    assert_eq!(warnings(&report), ["token_changed"]);
}

#[test]
fn warns_when_ibkr_sees_another_address() {
    let device = Device::new();
    let other = line(&json!(device.token), "203.0.113.9");
    let ran = device.tool_without_token().stdin(other).run();
    let report = says(ran, "valid", 0);
    assert_eq!(warnings(&report), ["ip_differs"]);
    assert_eq!(report["ip"], IP);
}

#[test]
fn warns_of_a_clock_that_is_wrong() {
    let device = Device::new();
    let ran = device.tool().clock("+1h").run();
    let report = says(ran, "valid", 0);
    assert_eq!(warnings(&report), ["clock_skew", "expires_in_the_past"]);
    let device = Device::new();
    let ran = device.tool().args(["-v"]).clock("-1h").run().exits(0);
    assert!(ran.stderr.contains("s behind IBKR's"), "{}", ran.all());
}

#[test]
fn says_no_and_why_when_the_token_is_not_valid() {
    for (answer, event) in [
        (
            json!({"status": 200, "body": {"RESULT": false}}),
            "result_false",
        ),
        (
            json!({"status": 401, "body": "Access Denied"}),
            "unauthorized",
        ),
        (
            json!({"status": 401, "body": "<html>Access Denied</html>"}),
            "unauthorized",
        ),
        (
            json!({"status": 401, "body": {"error": "not authenticated", "statusCode": 401}}),
            "unauthorized",
        ),
        (json!({"status": 401}), "unauthorized"),
    ] {
        let device = Device::answering(PATH, answer.clone());
        let report = says(device.tool().run(), "invalid", 1);
        assert_eq!(warnings(&report), [event], "{answer}");
        assert_eq!(report["expires_at"], Value::Null, "{answer}");
        assert_eq!(device.asked(), [VALIDATE], "asked once: {answer}");
    }
}

#[test]
fn names_every_cause_of_a_401() {
    let device = Device::new();
    device.standin.make("expire-token", &json!({}));
    let ran = device.tool().args(["-v"]).run().exits(1);
    for cause in ["expired", "unknown", "another address", "penalty box"] {
        assert!(ran.stderr.contains(cause), "{cause}: {}", ran.all());
    }
    assert_eq!(ran.report()["state"], "invalid");
}

#[test]
fn says_no_from_the_wrong_address() {
    let device = Device::new();
    device
        .standin
        .set(&json!({"sso": {"device_ip": "203.0.113.9"}}));
    says(device.tool().run(), "invalid", 1);
}

#[test]
fn says_refused_when_the_edge_refuses_the_address() {
    let page = "<html><head><title>Access Denied</title></head></html>";
    let device = Device::answering(PATH, json!({"status": 403, "body": page}));
    let ran = device.tool().run();
    assert!(message(&ran).contains("address"), "{}", ran.all());
    assert_eq!(ran.error()["retry"], false);
    says(ran, "refused", 4);
    assert_eq!(device.asked(), [VALIDATE]);
}

/// The tool takes none of these answers for a valid token.
#[test]
fn takes_nothing_for_valid_that_does_not_say_so() {
    for answer in [
        json!({"status": 200, "body": {"RESULT": "true"}}),
        json!({"status": 200, "body": {"RESULT": 1}}),
        json!({"status": 200, "body": {}}),
        json!({"status": 200, "body": "<html>welcome</html>"}),
        json!({"status": 200, "body": "{\"RESULT\":true"}),
        json!({"status": 204}),
        json!({"status": 302, "headers": {"Location": "/sso/Login"}, "body": {"RESULT": true}}),
        json!({"status": 400, "body": {"RESULT": true}}),
        json!({"status": 404, "body": "not found"}),
    ] {
        let device = Device::answering(PATH, answer.clone());
        let ran = device.tool().run().exits(9).is_silent_on_stdout();
        assert_eq!(ran.error()["error"], "unexpected", "{}", ran.all());
        assert_eq!(device.asked(), [VALIDATE], "{answer}");
    }
}

/// A 429 says how long to wait, by its header or by IBKR's penalty box.
#[test]
fn says_how_long_to_wait() {
    for (answer, seconds) in [
        (json!({"status": 429}), 900),
        (
            json!({"status": 429, "headers": {"Retry-After": "120"}}),
            120,
        ),
        // The tool makes no call within the minute, even if IBKR allows one sooner.
        (json!({"status": 429, "headers": {"Retry-After": "7"}}), 60),
        (
            json!({"status": 503, "body": "<html>maintenance</html>"}),
            60,
        ),
        (
            json!({"status": 500, "headers": {"Retry-After": "300"}}),
            300,
        ),
        (json!({"status": 502}), 60),
    ] {
        let device = Device::answering(PATH, answer.clone());
        let ran = device.tool().run();
        let error = ran.error();
        assert_eq!(error["retry_after_seconds"], seconds, "{answer}");
        assert_eq!(error["retry"], true, "{answer}");
        says(ran, "unavailable", 12);
        assert_eq!(device.asked(), [VALIDATE], "asked once: {answer}");
    }
}
