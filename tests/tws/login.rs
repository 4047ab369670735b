//! `ibgw-login --kind tws`: the login that IBC types, followed to its end.

use super::runs::{self, gone, record};
use crate::support::{IbcLayout, at_once, signal};
use serde_json::{Value, json};
use std::fs;

fn start(layout: &IbcLayout, mode: &str) -> Value {
    runs::start(layout, mode).exits(0).report()
}

fn stop(layout: &IbcLayout) {
    runs::stop(layout).exits(0);
}

/// What the guard has recorded.
fn recorded(layout: &IbcLayout) -> Value {
    let tool = layout.tool("ibgw-login").args(["--status"]);
    let standing = tool.stdin(record("paper")).run().exits(0).report();
    standing["submissions"].clone()
}

fn kill_supervisor(started: &Value) {
    let pid = started["pid"].as_u64().expect("a pid");
    signal(u32::try_from(pid).expect("a pid"), "KILL");
}

#[test]
fn a_login_is_followed_until_the_api_serves_and_resolved_once() {
    let layout = IbcLayout::new();
    start(&layout, "paper");
    assert_eq!(recorded(&layout)[0]["outcome"], json!(null));
    for _ in 0..2 {
        let report = layout.tool("ibgw-login").run().exits(0).report();
        assert_eq!(
            (
                &report["state"],
                &report["how"],
                &report["phase"],
                &report["kind"]
            ),
            (
                &json!("ready"),
                &json!("ibc"),
                &json!("ready"),
                &json!("tws")
            )
        );
        let recorded = recorded(&layout);
        assert_eq!(recorded.as_array().map(Vec::len), Some(1));
        assert_eq!(recorded[0]["outcome"], json!("succeeded"));
        assert_eq!(recorded[0]["method"], json!("ibc"));
    }
    stop(&layout);
}

#[test]
fn a_notification_is_announced_and_awaited() {
    let layout = IbcLayout::new();
    layout.script(
        &json!({"second_factor": {"approved_after_ms": 1500}, "second_factor_timeout_ms": 60000}),
    );
    start(&layout, "live");
    let login = layout.tool("ibgw-login");
    let login = login.args(["--before-push", "touch announced", "-v"]);
    let announced = login.folder.path().join("announced");
    let (child, _folder) = login.spawn();
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    assert!(announced.exists());
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    assert_eq!(report["second_factor"], json!("push"));
    assert_eq!(report["mode"], json!("live"));
    let recorded = recorded(&layout);
    assert_eq!(
        (&recorded[0]["outcome"], &recorded[0]["push"]),
        (&json!("succeeded"), &json!(true))
    );
    stop(&layout);
}

#[test]
fn each_end_has_its_state_its_exit_and_its_word_in_the_ledger() {
    let second_factor = json!({"second_factor": "never", "second_factor_timeout_ms": 200});
    let ends = [
        (
            json!({"login": "wrong_password"}),
            4,
            "refused",
            "wrong_credentials",
            "refused",
        ),
        (
            json!({"login": "too_many_attempts"}),
            4,
            "refused",
            "locked",
            "locked",
        ),
        (
            json!({"login": "too_many_attempts", "asks_to_wait": " Please wait 53 seconds before attempting to re-login again."}),
            12,
            "unavailable",
            "wait_asked",
            "failed",
        ),
        (
            json!({"devices": ["IB Key", "Mobile Authenticator app"], "second_factor": {"approved_after_ms": 20}}),
            6,
            "not_authenticated",
            "device_absent",
            "failed",
        ),
        (
            json!({"login": "passkey"}),
            4,
            "refused",
            "passkey_wanted",
            "failed",
        ),
        (
            second_factor,
            8,
            "second_factor_expired",
            "second_factor_expired",
            "failed",
        ),
        (
            json!({"login": "login_failed", "pace_ms": 100}),
            12,
            "unavailable",
            "login_failed",
            "failed",
        ),
        (
            json!({"login": {"existing_session": 2}}),
            10,
            "competing",
            "gave_way",
            "succeeded",
        ),
        (
            json!({"login": {"existing_session": 1}}),
            10,
            "competing",
            "choice_wanted",
            "succeeded",
        ),
    ];
    at_once(4, ends, |(script, exit, state, reason, outcome)| {
        let layout = IbcLayout::new();
        layout.script(&script);
        let started = layout.tool("ibgw-start").stdin(record("live")).run();
        // A login that is over before the first look is reported at once.
        assert!(
            [0, 6, 9, exit].contains(&started.status),
            "{}",
            started.all()
        );
        let ran = layout.tool("ibgw-login").run().exits(exit);
        let report = ran.report();
        assert_eq!(
            (&report["state"], &report["reason"]),
            (&json!(state), &json!(reason)),
            "{}",
            ran.all()
        );
        let recorded = recorded(&layout);
        assert_eq!(recorded[0]["outcome"], json!(outcome), "{}", ran.all());
        assert_eq!(layout.submissions().len(), 1, "{script}");
    });
}

#[test]
fn an_api_that_speaks_something_else_is_unexpected_and_no_page() {
    let layout = IbcLayout::new();
    layout.script(&json!({"api": {"lie": {"at": "handshake", "how": "close"}}}));
    start(&layout, "paper");
    let ran = layout.tool("ibgw-login").args(["--timeout", "3s"]).run();
    let report = ran.exits(9).report();
    assert_eq!(
        (&report["state"], &report["reason"]),
        (&json!("unexpected"), &json!("not_ready"))
    );
    stop(&layout);
}

#[test]
fn where_nothing_was_started_it_is_down_and_no_secret_is_needed() {
    let layout = IbcLayout::new();
    let ran = layout.tool("ibgw-login").run().exits(7);
    assert_eq!(ran.report()["state"], json!("down"));
    assert!(
        ran.stderr.contains("ibgw-start --kind tws"),
        "{}",
        ran.all()
    );
}

#[test]
fn a_login_that_still_goes_on_is_left_to_the_next_run() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": {"hang_at": "credentials"}}));
    start(&layout, "paper");
    let ran = layout
        .tool("ibgw-login")
        .args(["--timeout", "300ms"])
        .run()
        .exits(8);
    assert_eq!(ran.report()["state"], json!("timed_out"));
    assert_eq!(recorded(&layout)[0]["outcome"], json!(null));
    stop(&layout);
    let ran = layout.tool("ibgw-login").run().exits(7);
    assert_eq!(ran.report()["reason"], json!("told"), "{}", ran.all());
    assert_eq!(recorded(&layout)[0]["outcome"], json!("failed"));
}

#[test]
fn a_supervisor_that_was_killed_is_noticed() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": {"hang_at": "credentials"}}));
    kill_supervisor(&start(&layout, "paper"));
    let ran = layout.tool("ibgw-login").run().exits(7);
    assert_eq!(ran.report()["reason"], json!("broken_off"), "{}", ran.all());
    assert_eq!(recorded(&layout)[0]["outcome"], json!("failed"));
    gone(&layout);
}

#[test]
fn a_supervisor_that_was_killed_when_all_was_well_is_noticed_at_once() {
    let layout = IbcLayout::new();
    let started = start(&layout, "paper");
    layout.tool("ibgw-login").run().exits(0);
    kill_supervisor(&started);
    let ran = layout.tool("ibgw-login").run().exits(7);
    assert_eq!(ran.report()["reason"], json!("broken_off"), "{}", ran.all());
    gone(&layout);
}

#[test]
fn an_instance_says_nothing_of_another_ones_attempt() {
    let (paper, live) = (IbcLayout::new(), IbcLayout::new());
    start(&paper, "paper");
    paper.tool("ibgw-login").run().exits(0);
    live.script(&json!({"login": {"hang_at": "credentials"}}));
    let of_both = |tool| live.tool(tool).state(&paper.state());
    of_both("ibgw-start").stdin(record("live")).run().exits(0);
    // Of the instance that is ready.
    paper.tool("ibgw-login").run().exits(0);
    assert_eq!(recorded(&paper)[1]["outcome"], json!(null));
    of_both("ibgw-start").args(["--stop"]).run().exits(0);
    of_both("ibgw-login").run().exits(7);
    assert_eq!(recorded(&paper)[1]["outcome"], json!("failed"));
    stop(&paper);
}

#[test]
fn an_earlier_start_says_nothing_of_a_later_attempt() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "wrong_password"}));
    // A login that is over before the first look is reported at once.
    layout.tool("ibgw-start").stdin(record("paper")).run();
    layout.tool("ibgw-login").run().exits(4);
    let file = layout
        .state()
        .join(format!("gateway/tws-{}/course.json", layout.api_port()));
    let earlier = fs::read(&file).expect("a course");
    layout.script(&json!({"login": {"hang_at": "credentials"}}));
    let again = layout.tool("ibgw-start").args(["--force-after-hold"]);
    let started = again.stdin(record("paper")).run().exits(0).report();
    kill_supervisor(&started);
    // As it is until the supervisor of the later start has said its first word.
    fs::write(&file, earlier).expect("a file can be written");
    layout.tool("ibgw-login").run().exits(4);
    assert_eq!(recorded(&layout)[1]["outcome"], json!(null));
    gone(&layout);
}
