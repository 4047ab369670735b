//! Where the token must not be: arguments, environments, streams, files.

use super::Device;
use crate::support::{Ran, environments_with, eventually, processes_with};
use serde_json::{Value, json};
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
fn the_token_is_seen_by_ibkr_alone() {
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
    // The other secrets in IBKR's answers must not be there either.
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
    let nothing = Value::Null;
    for (status, body, state, exit, upstream) in [
        (
            200,
            json!({"RESULT": true, "EXPIRES": 1000, "USER_NAME": echo, "IP": echo, "features": {"env": echo}}),
            "valid",
            0,
            json!({"RESULT": true, "EXPIRES": 1000, "features": {}}),
        ),
        (
            200,
            json!({"RESULT": false, "message": echo}),
            "invalid",
            1,
            json!({"RESULT": false}),
        ),
        (401, json!({"error": echo}), "invalid", 1, nothing.clone()),
        (
            429,
            json!({"error": echo}),
            "unavailable",
            12,
            nothing.clone(),
        ),
        (500, json!(echo), "unavailable", 12, nothing.clone()),
        (
            418,
            json!({"error": echo, "deep": [[echo]]}),
            "",
            9,
            nothing,
        ),
    ] {
        for flags in [&["-v"][..], &["-v", "--format", "upstream"]] {
            let _ = fs::remove_dir_all(device.state.path().join("sso"));
            let answer = json!({"status": status, "body": body, "times": 1});
            device.script("/sso/validate", answer);
            let ran = device.tool().args(flags).run().exits(exit);
            let ran = ran.never_shows(&device.token).never_shows("you sent");
            assert_eq!(files_with(device.state.path(), &device.token), [""; 0]);
            if state.is_empty() {
                ran.is_silent_on_stdout();
                continue;
            }
            let printed: Value = serde_json::from_str(&ran.stdout).expect("JSON");
            if flags.len() > 1 && upstream.is_object() {
                assert_eq!(printed, upstream, "{}", ran.all());
                continue;
            }
            assert_eq!(printed["state"], state, "{}", ran.all());
            for key in ["username", "ip", "environment"] {
                assert_eq!(printed[key], Value::Null, "{key}: {}", ran.all());
            }
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

/// The kernel shows the memory of such a process only to root; `unshare -r` makes the tests' user root.
#[test]
fn has_no_token_left_in_its_memory_at_the_end() {
    let device = Device::new();
    for (flags, text) in [
        (&[][..], "RESULT"),
        (&["--brokerage", "--tickle"], "RESULT"),
    ] {
        let _ = fs::remove_dir_all(device.state.path().join("sso"));
        device.standin.make("pass-time", &json!({"seconds": 61}));
        let tool = device.tool().args(flags);
        let put = |name: &str, text: &str| {
            fs::write(tool.folder.path().join(name), text).expect("it can be written");
        };
        put("secrets.json", &json!({"token": device.token}).to_string());
        put("scan.py", include_str!("../support/scan.py"));
        let control = device.standin.about["control"]
            .as_str()
            .expect("it has one");
        let stored = device.state.path().join("sso/*.json");
        let script = format!(
            r#"exec unshare -r python3 scan.py secrets.json '{control}' '{}' {text} "$0" "$@""#,
            stored.display()
        );
        let ran = tool.in_shell(&script).run().exits(0);
        assert_eq!(ran.stdout, "looked at much for token\n", "{}", ran.all());
    }
}

/// The process leaves no core, and other processes of its user cannot look into it.
#[test]
fn leaves_no_core_dump_and_lets_no_process_look_into_it() {
    // Root may look into every process, unless it has lost its capabilities.
    let like_anybody = |command: &str| {
        format!(
            r#"if [ "$(id -u)" = 0 ]; then set -- setpriv --bounding-set=-all --inh-caps=-all {command}
               else set -- {command}; fi; exec "$@""#
        )
    };
    let device = Device::answering("/sso/validate", json!({"mode": "hang"}));
    let tool = device.tool().in_shell(&like_anybody(r#""$0" "$@""#));
    let (mut child, _folder) = tool.spawn();
    eventually("it asks", || (device.validations() == 1).then_some(()));
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("it runs");
    let look = like_anybody(r#"sh -c 'cat "/proc/$$/environ"; cat "/proc/$0/environ" >&2' "$0""#);
    let looked = std::process::Command::new("sh")
        .args(["-c", &look, &child.id().to_string()])
        .output()
        .expect("sh runs");
    child.kill().and_then(|()| child.wait()).expect("it ends");
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let soft = line.and_then(|line| line.split_whitespace().nth(4));
    assert_eq!(soft, Some("0"), "{limits}");
    let error = String::from_utf8_lossy(&looked.stderr);
    assert!(error.contains("Permission denied"), "{error}");
    // A process that does not forbid it can be looked into.
    assert!(!looked.stdout.is_empty(), "{error}");
}
