//! One `sso/validate` a minute for each token, over all runs.

use super::{Device, VALIDATE, issue, line, message, says, warnings};
use crate::support::{Tool, eventually};
use serde_json::{Value, json};

const PATH: &str = "/sso/validate";

impl Device {
    /// The tool, with its clock this far from the real one.
    pub(crate) fn at(&self, offset: &str) -> Tool {
        self.tool().clock(offset)
    }
}

/// Two runs within 60 seconds send one request.
#[test]
fn two_runs_within_a_minute_make_one_request() {
    let device = Device::new();
    let first = says(device.tool().run(), "valid", 0);
    let second = says(device.tool().run(), "valid", 0);
    assert_eq!(device.asked(), [VALIDATE]);
    assert_eq!(warnings(&first), [""; 0]);
    assert_eq!(warnings(&second), ["answered_from_state"]);
    for key in [
        "username",
        "expires_at",
        "expires_unit",
        "authenticated_at",
        "ip",
        "token_changed",
    ] {
        assert_eq!(first[key], second[key], "{key}");
    }
    let left = |report: &Value| report["expires_in_seconds"].as_f64().expect("a number");
    assert!(left(&second) < left(&first), "{first} {second}");
    says(device.at("+50s").run(), "valid", 0);
    assert_eq!(device.validations(), 1);
}

/// A stored answer is marked as one in every output, and its remaining time has gone down.
#[test]
fn tells_what_is_stored_from_what_is_fresh() {
    let body = json!({"RESULT": false, "EXPIRES": 415_890});
    let device = Device::answering(PATH, json!({"status": 200, "body": body}));
    let fresh = device.tool().args(["-v"]).run().exits(1);
    assert!(!fresh.stderr.contains("from the state"), "{}", fresh.all());
    let stored = device.at("+30s").args(["-v"]).run().exits(1);
    assert!(stored.stderr.contains("from the state"), "{}", stored.all());
    let ran = device.at("+30s").args(["--format", "upstream"]).run();
    let body: Value = serde_json::from_str(&ran.stdout).expect("a body");
    let left = body["EXPIRES"].as_u64().expect("a number");
    assert!((370_000..=386_890).contains(&left), "{}", ran.all());
}

/// The tool does not keep the lock while it waits.
#[test]
fn keeps_no_other_run_waiting_while_it_waits_for_the_minute() {
    let device = Device::answering(PATH, json!({"mode": "close", "times": 1}));
    device.tool().run().exits(9);
    let (mut child, _folder) = device.tool().args(["--timeout", "5m"]).spawn();
    for _ in 0..5 {
        let ran = device.tool().args(["--timeout", "2s"]).run();
        assert!(message(&ran).contains("one such call"), "{}", ran.all());
        says(ran, "timed_out", 8);
    }
    let is_there = child.try_wait().expect("it can be asked").is_none();
    child.kill().and_then(|()| child.wait()).expect("it ends");
    assert!(is_there, "it waits for the minute");
    assert_eq!(device.validations(), 1);
}

#[test]
fn says_what_to_do_when_another_run_does_not_end() {
    let device = Device::answering(PATH, json!({"mode": "hang"}));
    let (mut child, _folder) = device.tool().spawn();
    eventually("it asks", || (device.validations() == 1).then_some(()));
    let ran = device.tool().args(["--timeout", "1s"]).run();
    child.kill().and_then(|()| child.wait()).expect("it ends");
    assert!(message(&ran).contains("longer --timeout"), "{}", ran.all());
    says(ran, "timed_out", 8);
}

#[test]
fn asks_again_after_a_minute() {
    let device = Device::new();
    says(device.tool().run(), "valid", 0);
    device.standin.make("pass-time", &json!({"seconds": 61}));
    says(device.at("+61s").run(), "valid", 0);
    assert_eq!(device.validations(), 2);
}

#[test]
fn two_at_once_make_one_request() {
    let device = Device::answering(PATH, json!({"delay_ms": 600}));
    let runs: Vec<_> = (0..4).map(|_| device.tool().spawn()).collect();
    for (child, _folder) in runs {
        let output = child.wait_with_output().expect("it ends");
        let ran = crate::support::Ran::from_output("ibsso-validate".to_owned(), output);
        says(ran, "valid", 0);
    }
    assert_eq!(device.asked(), [VALIDATE]);
}

#[test]
fn another_token_has_a_minute_of_its_own() {
    let device = Device::new();
    says(device.tool().run(), "valid", 0);
    let other = line(&json!(issue(&device.standin)), super::IP);
    says(device.tool_without_token().stdin(other).run(), "valid", 0);
    assert_eq!(device.validations(), 2);
}

#[test]
fn a_no_is_an_answer_too() {
    let device = Device::answering(PATH, json!({"status": 401}));
    says(device.tool().run(), "invalid", 1);
    let report = says(device.tool().run(), "invalid", 1);
    assert_eq!(warnings(&report), ["answered_from_state", "unauthorized"]);
    assert_eq!(device.validations(), 1);
}

/// After a 429 the tool sends nothing for as long as it says, or for the penalty time.
#[test]
fn is_silent_for_as_long_as_ibkr_asks() {
    for (answer, within, after) in [
        (json!({"status": 429, "times": 1}), "+890s", "+901s"),
        (
            json!({"status": 429, "headers": {"Retry-After": "120"}, "times": 1}),
            "+110s",
            "+121s",
        ),
        (json!({"status": 503, "times": 1}), "+50s", "+61s"),
    ] {
        let device = Device::answering(PATH, answer);
        says(device.tool().run(), "unavailable", 12);
        let ran = device.at(within).run();
        let left = ran.error()["retry_after_seconds"]
            .as_u64()
            .expect("seconds");
        assert!((1..=10).contains(&left), "{}", ran.all());
        says(ran, "unavailable", 12);
        assert_eq!(device.validations(), 1);
        says(device.at(after).run(), "valid", 0);
    }
}

#[test]
fn waits_for_the_minute_only_if_there_is_time() {
    let device = Device::answering(PATH, json!({"mode": "close", "times": 1}));
    device.tool().run().exits(9);
    let ran = device.tool().run();
    let error = ran.error();
    let left = error["retry_after_seconds"].as_u64().expect("seconds");
    assert!(
        (50..=60).contains(&left) && error["retry"] == true,
        "{error}"
    );
    assert!(message(&ran).contains("a minute"), "{}", ran.all());
    says(ran, "timed_out", 8);
    assert_eq!(device.validations(), 1);
    // Half a second before the minute is over, the run has enough time.
    says(device.at("+59.2s").run(), "valid", 0);
    assert_eq!(device.validations(), 2);
}

#[test]
fn spends_no_minute_on_what_was_never_sent() {
    let device = Device::new();
    for _ in 0..2 {
        let tool = Tool::new("ibsso-validate").state(device.state.path());
        let tool = tool.args(["--api-url", "https://localhost:1/v1/api"]);
        let ran = tool.stdin(device.line()).run();
        assert_eq!(ran.error()["retry_after_seconds"], Value::Null);
        says(ran, "down", 7);
    }
    says(device.tool().run(), "valid", 0);
}

#[test]
fn spends_the_minute_on_what_may_have_been_sent() {
    for mode in ["hang", "drip", "half", "reset", "garbage"] {
        let answer = json!({"mode": mode, "status": 200, "body": "{\"RESULT\":true,", "drip_ms": 100, "times": 1});
        let device = Device::answering(PATH, answer);
        let ran = device.tool().args(["--timeout", "2s"]).run();
        assert!([8, 9].contains(&ran.status), "{mode}: {}", ran.all());
        says(device.tool().run(), "timed_out", 8);
        assert_eq!(device.validations(), 1, "{mode}");
    }
}

#[test]
fn is_killed_and_the_minute_is_spent_all_the_same() {
    let device = Device::answering(PATH, json!({"mode": "hang", "times": 1}));
    let (mut child, _folder) = device.tool().spawn();
    eventually("it asks", || (device.validations() == 1).then_some(()));
    child.kill().and_then(|()| child.wait()).expect("it ends");
    says(device.tool().run(), "timed_out", 8);
    assert_eq!(device.validations(), 1);
}

#[test]
fn is_not_held_by_a_clock_that_was_put_back() {
    let device = Device::new();
    device
        .standin
        .set(&json!({"sso": {"pace_validate": false}}));
    says(device.at("+1h").run(), "valid", 0);
    says(device.tool().run(), "valid", 0);
    assert_eq!(device.validations(), 2);
}

#[test]
fn does_not_call_a_token_valid_that_has_ended_since() {
    let body = json!({"RESULT": true, "EXPIRES": 20_000});
    let device = Device::answering(PATH, json!({"status": 200, "body": body}));
    says(device.tool().run(), "valid", 0);
    says(device.at("+21s").run(), "timed_out", 8);
}
