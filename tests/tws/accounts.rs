//! What the guard counts: what was typed, and nothing else.

use super::runs::{gone, hold, record, standing, start, stop};
use super::up::{course, until};
use crate::start::place::pid;
use crate::support::{IbcLayout, Ran, at_once, eventually, signal};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::Duration;

#[track_caller]
fn nothing_is_counted(layout: &IbcLayout) {
    let standing = standing(layout);
    assert_eq!(
        (&standing["submissions"], &standing["unanswered_pushes"]),
        (&json!([]), &json!(0)),
        "{standing}"
    );
    assert!(layout.submissions().is_empty());
}

/// A folder with a program of this name that fails, before all others.
fn with_failing(layout: &IbcLayout, name: &str, words: &str) -> String {
    let folder = layout.path("failing");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let program = folder.join(name);
    fs::write(
        &program,
        format!("#!/bin/sh\necho '{words}' >&2\necho '(EE) ' >&2\nexit 1\n"),
    )
    .expect("a file can be written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("its mode can be set");
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{}:{path}", folder.display())
}

#[test]
fn a_screen_that_does_not_come_is_no_login() {
    let layout = IbcLayout::new();
    let words = "(EE) Failed to activate virtual core keyboard: 2";
    let path = with_failing(&layout, "Xvfb", words);
    for _ in 0..3 {
        let tool = layout.tool("ibgw-start").env("PATH", &path);
        let ran = tool.stdin(record("live")).run().exits(9);
        assert!(
            ran.stderr
                .contains("Failed to activate virtual core keyboard: 2"),
            "{}",
            ran.all()
        );
        nothing_is_counted(&layout);
    }
}

#[test]
fn a_window_that_is_not_shown_by_vnc_is_no_login() {
    let layout = IbcLayout::new();
    let path = with_failing(&layout, "x11vnc", "no");
    let port = crate::support::TestPort::reserve();
    let flags = super::up::vnc_flags(&layout, port.number, "secret");
    let tool = layout.tool("ibgw-start").args(flags).env("PATH", path);
    tool.stdin(record("live")).run().exits(6);
    nothing_is_counted(&layout);
}

#[test]
fn a_window_that_does_not_come_is_no_login() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "no_window"}));
    let ran = hold(&layout, "live").exits(9);
    assert_eq!(ran.report()["reason"], "no_window", "{}", ran.all());
    nothing_is_counted(&layout);
    layout.script(&json!({"login": {"hang_at": "start"}}));
    let tool = layout.tool("ibgw-start").args(["--timeout", "2s"]);
    tool.stdin(record("live")).run().exits(8);
    nothing_is_counted(&layout);
    layout.script(&json!({"exit_at_start": 83}));
    hold(&layout, "live").exits(5);
    nothing_is_counted(&layout);
    gone(&layout);
}

/// At any moment: between any two of its steps.
#[test]
fn a_start_that_ends_at_once_on_sigterm_is_no_login() {
    for wait in (0..400).step_by(25).map(Duration::from_millis) {
        let layout = IbcLayout::new();
        layout.script(&json!({"login": {"hang_at": "start"}}));
        let tool = layout.tool("ibgw-start").stdin(record("live"));
        let (mut child, _folder) = tool.spawn();
        let begun = until(&layout, "starting");
        thread::sleep(wait);
        let pid = pid(&begun["supervisor"]);
        // More than once, as an impatient person does.
        (0..3).for_each(|_| signal(pid, "TERM"));
        child.wait().expect("it ends");
        gone(&layout);
        nothing_is_counted(&layout);
    }
}

/// The signal may come at any moment. The last report of a held start then says stopped.
#[test]
fn one_that_is_held_and_ends_at_once_on_sigterm_does_not_say_started() {
    let mut stopped = 0;
    // A busy machine takes longer to hold it.
    let longer = (0..6).map(|doubled| 400 << doubled);
    for wait in (0..400).step_by(25).chain(longer) {
        if wait >= 400 && stopped > 0 {
            break;
        }
        let layout = IbcLayout::new();
        layout.script(&json!({"login": {"hang_at": "start"}}));
        let tool = layout.tool("ibgw-start").args(["--foreground"]);
        let (child, _folder) = tool.stdin(record("live")).spawn();
        until(&layout, "starting");
        thread::sleep(Duration::from_millis(wait));
        signal(child.id(), "TERM");
        let ran = Ran::of(child);
        // Before there is anything to end, the signal ends the tool itself.
        if ran.status != 143 {
            assert_eq!(ran.exits(0).report()["state"], "stopped");
            stopped += 1;
        }
        gone(&layout);
    }
    assert!(stopped > 0, "no start was held yet");
}

#[test]
fn a_start_that_ends_on_sigterm_before_it_types_is_no_login() {
    for name in ["ibgw-start", "supervisor"] {
        let layout = IbcLayout::new();
        layout.script(&json!({"login": {"hang_at": "window"}}));
        let tool = layout.tool("ibgw-start").stdin(record("live"));
        let (mut child, _folder) = tool.spawn();
        let begun = until(&layout, "window");
        let told = match name {
            "supervisor" => pid(&begun["supervisor"]),
            _ => child.id(),
        };
        signal(told, "TERM");
        child.wait().expect("it ends");
        gone(&layout);
        nothing_is_counted(&layout);
    }
}

/// No process is left that knows whether it was typed.
#[test]
fn a_supervisor_that_is_killed_leaves_its_attempt_counted() {
    for (stage, submissions) in [("window", 0), ("credentials", 1)] {
        let layout = IbcLayout::new();
        layout.script(&json!({"login": {"hang_at": stage}}));
        let tool = layout.tool("ibgw-start").stdin(record("live"));
        let (mut child, _folder) = tool.spawn();
        let begun = until(&layout, stage);
        signal(pid(&begun["supervisor"]), "KILL");
        child.wait().expect("it ends");
        gone(&layout);
        let standing = standing(&layout);
        assert_eq!(standing["submissions"][0]["outcome"], json!(null));
        assert_eq!(standing["failures_left"], json!(2), "{standing}");
        assert_eq!(layout.submissions().len(), submissions);
    }
}

/// A start by token sends nothing to the phone, so the ledger expects no notification.
#[test]
fn a_start_by_token_is_no_login() {
    let layout = IbcLayout::new();
    let folder = layout.settings().join("abc");
    for refused in [false, true] {
        fs::create_dir_all(&folder).expect("a folder can be made");
        fs::write(folder.join("autorestart"), "token").expect("a file can be written");
        layout.script(&json!({"token_refused": refused}));
        match refused {
            false => {
                start(&layout, "live").exits(0);
                layout.tool("ibgw-login").run().exits(0);
                stop(&layout).exits(0);
            }
            true => drop(hold(&layout, "live").exits(9)),
        }
        gone(&layout);
        nothing_is_counted(&layout);
    }
    let name = fs::read_dir(layout.state().join("ledger")).expect("a folder");
    let ledger = name
        .flatten()
        .find(|entry| entry.path().extension().is_some_and(|it| it == "json"));
    let ledger = fs::read_to_string(ledger.expect("a ledger").path()).expect("a file");
    let ledger: Value = serde_json::from_str(&ledger).expect("JSON");
    assert_eq!(ledger["pushes"]["expected"], json!({}), "{ledger}");
}

/// A person lifts a hold for one login. A start that sends nothing does not use it up.
#[test]
fn a_hold_that_was_lifted_for_nothing_holds_again() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "wrong_password"}));
    hold(&layout, "live").exits(4);
    layout.script(&json!({"login": "no_window"}));
    let tool = layout
        .tool("ibgw-start")
        .args(["--foreground", "--force-after-hold"]);
    tool.stdin(record("live")).run().exits(9);
    let ran = hold(&layout, "live").exits(11);
    assert_eq!(ran.report()["reason"], "held_after_refusal");
    assert_eq!(layout.submissions().len(), 1);
}

/// The supervisor is stopped, and IBC's script starts Java again and again: each would type the password.
#[test]
fn while_a_supervisor_is_stopped_ibc_types_once_at_most() {
    at_once(4, ["starting", "window", "credentials"], |phase| {
        let layout = IbcLayout::new();
        layout.script(&json!({"login": "login_failed", "pace_ms": 300}));
        let tool = layout.tool("ibgw-start").stdin(record("live"));
        let (mut child, _folder) = tool.spawn();
        let begun = until(&layout, phase);
        let pid = pid(&begun["supervisor"]);
        signal(pid, "STOP");
        // Time enough for eight logins, as they come without a guard: one is a second here.
        thread::sleep(Duration::from_secs(8));
        let typed = layout.submissions().len();
        signal(pid, "CONT");
        child.wait().expect("it ends");
        eventually("it is over", || {
            let course = course(&layout)?;
            (course["phase"] == "stopped").then_some(())
        });
        gone(&layout);
        assert!(typed <= 1, "{phase}: {typed} while it was stopped");
        assert!(layout.submissions().len() <= 1, "{phase}");
        let recorded = standing(&layout)["submissions"].as_array().map(Vec::len);
        assert_eq!(recorded, Some(layout.submissions().len()), "{phase}");
    });
}

/// The first is still under way when the other is recorded.
#[test]
fn two_modes_of_one_username_resolve_each_its_own() {
    let (paper, live) = (IbcLayout::new(), IbcLayout::new());
    let hang = json!({"login": {"hang_at": "credentials"}});
    paper.script(&hang);
    live.script(&hang);
    let of_both = |tool| live.tool(tool).state(&paper.state());
    start(&paper, "paper").exits(0);
    of_both("ibgw-start").stdin(record("live")).run().exits(0);
    stop(&paper).exits(0);
    paper.tool("ibgw-login").run().exits(7);
    let outcomes = || {
        let recorded = standing(&paper)["submissions"].clone();
        [0, 1].map(|place: usize| recorded[place]["outcome"].clone())
    };
    assert_eq!(outcomes(), [json!("failed"), json!(null)]);
    of_both("ibgw-start").args(["--stop"]).run().exits(0);
    of_both("ibgw-login").run().exits(7);
    assert_eq!(outcomes(), [json!("failed"), json!("failed")]);
}
