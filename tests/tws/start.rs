//! `ibgw-start --kind tws`: phases, refusals, tokens, ends.

use super::up::{course, until};
use crate::support::{IbcLayout, Ran, eventually};
use serde_json::json;
use std::fs;
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

const PASSWORD: &str = "Gateway-marker-82";

fn record(mode: &str) -> String {
    let record = json!({"schema": "ibgw-secret/1", "username": "someuser", "password": PASSWORD, "mode": mode});
    format!("{record}\n")
}

fn start(layout: &IbcLayout, mode: &str) -> Ran {
    layout.tool("ibgw-start").stdin(record(mode)).run()
}

fn hold(layout: &IbcLayout, mode: &str) -> Ran {
    let tool = layout.tool("ibgw-start").args(["--foreground"]);
    tool.stdin(record(mode)).run()
}

fn stop(layout: &IbcLayout) -> Ran {
    layout.tool("ibgw-start").args(["--stop"]).run()
}

fn gone(layout: &IbcLayout) {
    eventually("nothing is left running", || {
        layout.processes().is_empty().then_some(())
    });
}

/// A token of an earlier login.
fn put_token(layout: &IbcLayout, name: &str) {
    let folder = layout.settings().join(name);
    fs::create_dir_all(&folder).expect("a folder can be made");
    fs::write(folder.join("autorestart"), "token").expect("a file can be written");
}

/// Demand 9: the log says how far it is, the probe alone that it is ready.
#[test]
fn it_is_ready_when_the_api_serves_and_not_before() {
    let layout = IbcLayout::new();
    layout.script(&json!({"lies": ["completed_before_api"]}));
    let report = start(&layout, "paper").exits(0).report();
    assert_eq!(
        (&report["state"], &report["started"]),
        (&json!("started"), &json!(true))
    );
    until(&layout, "logged_in");
    // Two more probes than it would take.
    std::thread::sleep(Duration::from_millis(1200));
    assert_eq!(
        course(&layout).unwrap_or_default()["phase"],
        json!("logged_in")
    );
    let again = start(&layout, "paper").exits(0).report();
    assert_eq!(
        (&again["started"], &again["phase"]),
        (&json!(false), &json!("logged_in"))
    );
    stop(&layout).exits(0);
    gone(&layout);
}

/// Demand 10.
#[test]
fn a_second_factor_is_announced_with_its_end_and_goes_on_when_it_is_given() {
    let layout = IbcLayout::new();
    layout.script(
        &json!({"second_factor": {"approved_after_ms": 1500}, "second_factor_timeout_ms": 60000}),
    );
    start(&layout, "live").exits(0);
    let waiting = until(&layout, "second_factor");
    assert!(
        waiting["deadline"].is_string() && waiting["pushed"] == json!(true),
        "{waiting}"
    );
    let shown = layout
        .tool("ibgw-start")
        .args(["--check"])
        .run()
        .exits(0)
        .report();
    assert!(
        shown["next_action"]
            .as_str()
            .is_some_and(|text| text.contains("IBKR Mobile")),
        "{shown}"
    );
    until(&layout, "ready");
    stop(&layout).exits(0);
}

/// Demand 11.
#[test]
fn a_second_factor_that_nobody_gives_costs_one_submission() {
    let layout = IbcLayout::new();
    layout.script(&json!({"second_factor": "never", "second_factor_timeout_ms": 200}));
    let ran = hold(&layout, "live").exits(8);
    assert_eq!(ran.report()["reason"], json!("second_factor_expired"));
    assert_eq!(layout.submissions().len(), 1);
    gone(&layout);
}

/// Demand 12, and the second try that is not made.
#[test]
fn a_wrong_password_is_told_at_once_and_never_sent_again() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "wrong_password"}));
    let ran = hold(&layout, "paper").exits(4);
    assert_eq!(ran.report()["reason"], json!("wrong_credentials"));
    gone(&layout);
    let ran = hold(&layout, "paper").exits(11);
    assert_eq!(
        (&ran.report()["state"], &ran.report()["reason"]),
        (&json!("held"), &json!("held_after_refusal"))
    );
    assert_eq!(layout.submissions().len(), 1);
}

/// Demand 13. A Java takes seconds to start; the stand-in's pace leaves us one.
#[test]
fn a_login_that_is_broken_off_is_sent_once_for_each_start_and_three_times_at_most() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "login_failed", "pace_ms": 100}));
    for sent in 1..=3 {
        let ran = hold(&layout, "paper").exits(9);
        assert_eq!(
            ran.report()["reason"],
            json!("login_failed"),
            "{}",
            ran.all()
        );
        assert_eq!(layout.submissions().len(), sent);
    }
    let ran = hold(&layout, "paper").exits(11);
    assert_eq!(
        ran.report()["reason"],
        json!("held_after_failures"),
        "{}",
        ran.all()
    );
    assert_eq!(layout.submissions().len(), 3);
    gone(&layout);
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

/// Demand 16: while it runs.
#[test]
fn a_restart_needs_no_login_and_a_pause_leaves_the_token() {
    let layout = IbcLayout::new();
    start(&layout, "live").exits(0);
    until(&layout, "ready");
    layout.tool("ibgw-start").args(["--restart"]).run().exits(0);
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
    start(&layout, "live").exits(0);
    until(&layout, "ready");
    assert_eq!(layout.submissions().len(), 1);
    stop(&layout).exits(0);
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

/// Demand 17.
#[test]
fn stop_closes_it_tidily_at_any_phase_and_kills_what_does_not_listen() {
    let layout = IbcLayout::new();
    let report = stop(&layout).exits(0).report();
    assert_eq!(report["state"], json!("stopped"));
    for script in [
        json!({}),
        json!({"second_factor": "never", "second_factor_timeout_ms": 60000}),
    ] {
        layout.script(&script);
        start(&layout, "paper").exits(0);
        until(
            &layout,
            if script == json!({}) {
                "ready"
            } else {
                "second_factor"
            },
        );
        let report = stop(&layout).exits(0).report();
        assert_eq!(
            (&report["state"], &report["warnings"]),
            (&json!("stopped"), &json!([]))
        );
        gone(&layout);
    }
    assert_eq!(layout.played_of("command").len(), 2);
    layout.script(&json!({"ignores_stop": true, "ignores_term": true}));
    start(&layout, "paper").exits(0);
    until(&layout, "ready");
    let report = layout
        .tool("ibgw-start")
        .args(["--stop", "--timeout", "1s"])
        .run()
        .exits(0)
        .report();
    assert_eq!(report["warnings"], json!(["killed"]));
    gone(&layout);
}

/// Demand 18.
#[test]
fn two_instances_do_not_touch_each_other_and_share_no_settings() {
    let (paper, live) = (IbcLayout::new(), IbcLayout::new());
    start(&paper, "paper").exits(0);
    let shared = live
        .tool_with_settings(&paper.settings())
        .stdin(record("live"));
    let ran = shared.run().exits(6);
    assert!(ran.stderr.contains("in use by another"), "{}", ran.all());
    assert!(live.played().is_empty());
    start(&live, "live").exits(0);
    until(&paper, "ready");
    until(&live, "ready");
    stop(&paper).exits(0);
    gone(&paper);
    assert_eq!(course(&live).unwrap_or_default()["phase"], json!("ready"));
    stop(&live).exits(0);
}

/// Demand 20.
#[test]
fn the_statuses_of_the_script_have_their_exits() {
    for (status, exit) in [
        (1, 5),
        (4, 5),
        (6, 6),
        (76, 9),
        (78, 6),
        (83, 5),
        (86, 9),
        (143, 9),
    ] {
        let layout = IbcLayout::new();
        layout.script(&json!({"exit_at_start": status}));
        let ran = hold(&layout, "paper").exits(exit);
        assert_eq!(ran.report()["child_exit"], json!(status), "{}", ran.all());
        gone(&layout);
    }
}

/// Demand 20: variables of the images are answered by name.
#[test]
fn a_variable_of_the_images_is_answered_and_its_value_used_by_nobody() {
    let layout = IbcLayout::new();
    let tool = layout
        .tool("ibgw-start")
        .args(["-v"])
        .env("TWSPASSWORD", "Image-marker-83");
    let ran = tool.stdin(record("paper")).run().exits(0);
    assert!(
        ran.stderr.contains("TWSPASSWORD is not read here"),
        "{}",
        ran.all()
    );
    assert!(ran.report()["warnings"].to_string().contains("other_name"));
    assert!(!(ran.stdout + &ran.stderr).contains("Image-marker-83"));
    until(&layout, "ready");
    let started = layout.played_of("start")[0].to_string();
    assert!(!started.contains("TWSPASSWORD"), "{started}");
    stop(&layout).exits(0);
}

#[test]
fn a_supervisor_that_is_killed_leaves_nothing_and_the_next_start_works() {
    let layout = IbcLayout::new();
    let pid = start(&layout, "paper").exits(0).report()["pid"].to_string();
    until(&layout, "ready");
    Command::new("kill")
        .args(["-9", &pid])
        .status()
        .expect("kill runs");
    gone(&layout);
    assert!(TcpStream::connect(("127.0.0.1", layout.api_port())).is_err());
    start(&layout, "paper").exits(0);
    until(&layout, "ready");
    stop(&layout).exits(0);
}

#[test]
fn what_does_not_come_to_its_login_in_time_is_ended() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": {"hang_at": "start"}}));
    let tool = layout.tool("ibgw-start").args(["--timeout", "2s"]);
    tool.stdin(record("paper")).run().exits(8);
    gone(&layout);
}

#[test]
fn noise_in_the_log_changes_nothing() {
    for lies in [
        json!(["half_lines", "long_line", "garbage"]),
        json!(["flood"]),
    ] {
        let layout = IbcLayout::new();
        layout.script(&json!({"lies": lies, "gstat_trace": true}));
        start(&layout, "paper").exits(0);
        until(&layout, "ready");
        stop(&layout).exits(0);
    }
}

#[test]
fn what_is_missing_is_named_before_an_attempt_is_spent() {
    let layout = IbcLayout::new();
    let check = || layout.tool("ibgw-start").args(["--check"]);
    assert_eq!(check().run().exits(0).report()["state"], json!("stopped"));
    fs::remove_file(layout.path("ibc/IBC.jar")).expect("it can be removed");
    assert!(check().run().exits(5).stderr.contains("IBC.jar"));
    start(&layout, "paper").exits(5);
    assert!(!layout.state().join("ledger").exists());
}
