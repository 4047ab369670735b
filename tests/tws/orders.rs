//! `--restart` and `--pause`, which IBC carries out at one of the next minutes.

use super::runs::{begun, gone, start, stop};
use super::up::{course, until, until_it_has};
use crate::support::{IbcLayout, Ran, eventually};
use serde_json::json;

fn order(layout: &IbcLayout, flag: &str) -> Ran {
    layout.tool("ibgw-start").args([flag]).run()
}

#[test]
fn a_pause_that_is_asked_for_again_waits_for_the_same_end() {
    let (layout, _) = begun(&json!({"restart_delay_ms": 3000}));
    let (first, _folder) = layout.tool("ibgw-start").args(["--pause"]).spawn();
    until_it_has(&layout, "pending", "pause");
    for ran in [order(&layout, "--pause"), Ran::of(first)] {
        let report = ran.exits(0).report();
        assert_eq!(
            (&report["state"], &report["reason"]),
            (&json!("stopped"), &json!("paused")),
            "{report}"
        );
    }
    gone(&layout);
}

/// A restart that is ordered again joins the pending one.
#[test]
fn a_second_restart_is_the_first_one() {
    let (layout, _) = begun(&json!({"restart_delay_ms": 9000}));
    for _ in 0..3 {
        let report = order(&layout, "--restart").exits(0).report();
        assert_eq!(
            (&report["state"], &report["pending"]),
            (&json!("ready"), &json!("restart")),
            "{report}"
        );
    }
    let shown = start(&layout, "paper").exits(0).report();
    assert_eq!(shown["pending"], json!("restart"), "{shown}");
    eventually("it was started again", || {
        (course(&layout)?["restarts"] == 1).then_some(())
    });
    let after = until(&layout, "ready");
    assert_eq!(after["pending"], json!(null), "{after}");
    assert_eq!(layout.submissions().len(), 1);
    stop(&layout).exits(0);
}

#[test]
fn a_pause_waits_for_the_restart_before_it() {
    let (layout, _) = begun(&json!({"restart_delay_ms": 1000}));
    order(&layout, "--restart").exits(0);
    let report = order(&layout, "--pause").exits(0).report();
    assert_eq!(report["reason"], json!("paused"), "{report}");
    assert_eq!(layout.played_of("start").len(), 2);
    gone(&layout);
}

#[test]
fn an_order_that_lasts_longer_than_its_time_says_what_goes_on() {
    let (layout, _) = begun(&json!({"restart_delay_ms": 9000}));
    let pause = layout
        .tool("ibgw-start")
        .args(["--pause", "--timeout", "5s"]);
    let ran = pause.run().exits(8);
    assert!(ran.stderr.contains("it will"), "{}", ran.all());
    gone(&layout);
}

/// IBC has no token to leave before the login, and says nothing of that.
#[test]
fn an_order_before_the_login_is_not_given() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": {"hang_at": "credentials"}}));
    start(&layout, "paper").exits(0);
    for flag in ["--pause", "--restart"] {
        let tool = layout.tool("ibgw-start").args([flag, "--timeout", "1s"]);
        let ran = tool.run().exits(8);
        assert!(ran.stderr.contains("not logged in"), "{}", ran.all());
    }
    assert!(layout.played_of("command").is_empty());
    stop(&layout).exits(0);
}
