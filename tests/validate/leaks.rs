//! Where the token must not be: arguments, environments, streams, files.

use super::Device;
use crate::support::{Ran, environments_with, eventually, processes_with};
use serde_json::json;
use std::fs;
use std::path::Path;

/// The files below a folder that hold a text.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if String::from_utf8_lossy(&fs::read(&path).expect("a file")).contains(text) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

/// The token is in no argument, no environment, no stream and no file, while it runs and after.
#[test]
fn the_token_is_seen_by_nobody_but_ibkr() {
    let device = Device::answering("/sso/validate", json!({"delay_ms": 500}));
    let tool = device.tool().args(["-v", "--brokerage", "--tickle"]);
    let (mut child, folder) = tool.spawn();
    eventually("it asks", || (device.validations() == 1).then_some(()));
    while child.try_wait().expect("it can be asked").is_none() {
        assert_eq!(processes_with(&device.token), [""; 0]);
        assert_eq!(environments_with(&device.token), [""; 0]);
    }
    let output = child.wait_with_output().expect("it ends");
    let ran = Ran::from_output("ibsso-validate -v".to_owned(), output).exits(0);
    let ran = ran.never_shows(&device.token);
    assert!(ran.stderr.contains("sso/validate"), "{}", ran.all());
    assert_eq!(files_with(device.state.path(), &device.token), [""; 0]);
    assert_eq!(files_with(folder.path(), &device.token), [""; 0]);
    // Nor what else is secret in IBKR's answers.
    let cookie = device.standin.requests()[1]["headers"]["cookie"].to_string();
    let value = cookie.split("api=").nth(1).and_then(|rest| rest.get(..32));
    let value = value.expect("a cookie");
    assert_eq!(files_with(device.state.path(), value), [""; 0]);
    ran.never_shows(value);
}

#[test]
fn an_answer_that_repeats_the_token_is_not_repeated() {
    let device = Device::new();
    let echo = format!("you sent Bearer {}", device.token);
    for (status, body) in [
        (
            200,
            json!({"RESULT": true, "EXPIRES": 1000, "USER_NAME": echo, "IP": echo, "features": {"env": echo}}),
        ),
        (200, json!({"RESULT": false, "message": echo})),
        (401, json!({"error": echo})),
        (429, json!({"error": echo})),
        (500, json!(echo)),
        (418, json!({"error": echo, "deep": [[echo]]})),
    ] {
        for flags in [&["-v"][..], &["-v", "--format", "upstream"]] {
            let _ = fs::remove_dir_all(device.state.path().join("sso"));
            let answer = json!({"status": status, "body": body, "times": 1});
            device.script("/sso/validate", answer);
            let ran = device.tool().args(flags).run();
            assert!(ran.status != 101, "{}", ran.all());
            ran.never_shows(&device.token);
            assert_eq!(files_with(device.state.path(), &device.token), [""; 0]);
        }
    }
}

#[test]
fn a_tickle_that_repeats_the_token_is_not_repeated() {
    let device = Device::new();
    let echo = device.token.clone();
    let flags = json!({"authenticated": true, "connected": true, "competing": false, "message": echo, "fail": echo,
        "serverInfo": {"serverName": echo, "serverVersion": echo}});
    let body = json!({"session": echo, "iserver": {"authStatus": flags}});
    device.script("/tickle", json!({"status": 200, "body": body}));
    let ran = device.tool().args(["--tickle", "-v"]).run().exits(0);
    ran.never_shows(&device.token);
}

/// The process leaves no core.
#[test]
fn leaves_no_core_dump() {
    let device = Device::answering("/sso/validate", json!({"mode": "hang"}));
    let (mut child, _folder) = device.tool().spawn();
    eventually("it asks", || (device.validations() == 1).then_some(()));
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("it runs");
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let soft = line.and_then(|line| line.split_whitespace().nth(4));
    assert_eq!(soft, Some("0"), "{limits}");
    child.kill().and_then(|()| child.wait()).expect("it ends");
}
