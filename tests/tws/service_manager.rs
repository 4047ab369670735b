//! What a service manager hears of an IB Gateway that is held.

use super::runs::{gone, record};
use super::up::{course, until};
use crate::start::service_manager::Manager;
use crate::support::{IbcLayout, Ran, TestPort, eventually, signal};
use serde_json::json;
use std::net::{TcpListener, TcpStream};
use std::process::Child;
use std::time::Duration;
use tempfile::TempDir;

fn hold(layout: &IbcLayout, args: &[&str], watchdog: &str) -> (Manager, Child, TempDir) {
    let tool = layout.tool("ibgw-start").args(["--foreground"]).args(args);
    let tool = tool.env("WATCHDOG_USEC", watchdog).stdin(record("paper"));
    let (manager, tool) = Manager::at(layout.path("notify"), tool);
    let (child, folder) = tool.spawn();
    (manager, child, folder)
}

fn end(layout: &IbcLayout, child: Child) {
    signal(child.id(), "TERM");
    Ran::of(child).exits(0);
    gone(layout);
}

#[test]
fn the_watchdog_is_quiet_while_it_serves_and_bites_when_it_hangs() {
    let layout = IbcLayout::new();
    let (manager, child, _folder) = hold(&layout, &[], "20000000");
    manager.waits(Duration::from_secs(60));
    let ready = manager.hears("READY=1");
    let main = format!("MAINPID={}", child.id());
    assert!(ready.lines().any(|line| line == main), "{ready}");
    let serves = format!(
        "STATUS=IB Gateway serves its clients at 127.0.0.1:{}",
        layout.api_port()
    );
    assert!(ready.lines().any(|line| line == serves), "{ready}");
    for _ in 0..3 {
        manager.hears("WATCHDOG=1");
    }
    // It accepts and says nothing, as one whose window is stuck (gnzsnz/ib-gateway-docker#336).
    layout.script(&json!({"api": {"lie": {"at": "handshake", "how": "silence"}}}));
    manager.hears("STATUS=IB Gateway does not serve its clients");
    // The time after which it would be killed.
    manager.waits(Duration::from_secs(20));
    let heard = manager.next();
    assert!(heard.is_err(), "{heard:?}");
    manager.waits(Duration::from_secs(60));
    layout.script(&json!({}));
    manager.hears("STATUS=IB Gateway serves its clients");
    manager.hears("WATCHDOG=1");
    end(&layout, child);
}

/// IBKR's nightly reset is no reason to end a program that is logged in.
#[test]
fn the_watchdog_is_quiet_while_ibkr_is_out_of_reach() {
    let layout = IbcLayout::new();
    let (manager, child, _folder) = hold(&layout, &[], "4000000");
    manager.hears("READY=1");
    let lost = json!([{"code": 1100, "text": "Connectivity has been lost"}]);
    layout.script(&json!({"api": {"notices": lost}}));
    manager.hears("STATUS=IB Gateway does not serve its clients");
    for _ in 0..3 {
        manager.hears("WATCHDOG=1");
    }
    end(&layout, child);
}

#[test]
fn each_status_is_said_once_and_the_end_is_announced() {
    let layout = IbcLayout::new();
    layout.script(
        &json!({"second_factor": {"approved_after_ms": 500}, "second_factor_timeout_ms": 60000, "pace_ms": 100}),
    );
    let (manager, child, _folder) = hold(&layout, &[], "0");
    let mut heard: Vec<String> = Vec::new();
    while !heard.iter().any(|message| message.contains("READY=1")) {
        heard.push(manager.next().expect("a message"));
    }
    let statuses: Vec<&str> = heard
        .iter()
        .flat_map(|message| message.lines().filter(|line| line.starts_with("STATUS=")))
        .collect();
    assert!(statuses.len() > 3, "{statuses:?}");
    assert!(
        statuses.windows(2).all(|two| two[0] != two[1]),
        "{statuses:?}"
    );
    assert!(
        statuses.iter().any(|status| status.contains("IBKR Mobile")),
        "{statuses:?}"
    );
    signal(child.id(), "TERM");
    let stopping = manager.hears("STOPPING=1");
    assert!(stopping.contains("STATUS=ending IB Gateway"), "{stopping}");
    Ran::of(child).exits(0);
}

#[test]
fn a_restart_by_token_is_in_the_status() {
    let layout = IbcLayout::new();
    layout.script(&json!({"restart_delay_ms": 1000}));
    let (manager, child, _folder) = hold(&layout, &[], "4000000");
    manager.hears("READY=1");
    let tool = layout.tool("ibgw-start").args(["--restart"]);
    tool.run().exits(0);
    let soon = manager.hears("STATUS=IB Gateway serves its clients");
    assert!(soon.contains("starts again within two minutes"), "{soon}");
    manager.hears("STATUS=IB Gateway starts again by its token, without a login");
    let again = manager.hears("STATUS=IB Gateway serves its clients");
    assert!(again.contains("started again by token: 1"), "{again}");
    end(&layout, child);
}

#[test]
fn the_status_says_why_it_ended() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "wrong_password"}));
    let (manager, child, _folder) = hold(&layout, &[], "0");
    manager.hears("STOPPING=1");
    let why = manager.hears("STATUS=IB Gateway at");
    assert!(why.contains("IBKR refuses"), "{why}");
    Ran::of(child).exits(4);
    gone(&layout);
}

/// Ready means that what was asked for serves.
#[test]
fn nothing_is_ready_before_the_forward_is_open() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    layout.script(
        &json!({"second_factor": {"approved_after_ms": 2000}, "second_factor_timeout_ms": 60000}),
    );
    let forward = port.number.to_string();
    let (manager, child, _folder) = hold(&layout, &["--forward", &forward], "0");
    until(&layout, "second_factor");
    // Another program takes the port before there is anything to pass on.
    let other = TcpListener::bind(("127.0.0.1", port.number)).expect("it is free");
    until(&layout, "logged_in");
    let ran = layout
        .tool("ibgw-login")
        .args(["--timeout", "10s"])
        .run()
        .exits(8);
    assert!(ran.stderr.contains("--forward"), "{}", ran.all());
    assert_eq!(course(&layout).unwrap_or_default()["phase"], "logged_in");
    manager.waits(Duration::from_millis(200));
    while let Ok(message) = manager.next() {
        assert!(!message.contains("READY=1"), "{message}");
    }
    manager.waits(Duration::from_secs(20));
    drop(other);
    eventually("a message with READY=1", || {
        let message = manager.next().expect("a message");
        message.contains("READY=1").then_some(())
    });
    TcpStream::connect(("127.0.0.1", port.number)).expect("it is forwarded");
    layout.tool("ibgw-login").run().exits(0);
    end(&layout, child);
}
