//! The window by VNC: for whom, where, and to do what.

use super::up::{record, start, stop, until, vnc_flags};
use crate::start::place::pid;
use crate::support::clients::look;
use crate::support::{IbcLayout, TestPort, children_of, eventually, signal};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;

/// The addresses at which a process and all below it listen, as /proc/net/tcp has them.
fn listens(pid: u32) -> BTreeSet<String> {
    let all = std::iter::once(pid).chain(ib_proc::descendants::of(pid));
    let sockets: BTreeSet<String> = all
        .filter_map(|pid| fs::read_dir(format!("/proc/{pid}/fd")).ok())
        .flat_map(|folder| folder.flatten())
        .filter_map(|entry| fs::read_link(entry.path()).ok())
        .map(|to| to.to_string_lossy().into_owned())
        .collect();
    let tables = ["tcp", "tcp6"].map(|name| fs::read_to_string(format!("/proc/net/{name}")));
    let tables = tables.map(Result::unwrap_or_default).concat();
    let rows = tables
        .lines()
        .map(|row| row.split_whitespace().collect::<Vec<_>>());
    rows.filter(|row| row.get(3) == Some(&"0A"))
        .filter(|row| sockets.contains(&format!("socket:[{}]", row[9])))
        .map(|row| row[1].to_owned())
        .collect()
}

fn local(ports: &[u16]) -> BTreeSet<String> {
    ports
        .iter()
        .map(|port| format!("0100007F:{port:04X}"))
        .collect()
}

#[test]
fn nothing_listens_but_the_api_and_the_command_server() {
    let layout = IbcLayout::new();
    let report = start(&layout, &record("demo")).run().exits(0).report();
    until(&layout, "ready");
    let pid = report["pid"]
        .as_u64()
        .and_then(|pid| u32::try_from(pid).ok());
    let found = listens(pid.expect("a process"));
    assert_eq!(found, local(&[layout.api_port(), layout.command_port()]));
    stop(&layout);
}

#[test]
fn a_window_that_is_not_shown_any_more_is_not_reported() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    let flags = vnc_flags(&layout, port.number, "secret");
    let begin = || start(&layout, &record("demo")).args(&flags).run().exits(0);
    let report = begin().report();
    until(&layout, "ready");
    let check = || layout.tool("ibgw-start").args(["--check"]).run().exits(0);
    let shown = check().report();
    assert_eq!(shown["vnc"], format!("127.0.0.1:{}", port.number));
    for pid in children_of(pid(&report), "x11vnc") {
        signal(pid, "KILL");
    }
    eventually("it is not reported", || {
        check().report()["vnc"].is_null().then_some(())
    });
    // It is still the one that was asked for.
    let again = begin().report();
    assert_eq!(
        (&again["started"], &again["vnc"]),
        (&json!(false), &json!(null)),
        "{again}"
    );
    stop(&layout);
}

#[test]
fn shows_the_window_to_who_has_the_password() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    layout.script(&json!({"window": IbcLayout::window(), "login": {"hang_at": "credentials"}}));
    let flags = vnc_flags(&layout, port.number, "longer-than-eight");
    let report = start(&layout, &record("demo"))
        .args(flags)
        .run()
        .exits(0)
        .report();
    until(&layout, "credentials");
    let pid = report["pid"]
        .as_u64()
        .and_then(|pid| u32::try_from(pid).ok());
    let found = listens(pid.expect("a process"));
    let ports = [layout.command_port(), port.number];
    assert_eq!(found, local(&ports));
    let refused = look(port.number, "wronger-than-eight");
    assert!(refused["refused"].is_string(), "{refused}");
    let seen = look(port.number, "longer-than-eight");
    assert_eq!(
        (&seen["width"], &seen["height"]),
        (&json!(1280), &json!(1024))
    );
    assert!(seen["colours"].as_u64() > Some(2), "{seen}");
    // Seen, and not used: by the second look, the first one's clicks would have long been written.
    look(port.number, "longer-than-eight");
    assert!(!layout.path("used").exists());
    stop(&layout);
}

#[test]
fn lets_use_the_window_who_may() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    layout.script(&json!({"window": IbcLayout::window(), "login": {"hang_at": "credentials"}}));
    let flags = vnc_flags(&layout, port.number, "secret");
    start(&layout, &record("demo"))
        .args(flags)
        .args(["--vnc-control"])
        .run()
        .exits(0);
    look(port.number, "secret");
    eventually("the window is used", || {
        let used = fs::read_to_string(layout.path("used")).ok()?;
        (used.contains("pointer") && used.contains("key")).then_some(())
    });
    stop(&layout);
}

/// Its file of passwords has a syntax: x11vnc(1), "File format for -passwdfile".
#[test]
fn refuses_a_password_that_x11vnc_would_read_otherwise() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    let long = "a".repeat(1024);
    for (password, why) in [
        ("#Mk7~b3c1", "#, which is a comment"),
        ("Mk7~b3c1__COMM__9", "__COMM__"),
        ("Mk7~b3c1__SKIP__", "__SKIP__"),
        ("__EMPTY__", "of its own meaning"),
        ("__BEGIN_VIEWONLY__", "of its own meaning"),
        ("   ", "blanks alone"),
        ("Mk7~b3c1\nsecond", "a line end inside"),
        ("\u{feff}Mk7~b3c1", "byte order mark"),
        (&long, "1023 bytes"),
    ] {
        let flags = vnc_flags(&layout, port.number, password);
        let ran = start(&layout, &record("demo")).args(flags).run();
        let ran = ran.exits(6).is_silent_on_stdout().never_shows("Mk7~b3c1");
        let message = ran.error()["message"].to_string();
        assert!(
            message.contains(why) && message.contains("VNC"),
            "{message}"
        );
    }
}
