//! A 429 shuts out the address: nothing is sent to that host, whatever the token and whatever is asked.

use super::brokerage::GUIDE;
use super::{Device, VALIDATE, issue, line, message, says, warnings};
use crate::support::{Ran, Tool};
use serde_json::{Value, json};
use std::fs;
use tempfile::TempDir;

const ACTIONS: [&[&str]; 5] = [
    &[],
    &["--format", "upstream"],
    &["--brokerage"],
    &["--tickle"],
    &["--logout"],
];

fn wait(ran: &Ran) -> u64 {
    let wait = ran.error()["retry_after_seconds"].as_u64();
    wait.unwrap_or_else(|| panic!("no wait: {}", ran.all()))
}

/// Every action, with this token and with another, sends nothing.
#[track_caller]
fn is_silent(device: &Device, other: &str) {
    let asked = device.asked();
    for token in [device.line(), other.to_owned()] {
        for action in ACTIONS {
            let tool = device.tool_without_token().stdin(token.clone());
            let ran = tool.args(action).run();
            assert!((800..=900).contains(&wait(&ran)), "{}", ran.all());
            assert!(message(&ran).contains("429"), "{}", ran.all());
            let report = says(ran, "unavailable", 12);
            assert_eq!(warnings(&report), ["answered_from_state"], "{action:?}");
        }
    }
    assert_eq!(device.asked(), asked);
}

#[test]
fn a_429_of_any_endpoint_silences_every_token_and_every_action() {
    for (endpoint, flags) in [
        ("/sso/validate", &[][..]),
        (GUIDE, &["--brokerage"][..]),
        ("/tickle", &["--tickle"]),
        ("/logout", &["--logout"]),
    ] {
        let device = Device::answering(endpoint, json!({"status": 429, "times": 1}));
        let other = line(&json!(issue(&device.standin)), super::IP);
        says(device.tool().args(flags).run(), "unavailable", 12);
        is_silent(&device, &other);
        device.standin.make("pass-time", &json!({"seconds": 901}));
        says(device.at("+901s").run(), "valid", 0);
    }
}

#[test]
fn a_429_to_the_tickle_after_the_opening_counts_too() {
    let device = Device::answering("/tickle", json!({"status": 429, "times": 1}));
    let ran = device.tool().args(["--brokerage", "--tickle"]).run();
    assert_eq!(warnings(&says(ran, "valid", 0)), ["tickle_failed"]);
    is_silent(&device, &device.line());
}

/// Nothing scripted: the host's own penalty box, which anything sent would meet.
#[test]
fn keeps_out_of_the_hosts_own_penalty_box() {
    let device = Device::new();
    says(device.tool().run(), "valid", 0);
    // Another user at this address asks within the minute.
    let elsewhere = TempDir::new().expect("a folder");
    let ran = device.tool().state(elsewhere.path()).run();
    assert_eq!(wait(&ran), 900, "{}", ran.all());
    says(ran, "unavailable", 12);
    let ran = device.tool().args(["--tickle"]).run();
    assert_eq!(wait(&ran), 900, "{}", ran.all());
    says(ran, "unavailable", 12);
    is_silent(&device, &device.line());
}

#[test]
fn another_host_is_asked_all_the_same() {
    let device = Device::answering("/sso/validate", json!({"status": 429}));
    says(device.tool().run(), "unavailable", 12);
    let other = Device::new();
    let ran = other.tool().state(device.state.path()).run();
    says(ran, "valid", 0);
}

/// What one host says of a token is not another's answer.
#[test]
fn asks_each_host_for_itself() {
    let valid = json!({"status": 200, "body": {"RESULT": true, "EXPIRES": 415_890}});
    let device = Device::answering("/sso/validate", valid);
    says(device.tool().run(), "valid", 0);
    let other = Device::new();
    let tool = other.tool_without_token().state(device.state.path());
    says(tool.stdin(device.line()).run(), "invalid", 1);
    assert_eq!(other.asked(), [VALIDATE]);
}

#[test]
fn takes_a_damaged_file_for_a_429() {
    let device = Device::answering("/tickle", json!({"status": 429}));
    says(device.tool().args(["--tickle"]).run(), "unavailable", 12);
    let entries = fs::read_dir(device.state.path().join("sso")).expect("a folder");
    let file = entries
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.to_string_lossy().contains("penalty-"))
        .expect("it is stored");
    fs::write(&file, "{").expect("it can be written");
    let report = says(device.tool().run(), "unavailable", 12);
    let expected = ["state_file_damaged", "answered_from_state"];
    assert_eq!(warnings(&report), expected);
    is_silent(&device, &device.line());
}

#[test]
fn a_503_is_no_penalty() {
    let device = Device::answering("/sso/validate", json!({"status": 503, "times": 1}));
    says(device.tool().run(), "unavailable", 12);
    device.script(
        "/tickle",
        json!({"status": 200, "body": {"session": "0123"}}),
    );
    says(device.tool().args(["--tickle"]).run(), "valid", 0);
}

/// A no to a tickle takes back that the token is valid, and neither a no nor a wait.
#[test]
fn a_no_to_a_tickle_ends_no_wait_and_no_no() {
    let no = json!({"status": 401});
    let device = Device::answering("/sso/validate", no.clone());
    says(device.tool().run(), "invalid", 1);
    says(device.tool().args(["--tickle"]).run(), "invalid", 1);
    says(device.tool().run(), "invalid", 1);
    assert_eq!(device.validations(), 1);

    let busy = json!({"status": 503, "headers": {"Retry-After": "900"}});
    let device = Device::answering("/sso/validate", busy);
    says(device.tool().run(), "unavailable", 12);
    says(device.tool().args(["--tickle"]).run(), "invalid", 1);
    let ran = device.at("+61s").run();
    assert!((800..=839).contains(&wait(&ran)), "{}", ran.all());
    assert_eq!(device.validations(), 1);
}

#[test]
fn needs_a_place_to_keep_it() {
    let device = Device::new();
    for action in ACTIONS {
        let tool: Tool = device.tool().args(["--state-dir", "/dev/null"]);
        let ran = tool.args(action).run().exits(6).is_silent_on_stdout();
        assert_eq!(ran.error()["retry_after_seconds"], Value::Null);
    }
    assert_eq!(device.asked(), [""; 0]);
}
