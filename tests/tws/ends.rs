//! Ends: told, killed, out of time, and of one instance beside another.

use super::runs::{gone, record, start, stop};
use super::up::{course, until};
use crate::support::{IbcLayout, Tool, signal};
use serde_json::json;
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

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

/// The tool that started it ends by SIGTERM, and no process is left that would know of it.
#[test]
fn a_start_that_ends_on_sigterm_does_not_log_in() {
    let layout = IbcLayout::new();
    layout.script(&json!({"pace_ms": 400}));
    let tool = layout.tool("ibgw-start").stdin(record("paper"));
    let (mut child, _folder) = tool.spawn();
    until(&layout, "starting");
    signal(child.id(), "TERM");
    let status = child.wait().expect("it ends");
    assert_eq!(status.signal(), Some(15), "{status}");
    gone(&layout);
    assert!(layout.submissions().is_empty());
}

/// In a container a process has the number that one had in its last life.
#[test]
fn a_supervisor_of_another_life_says_nothing_of_this_one() {
    let layout = IbcLayout::new();
    let life = r#"exec unshare --user --map-root-user --pid --fork --mount-proc sh -c '"$0" "$@"' "$0" "$@""#;
    let start = |timeout: &str| {
        let tool = layout.tool("ibgw-start").args(["--timeout", timeout]);
        tool.stdin(record("paper")).in_shell(life).run()
    };
    layout.script(&json!({"login": {"hang_at": "credentials"}}));
    start("30s").exits(0);
    assert_eq!(course(&layout).expect("a course")["phase"], "credentials");
    layout.script(&json!({"login": {"hang_at": "start"}}));
    start("2s").exits(8);
    gone(&layout);
}

/// Live by its record alone, and told to end without a word of that.
#[test]
fn stop_does_not_say_stopped_of_another_one() {
    let layout = IbcLayout::new();
    start(&layout, "live").exits(0);
    until(&layout, "ready");
    let unnamed = Tool::new("ibgw-start").state(&layout.state());
    let ran = unnamed.args(["--kind", "tws", "--stop"]).run().exits(6);
    let port = layout.api_port().to_string();
    assert!(ran.stderr.contains(&port), "{}", ran.all());
    stop(&layout).exits(0);
}
