//! What the guard lets through only when a person is there, or the clock says so.

use super::*;
use std::time::{SystemTime, UNIX_EPOCH};

/// A daily window, some minutes from this one on; negative ones have passed.
fn window(from: i64, to: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let minutes = now.expect("it is after 1970").as_secs().cast_signed() / 60;
    let clock = |offset: i64| {
        let of_day = (minutes + offset).rem_euclid(24 * 60);
        format!("{:02}:{:02}", of_day / 60, of_day % 60)
    };
    format!("{}-{} UTC", clock(from), clock(to))
}

/// Two runs without an approval, a third that is held, and one with a person there.
fn is_held_until_a_person_is_there(runs: &Runs, by: By, given: &[&str], exit: i32, reason: &str) {
    for pushes in [1, 2] {
        let ran = runs.run(by, given).exits(exit);
        assert_eq!(ran.report()["reason"], reason, "{}", ran.all());
        assert_eq!(runs.standin.truth()["pushes"], pushes, "{}", ran.all());
    }
    let ran = runs.run(by, given).exits(11);
    let report = ran.report();
    assert_eq!(report["reason"], "held_after_pushes", "{}", ran.all());
    assert_eq!(report["hold_until"], json!(null), "{}", ran.all());
    let wait = &ran.error()["retry_after_seconds"];
    assert_eq!(*wait, json!(null), "{}", ran.all());
    assert_eq!(runs.standin.truth()["pushes"], 2, "{}", ran.all());

    let attended = [given, &["--attended"]].concat();
    runs.run(by, &attended).exits(exit);
    let truth = runs.standin.truth();
    assert_eq!(
        (&truth["pushes"], &truth["resends"]),
        (&json!(3), &json!(0)),
        "{truth}"
    );
}

#[test]
fn two_notifications_without_an_approval_hold_until_a_person_is_there() {
    let runs = Runs::of_push_user();
    let given = ["--push-wait", "1ms"];
    is_held_until_a_person_is_there(&runs, on_the_page, &given, 8, "second_factor_expired");
}

#[test]
fn a_third_notification_without_a_browser_is_held_too() {
    let runs = Runs::of_push_user();
    let given = ["--second-factor", "push", "--push-wait", "1s"];
    is_held_until_a_person_is_there(&runs, directly, &given, 8, "second_factor_expired");
}

#[test]
fn a_person_at_a_terminal_is_there() {
    let runs = Runs::of_push_user();
    let run = |shell: &str| {
        let tool = on_the_page(&runs.standin).env("IBGW_PUSH_WAIT", "1ms");
        let tool = tool.state(runs.state.path()).in_shell(shell);
        let file = tool.folder.path().join("record.json");
        fs::write(&file, &runs.record).expect("it can be written");
        tool.run()
    };
    for _ in 0..2 {
        run("exec \"$0\" --login record.json").exits(8);
    }
    run("exec \"$0\" --login record.json").exits(11);
    let status = runs.run(on_the_page, &["--status"]).exits(0).report();
    assert_eq!(status["hold_reason"], "unanswered_pushes", "{status}");
    assert_eq!(status["unanswered_pushes"], 2, "{status}");
    // It reports what holds the unattended run, also to a person.
    let ran = run("exec script -qec \"$0 --status --login record.json\" /dev/null").exits(0);
    let words =
        "held until a person logs in (--attended): no person approved the last two notifications";
    assert!(ran.stdout.contains(words), "{}", ran.all());
    let ran = run("exec script -qec \"$0 --login record.json\" /dev/null");
    assert_eq!(runs.standin.truth()["pushes"], 3, "{}", ran.all());
    let ran = run("exec script -qec \"$0 --status --login record.json\" /dev/null").exits(0);
    let shown = &ran.stdout;
    assert!(shown.contains("failures in 24 hours left"), "{}", ran.all());
    assert!(
        shown.contains("OUTCOME") && shown.contains("1 notification"),
        "{}",
        ran.all()
    );
    assert!(
        shown.contains("\"schema\":\"ibgw-login-status/1\""),
        "{}",
        ran.all()
    );
    let piped = run("exec \"$0\" --status --login record.json").exits(0);
    piped.is_silent_on_stderr().report();
}

#[test]
fn nothing_unattended_is_sent_in_a_quiet_window() {
    let standin = Standin::serve();
    let quiet = |quiet: &str, more: &[&str]| {
        let tool = login(&standin).args(["--quiet", quiet]).args(more);
        tool.stdin(plain()).run()
    };
    let ran = quiet(&window(-2, 30), &[]).exits(11);
    assert_eq!(ran.report()["reason"], "held_by_quiet", "{}", ran.all());
    let wait = ran.error()["retry_after_seconds"].as_u64();
    assert!(
        wait.is_some_and(|wait| (1700..=1800).contains(&wait)),
        "{}",
        ran.all()
    );
    quiet(
        &format!("ibkr-weekend,{}", window(-2, 30)),
        &["--force-after-hold"],
    )
    .exits(11);
    sent(&standin, 0, 0);
    quiet(&window(-30, -2), &[]).exits(0);
    standin.make("drop-session", &json!({}));
    quiet(&window(-2, 30), &["--attended"]).exits(0);
    sent(&standin, 2, 0);
    // It holds no tool that has nothing to send.
    quiet(&window(-2, 30), &[]).exits(0);
}

#[test]
fn an_invalid_window_is_a_wrong_call() {
    let standin = Standin::serve();
    for (quiet, words) in [
        ("Fri 23:00", "not a window"),
        ("ibkr", "ibkr-weekend"),
        ("10:00-11:00 Mars/Olympus", "time zone"),
    ] {
        let tool = login(&standin).args(["--quiet", quiet]);
        let ran = tool.stdin(plain()).run().exits(2).is_silent_on_stdout();
        assert!(
            ran.error()["message"].to_string().contains(words),
            "{}",
            ran.all()
        );
    }
}

#[test]
fn a_clock_that_is_set_shortens_no_hold() {
    let runs = Runs::of(record("testuser01", "Wrong-Horse9", None, "live"));
    runs.run(login, &[]).exits(4);
    // Only the wall clock is set, as by date(1) or NTP.
    let status = |set: &str| {
        let tool = runs.tool(login).clock(set).args(["--status"]);
        tool.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").run().exits(0)
    };
    for set in ["+25h", "-25h", "+3y", "+0h"] {
        let ran = status(set);
        let report = ran.report();
        assert_eq!(report["state"], "held", "{set}: {}", ran.all());
        assert_eq!(report["failures_left"], 2, "{set}: {}", ran.all());
    }
}
