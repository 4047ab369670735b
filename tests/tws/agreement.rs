//! An IB Gateway that runs is never taken for another one, and never ended in its place.

use super::runs::{gone, record, start, stop};
use super::up::{course, until};
use crate::start::place::Place;
use crate::support::{IbcLayout, Ran, TestPort, Tool};
use serde_json::json;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

/// Refused as another one, by these words, and nothing has ended.
#[track_caller]
fn is_refused(layout: &IbcLayout, ran: &Ran, words: &[&str]) {
    assert_eq!(ran.status, 6, "{}", ran.all());
    for word in words {
        assert!(ran.stderr.contains(word), "{word}: {}", ran.all());
    }
    assert_eq!(course(layout).unwrap_or_default()["phase"], json!("ready"));
    assert!(layout.played_of("command").is_empty());
}

#[test]
fn one_of_another_mode_is_refused_by_every_tool_and_nothing_ends() {
    let layout = IbcLayout::new();
    start(&layout, "live").exits(0);
    until(&layout, "ready");
    let words = ["live", "not paper"];
    for way in ["--stop", "--restart", "--pause", "--check"] {
        let tool = layout.tool("ibgw-start").args([way, "--mode", "paper"]);
        let ran = tool.run();
        is_refused(&layout, &ran, &words);
        // A refused order also has a report. It shows the IB Gateway that runs.
        assert_eq!(ran.report()["mode"], json!("live"), "{}", ran.all());
        let tool = layout.tool("ibgw-start").args([way]);
        is_refused(&layout, &tool.env("TRADING_MODE", "paper").run(), &words);
    }
    is_refused(&layout, &start(&layout, "paper"), &words);
    let tool = layout.tool("ibgw-start").args(["--mode", "paper"]);
    is_refused(&layout, &tool.stdin(record("live")).run(), &words);
    // A start that says no mode is one of paper.
    let nothing = record("live").replace("\"live\"", "null");
    let tool = layout.tool("ibgw-start").stdin(nothing);
    is_refused(&layout, &tool.run(), &words);
    let tool = layout.tool("ibgw-login").args(["--mode", "paper"]);
    is_refused(&layout, &tool.run(), &words);
    let tool = layout.tool("ibgw-tickle").args(["--mode", "paper"]);
    is_refused(&layout, &tool.run(), &["live accounts", "paper"]);
    let tool = layout.tool("ibgw-tickle").args(["--mode", "live"]);
    tool.run().exits(0);
    layout
        .tool("ibgw-start")
        .args(["--stop", "--mode", "live"])
        .run()
        .exits(0);
    gone(&layout);
}

#[test]
fn one_of_another_username_or_with_other_folders_is_refused_by_name() {
    let layout = IbcLayout::new();
    start(&layout, "paper").exits(0);
    until(&layout, "ready");
    let other = record("paper").replace("someuser", "otheruser");
    let ran = layout.tool("ibgw-start").stdin(other).run();
    is_refused(&layout, &ran, &["another username"]);
    assert!(!ran.stderr.contains("someuser"), "{}", ran.all());
    let elsewhere = layout.path("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder can be made");
    let short = |args: &[&str]| layout.short().args(args).stdin(record("paper")).run();
    for flag in ["--tws-dir", "--ibc-dir", "--settings-dir"] {
        for way in [
            &[][..],
            &["--stop"],
            &["--restart"],
            &["--pause"],
            &["--check"],
        ] {
            let folder = elsewhere.to_string_lossy().into_owned();
            let ran = short(&[way, &[flag, &folder]].concat());
            is_refused(&layout, &ran, &[flag]);
        }
    }
    // By another name it is the same.
    symlink(layout.settings(), layout.path("link")).expect("a link can be made");
    let link = layout.path("link").to_string_lossy().into_owned();
    let report = short(&["--settings-dir", &link]).exits(0).report();
    assert_eq!(report["started"], json!(false), "{report}");
    stop(&layout).exits(0);
}

#[test]
fn a_start_that_wants_it_otherwise_is_refused_and_says_what_runs() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    let forward = port.number.to_string();
    let tool = layout.tool("ibgw-start").args(["--forward", &forward]);
    tool.stdin(record("paper")).run().exits(0);
    until(&layout, "ready");
    let again = |args: &[&str]| {
        let tool = layout.tool("ibgw-start").args(args);
        tool.stdin(record("paper")).run()
    };
    let other = TestPort::reserve();
    let free = other.number.to_string();
    for flags in [
        &["--forward", &free][..],
        &["--read-only-api", "yes"],
        &["--auto-restart", "11:45 PM"],
        &["--cold-restart", "13:30"],
    ] {
        for way in [&[][..], &["--check"]] {
            let ran = again(&[way, flags].concat());
            is_refused(&layout, &ran, &[flags[0]]);
            let shown = &ran.report()["forward"];
            assert_eq!(*shown, json!(format!("127.0.0.1:{forward}")));
        }
    }
    again(&["--forward", &forward]).exits(0);
    stop(&layout).exits(0);
}

#[test]
fn the_report_of_what_runs_names_what_runs() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    let forward = port.number.to_string();
    let tool = layout.tool("ibgw-start").args(["--forward", &forward]);
    let report = tool.stdin(record("paper")).run().exits(0).report();
    let address = json!(format!("127.0.0.1:{forward}"));
    assert_eq!(report["forward"], address, "{report}");
    until(&layout, "ready");
    let short = |way: &str| layout.short().args([way]).run().exits(0).report();
    let shown = short("--check");
    assert_eq!(
        (&shown["forward"], &shown["forward_open"], &shown["version"]),
        (&address, &json!(true), &json!("1045")),
        "{shown}"
    );
    let stopped = short("--stop");
    assert_eq!(
        (&stopped["forward"], &stopped["forward_open"]),
        (&json!(null), &json!(null)),
        "{stopped}"
    );
}

#[test]
fn a_gateway_of_the_other_kind_is_named_and_left_alone() {
    let (place, layout) = (Place::new(), IbcLayout::new());
    place.up();
    let state = place.path("state");
    let in_its_place = |args: &[&str]| {
        let tool = Tool::new("ibgw-start").state(&state);
        let tool = tool.args(["--kind", "tws", "--api-port", &place.port.to_string()]);
        tool.args(args).run().exits(6)
    };
    let folders = [layout.path("Jts"), layout.path("ibc")];
    let folders = folders.each_ref().map(|folder| folder.to_string_lossy());
    let check = [
        "--check",
        "--tws-dir",
        &folders[0],
        "--ibc-dir",
        &folders[1],
    ];
    for args in [&["--stop"][..], &check] {
        let ran = in_its_place(args);
        assert!(ran.stderr.contains("--kind cp"), "{}", ran.all());
    }
    let shared = |tool: Tool| tool.state(Path::new(&state));
    let tool = shared(layout.tool("ibgw-start"));
    tool.stdin(record("paper")).run().exits(0);
    let port = layout.api_port().to_string();
    shared(layout.tool("ibgw-login")).run().exits(0);
    for args in [&["--check"][..], &[], &["--stop"]] {
        let tool = place.tool_without_port(args).args(["--port", &port]);
        let ran = tool.run().exits(6);
        assert!(ran.stderr.contains("--kind tws"), "{}", ran.all());
    }
    place.down();
    shared(layout.tool("ibgw-start"))
        .args(["--stop"])
        .run()
        .exits(0);
}
