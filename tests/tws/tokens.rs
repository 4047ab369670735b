//! Tokens of earlier logins: starts without a login, and those that must not become one.

use super::runs::{gone, hold, start, stop};
use super::up::{course, until};
use crate::support::{IbcLayout, Tool, eventually};
use serde_json::json;
use std::fs;

/// A token of an earlier login.
pub(crate) fn put_token(layout: &IbcLayout, name: &str) {
    let folder = layout.settings().join(name);
    fs::create_dir_all(&folder).expect("a folder can be made");
    fs::write(folder.join("autorestart"), "token").expect("a file can be written");
}

/// Demand 16.
#[test]
fn a_token_starts_without_a_login_and_two_do_not() {
    let layout = IbcLayout::new();
    put_token(&layout, "abc");
    let report = start(&layout, "live").exits(0).report();
    assert_eq!(report["has_token"], json!(true));
    until(&layout, "ready");
    assert!(layout.submissions().is_empty());
    stop(&layout).exits(0);
    gone(&layout);
    put_token(&layout, "abc");
    put_token(&layout, "def");
    start(&layout, "paper").exits(0);
    until(&layout, "ready");
    assert_eq!(layout.submissions().len(), 1);
    stop(&layout).exits(0);
}

/// Demand 16: a token that IBKR refuses is removed, and nothing is typed in its place.
#[test]
fn a_token_that_is_refused_is_removed() {
    let layout = IbcLayout::new();
    layout.script(&json!({"token_refused": true}));
    put_token(&layout, "abc");
    let ran = hold(&layout, "paper").exits(9);
    assert_eq!(
        ran.report()["reason"],
        json!("token_refused"),
        "{}",
        ran.all()
    );
    assert!(!layout.settings().join("abc/autorestart").exists());
    assert!(layout.submissions().is_empty());
    gone(&layout);
}

/// IBC's own answer to that is a start without it, which is for the guard to allow.
#[test]
fn a_token_with_which_the_login_is_broken_off_is_not_tried_again() {
    let layout = IbcLayout::new();
    layout.script(&json!([{"login": "login_failed"}, {}]));
    put_token(&layout, "abc");
    let report = hold(&layout, "paper").exits(9).report();
    assert_eq!(report["reason"], "login_failed", "{report}");
    assert!(!layout.settings().join("abc/autorestart").exists());
    assert!(layout.submissions().is_empty());
    gone(&layout);
    start(&layout, "paper").exits(0);
    until(&layout, "ready");
    assert_eq!(layout.submissions().len(), 1);
    stop(&layout).exits(0);
}

/// Demand 16: while it runs.
#[test]
fn a_restart_needs_no_login_and_a_pause_leaves_the_token() {
    let layout = IbcLayout::new();
    start(&layout, "live").exits(0);
    until(&layout, "ready");
    // Named by its port alone: which one IBC has is known.
    let tool = Tool::new("ibgw-start").state(&layout.state());
    let port = layout.api_port().to_string();
    let tell = tool.args(["--kind", "tws", "--restart", "--api-port", &port]);
    tell.run().exits(0);
    eventually("it was started again", || {
        (course(&layout).unwrap_or_default()["restarts"] == json!(1)).then_some(())
    });
    until(&layout, "ready");
    let report = layout
        .tool("ibgw-start")
        .args(["--pause"])
        .run()
        .exits(0)
        .report();
    assert_eq!(
        (&report["state"], &report["reason"]),
        (&json!("stopped"), &json!("paused"))
    );
    let followed = |exit: i32| layout.tool("ibgw-login").run().exits(exit).report();
    assert_eq!(followed(7)["reason"], "paused");
    start(&layout, "live").exits(0);
    assert_eq!(followed(0)["how"], "token");
    until(&layout, "ready");
    assert_eq!(layout.submissions().len(), 1);
    stop(&layout).exits(0);
    // IBC has the password as it is first started; no Java that its script starts after that could type it.
    let starts = layout.played_of("start");
    let passwords: Vec<_> = starts.iter().map(|it| &it["has_password"]).collect();
    assert_eq!(passwords, [&json!(true), &json!(false), &json!(true)]);
}

/// Demand 16: IBC's own cold restart would type the login again.
#[test]
fn a_cold_restart_of_ibcs_own_is_ended_before_it_logs_in() {
    let layout = IbcLayout::new();
    layout.script(&json!({"then": {"after_ms": 300, "what": "cold_restart"}, "pace_ms": 50}));
    let ran = hold(&layout, "paper").exits(9);
    assert_eq!(
        ran.report()["reason"],
        json!("cold_restart"),
        "{}",
        ran.all()
    );
    assert_eq!(layout.submissions().len(), 1);
    gone(&layout);
}
