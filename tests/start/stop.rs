//! `--stop` ends exactly what was started.

use super::place::{Place, pid};
use crate::support::{Standin, Tool};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Child, Command};

/// A process that has nothing to do with us.
struct Bystander(Child);

impl Bystander {
    fn new() -> Self {
        Self(
            Command::new("sleep")
                .arg("600")
                .spawn()
                .expect("sleep runs"),
        )
    }

    #[track_caller]
    fn lives(&mut self) {
        assert!(matches!(self.0.try_wait(), Ok(None)), "it was ended");
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn edit(record: &Path, change: impl FnOnce(&mut Value)) {
    let bytes = fs::read(record).expect("the record is there");
    let mut value = serde_json::from_slice(&bytes).expect("it is JSON");
    change(&mut value);
    fs::write(record, value.to_string()).expect("it can be written");
}

#[test]
fn ends_the_gateway_and_says_which_process_it_was() {
    let place = Place::new();
    let up = place.up();
    let report = place.down();
    assert_eq!(report["state"], "stopped");
    assert_eq!(report["pid"], up["pid"]);
    place.is_empty();
    let again = place.down();
    assert_eq!(again["state"], "stopped");
    assert!(again["pid"].is_null(), "{again}");
}

#[test]
fn kills_a_gateway_that_does_not_end() {
    let place = Place::new();
    place
        .tool::<&str>([])
        .env("IB_STANDIN_IGNORE_TERM", "1")
        .run()
        .exits(0);
    let report = place
        .tool(["--stop", "--timeout", "1s"])
        .run()
        .exits(0)
        .report();
    assert_eq!(report["state"], "stopped");
    assert_eq!(report["warnings"][0], "killed", "{report}");
    place.is_empty();
}

#[test]
fn never_ends_a_process_that_only_has_the_pid() {
    let place = Place::new();
    place.up();
    let record = place.instance("record.json");
    let kept = fs::read(&record).expect("the record is there");
    place.down();
    let mut bystander = Bystander::new();
    fs::write(&record, kept).expect("it can be written");
    edit(&record, |value| value["pid"] = json!(bystander.0.id()));
    let report = place.down();
    assert!(report["pid"].is_null(), "{report}");
    assert!(!record.exists(), "a stale record is removed");
    bystander.lives();
}

#[test]
fn never_ends_a_process_of_another_boot() {
    let place = Place::new();
    let up = place.up();
    let record = place.instance("record.json");
    edit(&record, |value| {
        value["boot"] = json!("00000000-0000-0000-0000-000000000000")
    });
    // The Gateway answers, and its process is not known here.
    let ran = place.tool(["--stop"]).run().exits(6);
    assert_eq!(ran.report()["state"], "ready", "{}", ran.all());
    assert_eq!(place.processes().len(), 1);
    crate::support::signal(pid(&up), "KILL");
    crate::support::eventually("its end", || place.processes().is_empty().then_some(()));
}

#[test]
fn sets_a_damaged_record_aside() {
    let place = Place::new();
    fs::create_dir_all(place.instance("")).expect("it can be made");
    fs::write(place.instance("record.json"), "{\"pid\":").expect("it can be written");
    let report = place.down();
    assert_eq!(report["warnings"][0], "record_set_aside", "{report}");
    let names = fs::read_dir(place.instance(""))
        .expect("a folder")
        .flatten();
    let kept = names.filter(|entry| entry.file_name().to_string_lossy().contains("corrupt"));
    assert_eq!(kept.count(), 1);
}

#[test]
fn leaves_a_gateway_alone_that_it_did_not_start() {
    let standin = Standin::serve();
    let ran = Tool::new("ibgw-start")
        .args(["--stop", "--url", standin.url()])
        .run()
        .exits(6);
    assert_eq!(ran.report()["state"], "ready", "{}", ran.all());
    let message = ran.error()["message"].to_string();
    assert!(message.contains("left alone"), "{message}");
}

#[test]
fn logs_out_first_when_asked_to() {
    let standin = Standin::upstream();
    let place = Place::with_upstream(standin.upstream_url());
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    place.up();
    let report = place.tool(["--stop", "--logout"]).run().exits(0).report();
    assert_eq!(
        report["warnings"].as_array().map(Vec::len),
        Some(0),
        "{report}"
    );
    let asked = standin.requests();
    assert!(
        asked
            .iter()
            .any(|request| request["path"] == "/v1/api/logout"),
        "{asked:?}"
    );
    assert_eq!(standin.truth()["sso"], false);
}

#[test]
fn logs_out_no_session_when_another_gateway_has_the_port() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    let place = Place::new();
    let up = place.up();
    // The record of the one that was started here, at the port of the other.
    let port = standin.about["port"].to_string();
    let folder = place.path(&format!("state/gateway/cp-{port}"));
    fs::create_dir_all(&folder).expect("it can be made");
    fs::rename(place.instance("record.json"), folder.join("record.json"))
        .expect("the record can be moved");
    let tool = place.tool_without_port(["--stop", "--logout", "--port", &port]);
    let report = tool.run().exits(0).report();
    assert_eq!(report["pid"], up["pid"], "{report}");
    assert_eq!(report["warnings"], json!(["logout_failed"]), "{report}");
    assert_eq!(standin.truth()["sso"], true);
    let asked = standin.requests();
    let is_logout = |request: &Value| request["path"].to_string().contains("logout");
    assert!(!asked.iter().any(is_logout), "{asked:?}");
    place.is_empty();
}

#[test]
fn stops_although_the_log_out_fails() {
    // With no upstream the Gateway never answers.
    let place = Place::new();
    place.up();
    let report = place
        .tool(["--stop", "--logout", "--timeout", "1s"])
        .run()
        .exits(0)
        .report();
    assert_eq!(report["state"], "stopped");
    assert_eq!(report["warnings"][0], "logout_failed", "{report}");
    place.is_empty();
}
