//! `--foreground`: the Gateway is held.

use super::place::{Place, pid};
use super::service_manager::Manager;
use crate::support::{Ran, Standin};
use crate::support::{eventually, signal};
use serde_json::json;
use std::fs::{self, File};
use std::io::Read;
use std::process::Command;
use std::time::{Duration, Instant};

#[test]
fn logs_out_on_sigterm_with_the_flag() {
    let standin = Standin::upstream();
    let place = Place::with_upstream(standin.upstream_url());
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    let (manager, tool) = Manager::of(&place, place.tool(["--foreground", "--logout"]));
    let (child, _folder) = tool.spawn();
    manager.hears("READY=1");
    signal(child.id(), "TERM");
    let stopping = manager.hears("STOPPING=1");
    assert!(stopping.contains("STATUS=logging out"), "{stopping}");
    let report = Ran::of(child).exits(0).is_silent_on_stderr().report();
    assert_eq!(report["warnings"], json!(["admits_network"]), "{report}");
    assert_eq!(report["child_exit"], 143, "{report}");
    assert_eq!(standin.truth()["sso"], false);
}

#[test]
fn ends_in_time_without_an_answer_of_a_gateway_that_does_not_end() {
    // With no upstream the Gateway answers no log-out.
    let place = Place::new();
    let tool = place
        .tool(["--foreground", "--logout"])
        .env("IB_STANDIN_IGNORE_TERM", "1");
    let (manager, tool) = Manager::of(&place, tool);
    let (child, _folder) = tool.spawn();
    manager.hears("READY=1");
    signal(child.id(), "TERM");
    let told = Instant::now();
    let report = Ran::of(child).exits(0).report();
    assert_eq!(
        report["warnings"],
        json!(["admits_network", "logout_failed"]),
        "{report}"
    );
    assert_eq!(report["child_exit"], 137, "{report}");
    // Ten seconds to log out, five to end by SIGTERM, and a margin for a loaded machine.
    assert!(
        told.elapsed() < Duration::from_secs(25),
        "{:?}",
        told.elapsed()
    );
    place.is_empty();
}

#[test]
fn writes_a_line_feed_when_ready_and_closes_the_descriptor() {
    let place = Place::new();
    let pipe = place.path("ready");
    let made = Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .expect("mkfifo runs");
    assert!(made.success());
    let shell = r#"exec 3>"$1"; exec "$0" --foreground --ready-fd 3"#;
    let mut child = Command::new("sh");
    child
        .args(["-c", shell])
        .arg(crate::support::binary("ibgw-start"))
        .arg(&pipe)
        .env("IBGW_STATE_DIR", place.path("state"))
        .env("IBGW_GATEWAY_DIR", place.path("gw"))
        .env("IBGW_JAVA", place.path("gw/jre/bin/java"))
        .env("IBGW_PORT", place.port.to_string())
        .stdout(std::process::Stdio::piped());
    let child = child.spawn().expect("sh runs");
    let mut said = String::new();
    // It ends only when no process has the other end any more, Java included.
    let mut reader = File::open(&pipe).expect("the pipe opens");
    reader.read_to_string(&mut said).expect("it can be read");
    assert_eq!(said, "\n");
    signal(child.id(), "TERM");
    assert_eq!(Ran::of(child).exits(0).report()["state"], "stopped");
}

#[test]
fn refuses_a_descriptor_that_is_not_open() {
    let place = Place::new();
    let ran = place.tool(["--foreground", "--ready-fd", "77"]).run();
    let message = ran.exits(2).is_silent_on_stdout().error()["message"].to_string();
    assert!(message.contains("--ready-fd 77"), "{message}");
    place.is_empty();
}

#[test]
fn ends_with_the_gateway() {
    let place = Place::new();
    let tool = place
        .tool(["--foreground"])
        .env("IB_STANDIN_DIE_AFTER_MS", "600");
    let ran = tool.run().exits(9);
    let report = ran.report();
    assert_eq!(report["state"], "exited", "{report}");
    assert_eq!(report["child_exit"], 1, "{report}");
    let message = ran.error()["message"].to_string();
    assert!(message.contains("OutOfMemoryError"), "{message}");
    place.is_empty();
}

#[test]
fn takes_the_gateway_along_when_it_is_killed() {
    let place = Place::new();
    let (manager, tool) = Manager::of(&place, place.tool(["--foreground"]));
    let (mut child, _folder) = tool.spawn();
    manager.hears("READY=1");
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
    eventually("the Gateway's end", || {
        place.processes().is_empty().then_some(())
    });
    // Its record does not matter.
    place.up();
    place.down();
}

#[test]
fn says_by_which_signal_the_gateway_ended() {
    let place = Place::new();
    for (name, child_exit) in [("INT", 130), ("HUP", 129), ("KILL", 137)] {
        let _ = fs::remove_file(place.path("notify"));
        let (manager, tool) = Manager::of(&place, place.tool(["--foreground"]));
        let (child, _folder) = tool.spawn();
        manager.hears("READY=1");
        let report = place.tool(["--check"]).run().exits(0).report();
        signal(pid(&report), name);
        let report = Ran::of(child).exits(9).report();
        assert_eq!(report["child_exit"], child_exit, "{report}");
    }
}

#[test]
fn says_when_another_run_has_stopped_the_gateway() {
    let place = Place::new();
    let (manager, tool) = Manager::of(&place, place.tool(["--foreground"]));
    let (child, _folder) = tool.spawn();
    manager.hears("READY=1");
    place.down();
    manager.hears("STATUS=another ibgw-start --stop ended the Gateway");
    let report = Ran::of(child).exits(0).is_silent_on_stderr().report();
    assert_eq!(report["state"], "stopped", "{report}");
    assert_eq!(report["child_exit"], 143, "{report}");
    assert_eq!(
        report["warnings"],
        json!(["admits_network", "stopped_by_another"]),
        "{report}"
    );
}

#[test]
fn holds_only_what_it_started() {
    let place = Place::new();
    let up = place.up();
    let ran = place.tool(["--foreground"]).run().exits(6);
    let report = ran.report();
    assert_eq!(report["state"], "ready", "{report}");
    assert_eq!(report["pid"], up["pid"], "{report}");
    place.down();
}

#[test]
fn kills_a_gateway_that_does_not_end_when_told() {
    let place = Place::new();
    let tool = place
        .tool(["--foreground"])
        .env("IB_STANDIN_IGNORE_TERM", "1");
    let (manager, tool) = Manager::of(&place, tool);
    let (child, _folder) = tool.spawn();
    manager.hears("READY=1");
    signal(child.id(), "INT");
    let report = Ran::of(child).exits(0).report();
    assert_eq!(report["child_exit"], 137, "{report}");
    place.is_empty();
}
