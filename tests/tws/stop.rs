//! `--stop` of an IB Gateway, and its report.

use super::runs::begun;
use super::up::course;
use crate::start::place::pid;
use crate::support::IbcLayout;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

/// The path of the course.
fn course_path(layout: &IbcLayout) -> PathBuf {
    let path = format!("gateway/tws-{}/course.json", layout.api_port());
    layout.state().join(path)
}

/// The first process of a PID namespace gets no signal from inside that it does not handle, not even SIGKILL
/// (pid_namespaces(7)). The tool enters the namespace, so that it is not a child of that process.
#[test]
fn a_stop_that_even_sigkill_does_not_end_has_its_warnings_in_its_report() {
    let (layout, _) = begun(&json!({}));
    let mut course = course(&layout).expect("there is a course");
    layout.tool("ibgw-start").args(["--stop"]).run().exits(0);
    course["supervisor"]["pid"] = json!(1);
    course["supervisor"]["command"] = json!([]);
    // A number that no other part of the course has.
    course["supervisor"]["started"] = json!(987_654_321);
    fs::write(course_path(&layout), course.to_string()).expect("a course can be written");
    let script = r#"
        user='--user --map-root-user' enter=--user
        [ "$(id -u)" != 0 ] || user='' enter=''
        unshare $user --pid --fork --mount-proc --kill-child sleep 60 >/dev/null &
        holder=$!
        until first=$(pgrep -P "$holder" -x sleep); do kill -0 "$holder" || exit 99; sleep 0.05; done
        nsenter --target "$first" $enter --pid --mount sh -c '
            started=$(cut -d " " -f 22 /proc/1/stat)
            sed -i "s/987654321/$started/" "$COURSE"
            "$0" "$@" --stop --timeout 1s' "$0" "$@"
        status=$?
        kill -KILL "$first"
        exit "$status""#;
    let tool = layout.tool("ibgw-start");
    let tool = tool.env("COURSE", course_path(&layout));
    let ran = tool.in_shell(script).run().exits(9);
    assert!(ran.stderr.contains("outlived SIGKILL"), "{}", ran.all());
    let warnings = &ran.report()["warnings"];
    assert_eq!(*warnings, json!(["killed"]), "{}", ran.all());
}

#[test]
fn a_stop_of_another_one_that_is_refused_has_its_warnings_in_its_report() {
    let (layout, _) = begun(&json!({}));
    // A variable of the IB Gateway images that is not read.
    let tool = layout.tool("ibgw-start").args(["--stop", "--mode", "live"]);
    let ran = tool.env("TIME_ZONE", "UTC").run().exits(6);
    assert_eq!(
        ran.report()["warnings"],
        json!(["other_name"]),
        "{}",
        ran.all()
    );
    assert_eq!(course(&layout).unwrap_or_default()["phase"], json!("ready"));
    layout.tool("ibgw-start").args(["--stop"]).run().exits(0);
}

/// The words that a process was started with.
fn words_of(report: &Value) -> Vec<String> {
    let path = format!("/proc/{}/cmdline", pid(report));
    let words = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    words.split('\0').map(str::to_owned).collect()
}

#[test]
fn the_pid_of_each_report_is_the_supervisors() {
    let (layout, started) = begun(&json!({}));
    let words = words_of(&started);
    assert!(
        words.iter().any(|word| word == "--supervisor"),
        "{started}: {words:?}"
    );
    let report = |way: &str| {
        let ran = layout.tool("ibgw-start").args([way]).run().exits(0);
        ran.report()["pid"].clone()
    };
    for way in ["--check", "--restart", "--stop"] {
        assert_eq!(report(way), started["pid"], "{way}");
    }
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/man/ibgw-start.1"));
    let page = page.expect("the page can be read");
    let of_tws = page.split("generated: keys ibgw-start/1 TwsReport").nth(1);
    let item = of_tws.and_then(|keys| keys.split(".It Li pid\n").nth(1));
    let item = item.unwrap_or_default();
    let item = item.split(".It ").next().unwrap_or_default();
    assert!(item.contains("the supervisor's process"), "{item}");
}
