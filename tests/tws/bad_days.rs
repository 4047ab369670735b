//! The stand-in plays what goes wrong.

use super::play::{Play, command};
use crate::support::{IbcLayout, eventually, signal};
use serde_json::json;
use std::fs;

#[test]
fn the_script_refuses_what_is_missing() {
    for (missing, status) in [
        ("Jts/ibgateway/1045/jars", 4),
        ("Jts/ibgateway/1045/ibgateway.vmoptions", 7),
        ("Jts/jre", 0),
    ] {
        let layout = IbcLayout::new();
        layout.script(&json!({"then": {"after_ms": 0, "what": {"exit": 0}}}));
        let path = layout.path(missing);
        fs::rename(&path, layout.path("elsewhere")).expect("it can be moved");
        // Without the Java that came with the Gateway, the machine's is taken.
        let (ended, lines) = Play::begin(&layout).end();
        assert_eq!(ended, Some(status), "{missing}: {lines:#?}");
    }
    for (argument, status) in [
        ("--mode=demo", 3),
        ("--nonsense", 3),
        ("--on2fatimeout=never", 3),
        ("1046", 3),
        ("--tws-settings-path=/nowhere", 5),
        ("--ibc-path=/nowhere", 5),
        ("--ibc-ini=/nowhere", 6),
        ("--java-path=/nowhere", 1),
    ] {
        let layout = IbcLayout::new();
        let (ended, lines) = Play::begin_with(&layout, &[argument]).end();
        assert_eq!(ended, Some(status), "{argument}: {lines:#?}");
        assert!(layout.played().is_empty(), "{argument}");
    }
}

#[test]
fn a_second_factor_without_an_answer_ends_in_silence() {
    let layout = IbcLayout::new();
    layout.script(&json!({"second_factor": "never", "second_factor_timeout_ms": 10}));
    let mut play = Play::begin(&layout);
    play.until("detected dialog entitled: Second Factor Authentication; event=Closed");
    play.until("Duration since login: 180 seconds");
    play.until("Re-login after second factor authentication timeout not required");
    assert_eq!(command(&layout, "STOP"), "OK Shutting down: STOP command");
    let (status, lines) = play.end();
    assert_eq!(status, Some(0), "{lines:#?}");
    assert_eq!(layout.submissions().len(), 1);
}

#[test]
fn a_login_stuck_after_the_second_factor_says_nothing_more() {
    let layout = IbcLayout::new();
    layout.script(&json!({"second_factor": {"stuck": true}}));
    let mut play = Play::begin(&layout);
    play.until("Duration since login: 0 seconds");
    command(&layout, "STOP");
    let (_, lines) = play.end();
    let is_there = |text: &str| lines.iter().any(|line| line.contains(text));
    assert!(!is_there("Configuration tasks completed"), "{lines:#?}");
}

#[test]
fn two_tokens_count_as_no_token() {
    let layout = IbcLayout::new();
    for folder in ["one", "two"] {
        let folder = layout.settings().join(folder);
        fs::create_dir_all(&folder).expect("a folder can be made");
        fs::write(folder.join("autorestart"), "token").expect("a file can be written");
    }
    let mut play = Play::begin(&layout);
    play.until("WARNING: deleting extra autorestart files");
    play.until("Login attempt: 1");
}

#[test]
fn a_token_that_is_refused_stays() {
    let layout = IbcLayout::new();
    layout.script(&json!({"token_refused": true}));
    let token = layout.settings().join("one/autorestart");
    fs::create_dir_all(layout.settings().join("one")).expect("a folder can be made");
    fs::write(&token, "token").expect("a file can be written");
    let mut play = Play::begin(&layout);
    play.until("Re-starting session");
    play.until("detected dialog entitled: Unrecognized Username or Password; event=Opened");
    assert!(token.exists());
    assert_eq!(layout.submissions().len(), 0, "{:#?}", layout.played());
}

#[test]
fn a_gateway_that_ignores_stop_and_sigterm_goes_on() {
    let layout = IbcLayout::new();
    layout.script(&json!({"ignores_stop": true, "ignores_term": true}));
    let mut play = Play::begin(&layout);
    play.until("Login has completed");
    assert_eq!(command(&layout, "STOP"), "OK Shutting down: STOP command");
    signal(play.process.id(), "TERM");
    assert_eq!(command(&layout, "STOP"), "ERROR STOP already in progress");
    let pid = layout.played_of("start")[0]["pid"].as_u64();
    let pid = u32::try_from(pid.expect("a number")).expect("a pid");
    signal(pid, "KILL");
    let (status, lines) = play.end();
    assert_eq!(status, Some(137), "{lines:#?}");
}

#[test]
fn the_api_may_never_open_or_turn_bad() {
    let layout = IbcLayout::new();
    layout.script(&json!({"lies": ["completed_before_api"]}));
    let mut play = Play::begin(&layout);
    play.until("Login has completed");
    layout.tool("ibgw-tickle").run().exits(7);
    drop(play);
    layout.script(&json!({}));
    let mut play = Play::begin(&layout);
    play.until("Login has completed");
    let exits = |status: i32| {
        eventually("the API does as it is told", || {
            let ran = layout.tool("ibgw-tickle").run();
            (ran.status == status).then_some(())
        });
    };
    exits(0);
    layout.script(
        &json!({"api": {"notices": [{"code": 1100, "text": "Connectivity has been lost"}]}}),
    );
    exits(12);
    layout.script(&json!({}));
    exits(0);
}

#[test]
fn the_log_may_be_hard_to_read() {
    let layout = IbcLayout::new();
    layout.script(&json!({
        "lies": ["half_lines", "long_line", "garbage", "tells_secrets"], "gstat_trace": true,
        "then": {"after_ms": 0, "what": {"exit": 0}},
    }));
    let (status, lines) = Play::begin(&layout).end();
    assert_eq!(status, Some(0), "{lines:#?}");
    let has = |text: &str| lines.iter().any(|line| line.contains(text));
    assert!(has("twslaunch.gstat.j.a(j.java:88)"), "{lines:#?}");
    assert!(has(super::play::PASSWORD), "{lines:#?}");
    assert!(has("Login has completed"), "{lines:#?}");
    assert!(lines.iter().any(|line| line.len() == 1 << 20));
    assert!(has("\u{fffd}"), "bytes that are no text");
}
