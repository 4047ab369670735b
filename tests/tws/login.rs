//! `ibgw-login --kind tws`: the login that IBC types, followed to its end.

use crate::support::IbcLayout;
use serde_json::{Value, json};

fn record(mode: &str) -> String {
    let record = json!({"schema": "ibgw-secret/1", "username": "someuser", "password": "Gateway-marker-81", "mode": mode});
    format!("{record}\n")
}

fn start(layout: &IbcLayout, mode: &str) -> Value {
    let tool = layout.tool("ibgw-start").stdin(record(mode));
    tool.run().exits(0).report()
}

fn stop(layout: &IbcLayout) {
    layout.tool("ibgw-start").args(["--stop"]).run().exits(0);
}

/// What the guard has recorded.
fn recorded(layout: &IbcLayout) -> Value {
    let tool = layout.tool("ibgw-login").args(["--status"]);
    let standing = tool.stdin(record("paper")).run().exits(0).report();
    standing["submissions"].clone()
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
            "push_expired",
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
            "failed",
        ),
    ];
    for (script, exit, state, reason, outcome) in ends {
        let layout = IbcLayout::new();
        layout.script(&script);
        let started = layout.tool("ibgw-start").stdin(record("live")).run();
        // One that is over before it is looked at is told at once.
        assert!(
            started.status == 0 || started.status == exit || started.status == 9,
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
    }
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
    let pid = start(&layout, "paper")["pid"].to_string();
    let killed = std::process::Command::new("kill")
        .args(["-9", &pid])
        .status();
    assert!(killed.is_ok_and(|status| status.success()));
    let ran = layout.tool("ibgw-login").run().exits(7);
    assert_eq!(ran.report()["reason"], json!("broken_off"), "{}", ran.all());
    assert_eq!(recorded(&layout)[0]["outcome"], json!("failed"));
}

#[test]
fn the_modes_of_the_images_are_understood_and_contradictions_refused() {
    let layout = IbcLayout::new();
    let both = layout
        .tool("ibgw-login")
        .env("TRADING_MODE", "live")
        .env("IB_TRADING_MODE", "paper");
    let ran = both.run().exits(2);
    assert!(ran.stderr.contains("TRADING_MODE"), "{}", ran.all());
    layout
        .tool("ibgw-login")
        .env("TRADING_MODE", "both")
        .run()
        .exits(6);
    layout
        .tool("ibgw-login")
        .args(["--url", "https://localhost:5000"])
        .run()
        .exits(2);
}
