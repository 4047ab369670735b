//! `ibgw-start --kind tws`: phases, refusals, and what is said before anything is sent.

use super::runs::{gone, hold, record, start, stop};
use super::up::{course, until};
use crate::support::{IbcLayout, eventually, signal};
use serde_json::json;
use std::fs;
use std::time::Duration;

/// Demand 9: the log says how far it is, the probe alone that it is ready.
#[test]
fn it_is_ready_when_the_api_serves_and_not_before() {
    let layout = IbcLayout::new();
    layout.script(&json!({"lies": ["completed_before_api"]}));
    let report = start(&layout, "paper").exits(0).report();
    assert_eq!(
        (&report["state"], &report["started"]),
        (&json!("started"), &json!(true))
    );
    until(&layout, "logged_in");
    // Two more probes than it would take.
    std::thread::sleep(Duration::from_millis(1200));
    assert_eq!(
        course(&layout).unwrap_or_default()["phase"],
        json!("logged_in")
    );
    let again = start(&layout, "paper").exits(0).report();
    assert_eq!(
        (&again["started"], &again["phase"]),
        (&json!(false), &json!("logged_in"))
    );
    stop(&layout).exits(0);
    gone(&layout);
}

/// Demand 10.
#[test]
fn a_second_factor_is_announced_with_its_end_and_goes_on_when_it_is_given() {
    let layout = IbcLayout::new();
    layout.script(
        &json!({"second_factor": {"approved_after_ms": 3000}, "second_factor_timeout_ms": 60000}),
    );
    start(&layout, "live").exits(0);
    // The push is known a moment after the phase.
    let waiting = eventually("the push", || {
        course(&layout).filter(|course| course["pushed"] == true)
    });
    assert_eq!(waiting["phase"], "second_factor", "{waiting}");
    assert!(waiting["deadline"].is_string(), "{waiting}");
    let shown = layout
        .tool("ibgw-start")
        .args(["--check"])
        .run()
        .exits(0)
        .report();
    assert!(
        shown["next_action"]
            .as_str()
            .is_some_and(|text| text.contains("IBKR Mobile")),
        "{shown}"
    );
    until(&layout, "ready");
    stop(&layout).exits(0);
}

/// Demand 11.
#[test]
fn a_second_factor_without_an_answer_costs_one_submission() {
    let layout = IbcLayout::new();
    layout.script(&json!({"second_factor": "never", "second_factor_timeout_ms": 200}));
    let ran = hold(&layout, "live").exits(8);
    assert_eq!(ran.report()["reason"], json!("second_factor_expired"));
    assert_eq!(layout.submissions().len(), 1);
    gone(&layout);
}

/// Demand 12, and the second try that is not made.
#[test]
fn a_wrong_password_is_reported_at_once_and_never_sent_again() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "wrong_password"}));
    let ran = hold(&layout, "paper").exits(4);
    assert_eq!(ran.report()["reason"], json!("wrong_credentials"));
    gone(&layout);
    let ran = hold(&layout, "paper").exits(11);
    assert_eq!(
        (&ran.report()["state"], &ran.report()["reason"]),
        (&json!("held"), &json!("held_after_refusal"))
    );
    assert_eq!(layout.submissions().len(), 1);
}

/// Demand 13. A Java takes seconds to start; the stand-in's pace leaves us one.
#[test]
fn a_login_that_is_broken_off_is_sent_once_for_each_start_and_three_times_at_most() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "login_failed", "pace_ms": 100}));
    for sent in 1..=3 {
        let ran = hold(&layout, "paper").exits(9);
        assert_eq!(
            ran.report()["reason"],
            json!("login_failed"),
            "{}",
            ran.all()
        );
        assert_eq!(layout.submissions().len(), sent);
    }
    let ran = hold(&layout, "paper").exits(11);
    assert_eq!(
        ran.report()["reason"],
        json!("held_after_failures"),
        "{}",
        ran.all()
    );
    assert_eq!(layout.submissions().len(), 3);
    gone(&layout);
}

/// Demand 20.
#[test]
fn the_statuses_of_the_script_have_their_exits() {
    for (status, exit) in [
        (1, 5),
        (4, 5),
        (6, 6),
        (76, 9),
        (78, 6),
        (83, 5),
        (86, 9),
        (143, 9),
    ] {
        let layout = IbcLayout::new();
        layout.script(&json!({"exit_at_start": status}));
        let ran = hold(&layout, "paper").exits(exit);
        assert_eq!(ran.report()["child_exit"], json!(status), "{}", ran.all());
        gone(&layout);
    }
}

/// Demand 20: variables of the images are answered by name.
#[test]
fn a_variable_of_the_images_is_answered_and_no_tool_uses_its_value() {
    let layout = IbcLayout::new();
    let tool = layout
        .tool("ibgw-start")
        .args(["-v"])
        .env("TWSPASSWORD", "Image-marker-83");
    let ran = tool.stdin(record("paper")).run().exits(0);
    assert!(
        ran.stderr.contains("TWSPASSWORD is not read here"),
        "{}",
        ran.all()
    );
    assert!(ran.report()["warnings"].to_string().contains("other_name"));
    assert!(!(ran.stdout + &ran.stderr).contains("Image-marker-83"));
    until(&layout, "ready");
    let started = layout.played_of("start")[0].to_string();
    assert!(!started.contains("TWSPASSWORD"), "{started}");
    stop(&layout).exits(0);
}

#[test]
fn noise_in_the_log_changes_nothing() {
    for lies in [
        json!(["half_lines", "long_line", "garbage"]),
        json!(["flood"]),
    ] {
        let layout = IbcLayout::new();
        layout.script(&json!({"lies": lies, "gstat_trace": true}));
        start(&layout, "paper").exits(0);
        until(&layout, "ready");
        stop(&layout).exits(0);
    }
}

#[test]
fn what_is_missing_is_named_before_an_attempt_is_spent() {
    let layout = IbcLayout::new();
    let check = || layout.tool("ibgw-start").args(["--check"]);
    assert_eq!(check().run().exits(0).report()["state"], json!("stopped"));
    let java = layout.path("Jts/ibgateway/1045/.install4j/inst_jre.cfg");
    let said = fs::read_to_string(&java).expect("it is there");
    fs::write(&java, "/nowhere\n").expect("it can be written");
    assert!(check().run().exits(5).stderr.contains("/nowhere/bin/java"));
    check().args(["--java", "/usr/bin/java"]).run().exits(0);
    fs::write(&java, said).expect("it can be written");
    // The directory is mounted read-only, as in a container and under systemd.
    let mount = r#"exec unshare --user --map-root-user --mount sh -c 'mount --bind -o ro "$0" "$0" && exec "$@"' JTS "$0" "$@""#;
    let read_only =
        || check().in_shell(&mount.replace("JTS", &layout.path("Jts").display().to_string()));
    let script = layout.path("Jts/ibgateway/1045/ibgateway");
    assert!(read_only().run().exits(6).stderr.contains("ibgateway1"));
    fs::rename(&script, script.with_file_name("ibgateway1")).expect("it can be renamed");
    read_only().run().exits(0);
    fs::remove_file(layout.path("ibc/IBC.jar")).expect("it can be removed");
    assert!(check().run().exits(5).stderr.contains("IBC.jar"));
    start(&layout, "paper").exits(5);
    assert!(!layout.state().join("ledger").exists());
}

/// One that is held lets the next run see it, and does not keep it waiting.
#[test]
fn a_start_beside_one_that_is_held_tells_of_it_at_once() {
    let layout = IbcLayout::new();
    let tool = layout.tool("ibgw-start").args(["--foreground"]);
    let (mut held, _folder) = tool.stdin(record("paper")).spawn();
    until(&layout, "ready");
    let tool = layout.tool("ibgw-start").args(["--timeout", "20s"]);
    let report = tool.stdin(record("paper")).run().exits(0).report();
    assert_eq!(
        (&report["started"], &report["state"], &report["pid"]),
        (&json!(false), &json!("ready"), &json!(held.id()))
    );
    signal(held.id(), "TERM");
    let status = held.wait().expect("it ends");
    assert!(status.success(), "{status}");
    gone(&layout);
}
