//! Starts that come while an IB Gateway is on its way to its end.

use super::runs::{begun, gone, record, start, stop};
use super::up::{course, until, until_it_has};
use crate::start::place::{Place, pid};
use crate::start::service_manager::Manager;
use crate::support::{IbcLayout, Ran, eventually, signal};
use serde_json::{Value, json};
use std::fs::File;

/// It was begun anew, by another supervisor.
#[track_caller]
fn is_begun_anew(layout: &IbcLayout, before: &Value) {
    let report = start(layout, "paper").exits(0).report();
    assert_eq!(report["started"], json!(true), "{report}");
    assert_ne!(report["pid"], before["pid"], "{report}");
    until(layout, "ready");
}

#[test]
fn a_start_during_a_stop_waits_for_the_end_and_starts() {
    let (layout, report) = begun(&json!({"stop_delay_ms": 2000}));
    let (mut stopping, _folder) = layout.tool("ibgw-start").args(["--stop"]).spawn();
    eventually("IBC is told", || {
        layout.played_of("command").pop().map(drop)
    });
    is_begun_anew(&layout, &report);
    let status = stopping.wait().expect("it ends");
    assert!(status.success(), "{status}");
    stop(&layout).exits(0);
}

#[test]
fn a_start_during_the_end_by_a_signal_waits_for_it_and_starts() {
    let (layout, report) = begun(&json!({"stop_delay_ms": 2000}));
    signal(pid(&report), "TERM");
    until_it_has(&layout, "reason", "told");
    is_begun_anew(&layout, &report);
    stop(&layout).exits(0);
}

#[test]
fn a_start_during_a_stop_that_lasts_says_so() {
    let (layout, report) = begun(&json!({"stop_delay_ms": 20000}));
    signal(pid(&report), "TERM");
    until_it_has(&layout, "reason", "told");
    let tool = layout.tool("ibgw-start").args(["--timeout", "5s"]);
    let ran = tool.stdin(record("paper")).run().exits(8);
    assert!(ran.stderr.contains("being ended"), "{}", ran.all());
    assert_eq!(layout.submissions().len(), 1);
    gone(&layout);
}

#[test]
fn a_login_that_is_followed_during_a_stop_is_not_ready() {
    let layout = IbcLayout::new();
    layout.script(&json!({"stop_delay_ms": 2000}));
    let report = start(&layout, "paper").exits(0).report();
    layout.tool("ibgw-login").run().exits(0);
    signal(pid(&report), "TERM");
    until_it_has(&layout, "reason", "told");
    let ran = layout.tool("ibgw-login").run().exits(7);
    assert_eq!(ran.report()["reason"], json!("told"), "{}", ran.all());
    gone(&layout);
}

#[test]
fn a_start_before_a_pause_waits_for_it_and_starts_without_a_login() {
    let (layout, report) = begun(&json!({"restart_delay_ms": 2000}));
    let (pausing, _folder) = layout.tool("ibgw-start").args(["--pause"]).spawn();
    until_it_has(&layout, "pending", "pause");
    // As on a slow machine: it looks again only when another course has begun.
    signal(pausing.id(), "STOP");
    is_begun_anew(&layout, &report);
    signal(pausing.id(), "CONT");
    assert_eq!(
        course(&layout).unwrap_or_default()["has_token"],
        json!(true)
    );
    assert_eq!(layout.submissions().len(), 1);
    let paused = Ran::of(pausing).exits(0).report();
    assert_eq!(
        (&paused["state"], &paused["reason"], &paused["pending"]),
        (&json!("stopped"), &json!("paused"), &json!(null)),
        "{paused}"
    );
    stop(&layout).exits(0);
}

#[test]
fn a_start_of_the_client_portal_gateway_during_a_stop_waits_for_the_end_and_starts() {
    let place = Place::new();
    let tool = place.tool::<&str>([]).env("IB_STANDIN_IGNORE_TERM", "1");
    let before = tool.run().exits(0).report();
    let (stopping, _folder) = place.tool(["--stop"]).spawn();
    // The first start made this file, so only its lock shows that an end has begun.
    eventually("the end has begun", || {
        let file = File::open(place.instance("ending")).ok()?;
        file.try_lock().is_err().then_some(())
    });
    let after = place.up();
    assert_eq!(after["started"], json!(true), "{after}");
    assert_ne!(after["pid"], before["pid"], "{after}");
    let output = stopping.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    place.down();
    place.is_empty();
}

#[test]
fn a_start_of_the_client_portal_gateway_waits_for_one_that_is_held_and_ends() {
    let place = Place::new();
    let tool = place.tool(["--foreground"]);
    let (manager, tool) = Manager::of(&place, tool.env("IB_STANDIN_IGNORE_TERM", "1"));
    let (child, _folder) = tool.spawn();
    manager.hears("READY=1");
    signal(child.id(), "TERM");
    manager.hears("STOPPING=1");
    let after = place.up();
    assert_eq!(after["started"], json!(true), "{after}");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    place.down();
    place.is_empty();
}
