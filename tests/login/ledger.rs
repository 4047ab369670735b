//! The ledger: private, never lost, never silently begun anew.

use super::*;
use crate::support::{eventually, signal};

#[test]
fn a_ledger_that_cannot_be_understood_is_kept_and_holds() {
    let runs = Runs::of(plain());
    runs.run(login, &["--status"]).exits(0);
    runs.run(login, &[]).exits(0);
    runs.standin.make("drop-session", &json!({}));
    let ledger = runs.ledger();
    fs::write(&ledger, "{\"schema\":\"ib-led").expect("it can be written");

    let ran = runs.run(login, &[]).exits(11);
    assert_eq!(ran.report()["reason"], "held_by_ledger", "{}", ran.all());
    assert_eq!(
        ran.report()["warnings"],
        json!(["ledger_unreadable"]),
        "{}",
        ran.all()
    );
    let kept = left_in(&runs.state.path().join("ledger"));
    assert!(kept.iter().any(|name| name.contains("corrupt")), "{kept:?}");
    sent(&runs.standin, 1, 0);

    // Only a person vouches for the count, and only once.
    let forgive = |arguments: &[&str]| {
        let forgive = ["--forgive", "there was none"];
        runs.run(login, &[&forgive, arguments].concat())
    };
    let refused = |ran: Ran, words: &str| {
        let message = ran.error()["message"].to_string();
        assert!(message.contains(words), "{}", ran.all());
    };
    refused(forgive(&[]).exits(11), "only a person");
    let ran = forgive(&["--attended"]).exits(0);
    assert_eq!(ran.report()["state"], "free", "{}", ran.all());
    fs::write(&ledger, "").expect("it can be written");
    refused(forgive(&["--attended"]).exits(11), "once more");
}

/// A ledger that was edited, or written by a machine without a clock, is shown and counted like any other.
#[test]
fn no_time_in_a_ledger_is_too_far_away_to_be_shown_and_to_hold() {
    let runs = Runs::of(plain());
    runs.run(login, &["--status"]).exits(0);
    for far in [253_402_300_800, 1 << 31, 1 << 63, u64::MAX] {
        let failed = json!({
            "at": far, "elapsed": far, "method": "browser", "mode": "live", "outcome": "failed", "attended": false,
            "codes": 0, "push": null, "push_counted": false, "forgiven": false,
        });
        let seen = json!({"wall": far, "boot": "another", "uptime": far, "elapsed": far});
        let ledger = json!({
            "schema": "ib-ledger/2", "clock": [seen], "submissions": [failed], "begun_anew": null,
            "latch": {"at": far, "elapsed": far, "why": "refused"}, "code_windows": [far],
            "pushes": {"unanswered": 0, "expected": {}},
            "forgiven": [{"at": far, "by": "trader", "reason": "none"}],
        });
        fs::write(runs.ledger(), ledger.to_string()).expect("it can be written");
        let ran = runs.run(login, &["--status"]).exits(0);
        assert_eq!(ran.report()["state"], "held", "{far}: {}", ran.all());
        assert_eq!(ran.report()["warnings"], json!([]), "{far}: {}", ran.all());
        runs.run(login, &[]).exits(11);
    }
    sent(&runs.standin, 0, 0);
}

#[test]
fn warns_of_a_state_directory_that_is_not_kept() {
    let runs = Runs::of(record("testuser01", "Wrong-Horse9", None, "live"));
    let warned = |ran: Ran| ran.report()["warnings"] == json!(["ledger_begun"]);
    runs.run(login, &["--status"]).exits(0);
    assert!(warned(runs.run(login, &[]).exits(4)));
    assert!(!warned(runs.run(login, &["--force-after-hold"]).exits(4)));
    fs::remove_dir_all(runs.state.path().join("ledger")).expect("it can be deleted");
    let ran = runs.run(login, &[]).exits(4);
    // What was counted is lost with it.
    assert_eq!(ran.report()["failures_left"], 2, "{}", ran.all());
    assert!(warned(ran));
}

#[test]
fn an_older_copy_counts_what_was_counted_then() {
    let runs = Runs::of(record("testuser01", "Wrong-Horse9", None, "live"));
    runs.run(login, &[]).exits(4);
    let ledger = runs.ledger();
    let older = fs::read(&ledger).expect("it can be read");
    runs.run(login, &["--force-after-hold"]).exits(4);
    fs::write(&ledger, older).expect("it can be written");
    let ran = runs.run(login, &[]).exits(11);
    assert_eq!(ran.report()["failures_left"], 2, "{}", ran.all());
    assert_eq!(
        ran.report()["reason"],
        "held_after_refusal",
        "{}",
        ran.all()
    );
    sent(&runs.standin, 2, 0);
}

#[test]
fn state_files_are_private_and_hold_no_username() {
    let runs = Runs::of(plain());
    runs.run(login, &[]).exits(0);
    let folder = runs.state.path().join("ledger");
    assert_eq!(
        fs::metadata(&folder)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777,
        0o700
    );
    for file in fs::read_dir(&folder).expect("a folder").flatten() {
        assert_eq!(
            file.metadata().expect("it is there").permissions().mode() & 0o777,
            0o600,
            "{file:?}"
        );
        let content = fs::read_to_string(file.path()).expect("text");
        assert!(
            !content.contains("testuser01") && !content.contains("Correct-Horse1"),
            "{content}"
        );
    }
}

#[test]
fn a_submission_whose_run_died_counts() {
    let runs = Runs::of(plain());
    runs.standin.set(&json!({"page": {"wedged": true}}));
    let (child, _folder) = runs.tool(on_the_page).spawn();
    eventually("it is recorded", || {
        files_in(&runs.state.path().join("ledger"), "json").pop()
    });
    signal(child.id(), "KILL");
    child.wait_with_output().expect("it ends");

    let ran = runs.run(login, &["--status"]).exits(0);
    assert_eq!(ran.report()["failures_left"], 2, "{}", ran.all());
    assert_eq!(
        ran.report()["submissions"][0]["outcome"],
        json!(null),
        "{}",
        ran.all()
    );
}

#[test]
fn nothing_is_sent_when_the_ledger_cannot_be_read_or_written() {
    let runs = Runs::of(plain());
    let ask = |script: &str| runs.tool(login).in_shell(script).run();
    runs.run(login, &["--status"]).exits(0);
    let ledger = runs.ledger();
    // Root reads what it likes, but no folder.
    fs::create_dir(&ledger).expect("a folder can be made");
    let ran = ask("exec \"$0\"").exits(11);
    assert!(
        ran.error()["message"].to_string().contains("reading"),
        "{}",
        ran.all()
    );
    fs::remove_dir(&ledger).expect("it can be removed");

    let read_only = "mount --bind \"$IBGW_STATE_DIR\" \"$IBGW_STATE_DIR\" \
        && mount -o remount,bind,ro \"$IBGW_STATE_DIR\"; exec \"$0\"";
    ask(&format!(
        "exec unshare --mount --map-root-user sh -c '{read_only}' \"$0\""
    ))
    .exits(11);
    sent(&runs.standin, 0, 0);
}

#[test]
fn who_waits_too_long_for_another_login_sends_nothing() {
    let runs = Runs::of(plain());
    runs.run(login, &["--status"]).exits(0);
    let lock = runs.ledger().with_extension("lock");
    let shell = format!("exec flock '{}' \"$0\" --timeout 1s", lock.display());
    let ran = runs.tool(login).in_shell(&shell).run().exits(8);
    let error = ran.error();
    assert!(
        error["message"].to_string().contains("lock"),
        "{}",
        ran.all()
    );
    sent(&runs.standin, 0, 0);
}

#[test]
fn nothing_is_sent_when_it_cannot_be_recorded() {
    let runs = Runs::of(plain());
    // A full disk, in a mount namespace of its own.
    let script = "mount -t tmpfs -o size=8k none \"$IBGW_STATE_DIR\" && mkdir \"$IBGW_STATE_DIR/ledger\" \
        && dd if=/dev/zero of=\"$IBGW_STATE_DIR/full\" bs=4k 2>/dev/null; exec \"$0\"";
    let shell = format!("exec unshare --mount --map-root-user sh -c '{script}' \"$0\"");
    let ran = runs.tool(login).in_shell(&shell).run().exits(11);
    assert!(
        ran.error()["message"]
            .to_string()
            .contains("nothing was sent"),
        "{}",
        ran.all()
    );
    sent(&runs.standin, 0, 0);
}
