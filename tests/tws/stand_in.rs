//! The stand-in for IBC and IB Gateway does what IBC does.

use super::play::{PASSWORD, Play, command};
use crate::support::{IbcLayout, eventually, signal};
use serde_json::{Value, json};
use std::fs;

/// Whether these are among the lines, each behind the one before.
#[track_caller]
fn come_in_order(lines: &[String], expected: &[&str]) {
    let mut rest = lines.iter();
    for text in expected {
        assert!(
            rest.any(|line| line.contains(text)),
            "{text:?} does not come there: {lines:#?}"
        );
    }
}

#[test]
fn the_stand_in_plays_what_ibc_prints() {
    let layout = IbcLayout::new();
    layout.script(&json!({"second_factor": {"approved_after_ms": 20}}));
    let mut play = Play::begin(&layout);
    play.until("Login has completed");
    let probed = eventually("the API answers", || {
        let ran = layout.tool("ibgw-tickle").run();
        (ran.status != 7).then_some(ran)
    });
    assert_eq!(probed.exits(0).report()["state"], "ready");
    assert_eq!(command(&layout, "stop"), "OK Shutting down: STOP command");
    let (status, lines) = play.end();
    assert_eq!(status, Some(0), "{lines:#?}");
    let expected = [
        "Starting IBC version 3.24.1 on ",
        "autorestart file not found: full authentication will be required",
        " IBC: version: 3.24.1",
        " IBC: TWS Settings directory is: ",
        " IBC: CommandServer started and is ready to accept commands",
        " IBC: Starting session: will exit if login dialog is not displayed within 60 seconds",
        " IBC: Starting Gateway",
        " IBC: Found Gateway main window",
        " IBC: Login dialog WINDOW_OPENED: LoginState is LOGGED_OUT",
        " IBC: Setting Trading mode = live",
        " IBC: Setting user name",
        " IBC: Setting password",
        " IBC: Login attempt: 1",
        " IBC: Click button: Log In",
        " IBC: detected dialog entitled: Second Factor Authentication; event=Opened",
        " IBC: Second Factor Authentication initiated",
        " IBC: detected dialog entitled: Second Factor Authentication; event=Closed",
        " IBC: Duration since login: 0 seconds",
        " IBC: Setting ReadOnlyApi",
        " IBC: Read-Only API checkbox is now set to: false",
        " IBC: Configuration tasks completed",
        " IBC: detected frame entitled: Starting application...; event=Opened",
        " IBC: detected frame entitled: Starting application...; event=Closed",
        " IBC: Login has completed",
        " IBC: CommandServer received command: stop",
        "IBC returned exit status 0",
        "Gateway finished",
    ];
    come_in_order(&lines, &expected);
    let stamped = lines.iter().filter(|line| line.contains(" IBC: "));
    for line in stamped {
        let shape = line[..23].replace(|character: char| character.is_ascii_digit(), "0");
        assert_eq!(shape, "0000-00-00 00:00:00:000", "{line}");
    }
    assert!(
        !lines
            .iter()
            .any(|line| line.contains(PASSWORD) || line.contains("edemo"))
    );
}

#[test]
fn the_stand_in_records_each_login() {
    let layout = IbcLayout::new();
    let mut play = Play::begin(&layout);
    play.until("Login has completed");
    drop(play);
    let [start] = &layout.played_of("start")[..] else {
        panic!("one start: {:#?}", layout.played());
    };
    assert!(start["settings"]["IbPassword"].is_null(), "{start}");
    assert_eq!(start["settings"]["SecondFactorDevice"], "IB Key");
    assert!(start["restart"].is_null(), "{start}");
    let has_argument = |word: &str| {
        start["script_argv"]
            .as_array()
            .is_some_and(|all| all.contains(&word.into()))
    };
    assert!(has_argument("--on2fatimeout=exit"), "{start}");
    let [submission] = &layout.submissions()[..] else {
        panic!("one submission: {:#?}", layout.played());
    };
    assert_eq!(submission["username"], "edemo");
    // printf 'p\\4ss #w\303\266rd' | sha256sum
    assert_eq!(
        submission["password_sha256"],
        "2d7e22807f9dd6441abe273731dc5c98feaf1e4c0f22f7f7bb38c68f031192bc"
    );
    assert!(
        !fs::read_to_string(layout.path("played.ndjson"))
            .expect("a file")
            .contains(PASSWORD)
    );
}

#[test]
fn the_stand_in_starts_again_by_the_token() {
    let layout = IbcLayout::new();
    layout.script(&json!([{"then": {"after_ms": 0, "what": "restart"}}, {}]));
    let mut play = Play::begin(&layout);
    play.until("Login has completed");
    play.until("IBC will restart shortly");
    play.until("Re-starting session");
    play.until("Login has completed");
    assert_eq!(command(&layout, "RESTART"), "OK RESTART in progress");
    play.until("Re-starting session");
    play.until("Login has completed");
    assert_eq!(command(&layout, "PAUSE"), "OK PAUSE in progress");
    let (status, lines) = play.end();
    assert_eq!(status, Some(0), "{lines:#?}");
    come_in_order(&lines, &["IBC is paused", "Gateway finished"]);
    assert_eq!(layout.submissions().len(), 1, "{:#?}", layout.played());
    assert_eq!(layout.played_of("start").len(), 3);
    // The token stays for the next start, which needs nothing else.
    let mut next = Play::begin(&layout);
    next.until("Login has completed");
    drop(next);
    assert_eq!(layout.submissions().len(), 1, "{:#?}", layout.played());
}

#[test]
fn the_stand_in_waits_for_ever_after_a_wrong_password() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "wrong_password"}));
    let mut play = Play::begin(&layout);
    play.until("detected dialog entitled: Unrecognized Username or Password; event=Opened");
    assert_eq!(command(&layout, "STOP"), "OK Shutting down: STOP command");
    let (status, lines) = play.end();
    assert_eq!(status, Some(0), "{lines:#?}");
    come_in_order(
        &lines,
        &[
            "Login has not completed: exiting immediately",
            "Gateway finished",
        ],
    );
}

#[test]
fn the_stand_in_logs_in_without_end_when_ibkr_breaks_it_off() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "login_failed"}));
    let mut play = Play::begin(&layout);
    for _ in 0..5 {
        play.until("Click button: Log In");
        play.until("Login failed");
        play.until("Cold restart in progress");
        play.until("IBC will cold-restart shortly");
    }
    drop(play);
    assert!(layout.submissions().len() >= 5, "{:#?}", layout.played());
}

#[test]
fn the_stand_in_ends_as_ibc_does() {
    let cases: [(Value, i32, &str); 6] = [
        (
            json!({"exit_at_start": 83}),
            83,
            "Exiting after error with exit code=1107",
        ),
        (json!({"login": {"existing_session": 4}}), 0, "(scenario 4)"),
        (
            json!({"then": {"after_ms": 0, "what": {"exit": 76}}}),
            76,
            "code=1100",
        ),
        (
            json!({"then": {"after_ms": 0, "what": {"exit": 0}}}),
            0,
            "Login has completed",
        ),
        (
            json!({"then": {"after_ms": 0, "what": "restart"}, "login": {"existing_session": 2}}),
            0,
            "(scenario 2)",
        ),
        (json!("nonsense"), 99, "ib-standin: reading "),
    ];
    for (script, expected, text) in cases {
        let layout = IbcLayout::new();
        layout.script(&script);
        let (status, lines) = Play::begin(&layout).end();
        assert_eq!(status, Some(expected), "{script}: {lines:#?}");
        come_in_order(&lines, &[text, "Gateway finished"]);
    }
}

#[test]
fn the_stand_in_dies_of_sigterm() {
    let layout = IbcLayout::new();
    let mut play = Play::begin(&layout);
    play.until("Login has completed");
    signal(play.process.id(), "TERM");
    let (status, lines) = play.end();
    assert_eq!(status, Some(143), "{lines:#?}");
    come_in_order(
        &lines,
        &["IBC returned exit status 143", "Gateway finished"],
    );
}
