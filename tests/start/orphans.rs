//! No process without a record is left, whenever ibgw-start is killed.

use super::place::Place;
use super::service_manager::Manager;
use crate::support::{Tool, eventually, signal};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Child;
use std::thread;
use std::time::Duration;

/// SIGKILL, which no process can handle.
fn kill(mut child: Child) {
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
}

#[track_caller]
fn ends_with_it(place: &Place) {
    eventually("the Gateway's end", || {
        place.processes().is_empty().then_some(())
    });
}

/// Kills a run at moments that lie between its beginning and the Gateway's being up.
fn at_each_moment(tool: impl Fn() -> Tool, after: impl Fn()) {
    for milliseconds in (0..150).step_by(10) {
        let (child, _folder) = tool().spawn();
        // The moment itself is what is tried.
        thread::sleep(Duration::from_millis(milliseconds));
        kill(child);
        after();
    }
}

#[test]
fn a_gateway_that_is_held_ends_with_a_run_that_is_killed_while_it_starts() {
    let place = Place::new();
    at_each_moment(|| place.tool(["--foreground"]), || ends_with_it(&place));
    let tool = place
        .tool(["--foreground"])
        .env("IB_STANDIN_NEVER_LISTEN", "1");
    let (child, _folder) = tool.spawn();
    eventually("Java", || place.java());
    kill(child);
    ends_with_it(&place);
}

#[test]
fn a_gateway_that_is_held_ends_with_a_run_that_is_killed_while_it_stops() {
    let place = Place::new();
    for flags in [&["--foreground"][..], &["--foreground", "--logout"]] {
        // It does not end by SIGTERM, and with no upstream it answers no log-out: there is time to be killed in.
        let tool = place.tool(flags).env("IB_STANDIN_IGNORE_TERM", "1");
        let _ = fs::remove_file(place.path("notify"));
        let (manager, tool) = Manager::of(&place, tool);
        let (child, _folder) = tool.spawn();
        manager.hears("READY=1");
        signal(child.id(), "TERM");
        manager.hears("STOPPING=1");
        assert_eq!(place.processes().len(), 1);
        kill(child);
        ends_with_it(&place);
    }
}

#[test]
fn a_start_that_is_killed_leaves_only_what_stop_ends() {
    let place = Place::new();
    let shim = place.path("java");
    let java = place.path("gw/jre/bin/java");
    fs::write(
        &shim,
        format!("#!/bin/sh\nexec '{}' \"$@\"\n", java.display()),
    )
    .expect("it can be written");
    fs::set_permissions(&shim, fs::Permissions::from_mode(0o755)).expect("it can be set");
    let shim = shim.to_str().expect("a path");
    for flags in [&[][..], &["--java", shim], &["--run-script"]] {
        at_each_moment(
            || place.tool(flags).env("IB_STANDIN_NEVER_LISTEN", "1"),
            || {
                place.down();
                // A script's Java is no child of its own any more, and ends in its own time.
                ends_with_it(&place);
            },
        );
    }
}

#[test]
fn a_stop_that_is_killed_leaves_only_what_the_next_one_ends() {
    let place = Place::new();
    let tool = place.tool::<&str>([]).env("IB_STANDIN_IGNORE_TERM", "1");
    tool.run().exits(0);
    let (child, _folder) = place.tool(["--stop", "-v"]).spawn();
    // It waits for five seconds, in vain.
    thread::sleep(Duration::from_millis(300));
    kill(child);
    assert_eq!(place.processes().len(), 1);
    let report = place
        .tool(["--stop", "--timeout", "1s"])
        .run()
        .exits(0)
        .report();
    assert!(report["pid"].is_u64(), "{report}");
    place.is_empty();
}
