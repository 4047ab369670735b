//! The guard: what is recorded, what is held.

use super::*;
use crate::support::{eventually, signal};

#[test]
fn stops_at_the_first_refusal_and_holds_further_logins() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let wrong = record("testuser01", "Wrong-Horse9", None, "live");
    let ran = login(&standin)
        .state(state.path())
        .stdin(wrong.clone())
        .run()
        .exits(4)
        .never_shows("Wrong-Horse9");
    let report = ran.report();
    assert_eq!(report["state"], "refused", "{}", ran.all());
    assert_eq!(report["reason"], "wrong_credentials", "{}", ran.all());
    assert!(
        report["hold_until"].is_string() && report["failures_left"] == 2,
        "{}",
        ran.all()
    );
    let error = ran.error();
    assert_eq!(
        (&error["error"], &error["retry"]),
        (&json!("refused"), &json!(false)),
        "{}",
        ran.all()
    );

    let ran = login(&standin)
        .state(state.path())
        .stdin(wrong)
        .run()
        .exits(11);
    assert_eq!(ran.report()["state"], "held", "{}", ran.all());
    assert_eq!(
        ran.report()["reason"],
        "held_after_refusal",
        "{}",
        ran.all()
    );
    assert!(
        ran.error()["retry_after_seconds"]
            .as_u64()
            .is_some_and(|wait| wait > 86_000),
        "{}",
        ran.all()
    );
    sent(&standin, 1, 0);

    let ran = login(&standin)
        .state(state.path())
        .args(["--force-after-hold"])
        .stdin(plain())
        .run()
        .exits(0);
    assert_eq!(ran.report()["failures_left"], 2, "{}", ran.all());
    sent(&standin, 2, 0);
}

#[test]
fn a_locked_username_is_told_and_held() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    standin.make("lock", &json!({"user": "testuser01"}));
    let ran = login(&standin)
        .state(state.path())
        .stdin(plain())
        .run()
        .exits(4);
    assert_eq!(ran.report()["reason"], "locked", "{}", ran.all());
    let ran = login(&standin)
        .state(state.path())
        .args(["--force-after-hold"])
        .stdin(plain())
        .run()
        .exits(11);
    assert_eq!(ran.report()["reason"], "held_after_lock", "{}", ran.all());
}

#[test]
fn two_at_once_send_one_login() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let start = || login(&standin).state(state.path()).stdin(plain()).spawn();
    let runs = [start(), start()];
    let mut ways = Vec::new();
    for (child, _folder) in runs {
        let ran = Ran::from_output(
            "ibgw-login".to_owned(),
            child.wait_with_output().expect("it ends"),
        )
        .exits(0);
        ways.push(ran.report()["how"].as_str().unwrap_or_default().to_owned());
    }
    ways.sort();
    assert_eq!(ways, ["already", "browser"]);
    sent(&standin, 1, 0);
}

#[test]
fn shows_and_forgives_what_is_recorded() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let wrong = record("TestUser01", "Wrong-Horse9", None, "live");
    login(&standin)
        .state(state.path())
        .stdin(wrong)
        .run()
        .exits(4);

    let ran = login(&standin)
        .state(state.path())
        .args(["--status"])
        .stdin(plain())
        .run()
        .exits(0);
    let report = ran.report();
    assert_eq!(report["schema"], "ibgw-login-status/1", "{}", ran.all());
    assert_eq!(
        (&report["state"], &report["hold_reason"]),
        (&json!("held"), &json!("refused")),
        "{}",
        ran.all()
    );
    let row = &report["submissions"][0];
    assert_eq!(
        (&row["outcome"], &row["mode"]),
        (&json!("refused"), &json!("live")),
        "{}",
        ran.all()
    );

    let ran = login(&standin)
        .state(state.path())
        .args(["--forgive", "typed it wrong"])
        .stdin(plain())
        .run()
        .exits(0);
    assert_eq!(ran.report()["state"], "free", "{}", ran.all());
    login(&standin)
        .state(state.path())
        .stdin(plain())
        .run()
        .exits(0);
}

#[test]
fn a_ledger_that_cannot_be_understood_is_kept_and_holds() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    login(&standin)
        .state(state.path())
        .args(["--status"])
        .stdin(plain())
        .run()
        .exits(0);
    login(&standin)
        .state(state.path())
        .stdin(plain())
        .run()
        .exits(0);
    standin.make("drop-session", &json!({}));
    let ledger = files(&state.path().join("ledger"), "json")
        .pop()
        .expect("a ledger");
    fs::write(&ledger, "{\"schema\":\"ib-led").expect("it can be written");

    let ran = login(&standin)
        .state(state.path())
        .stdin(plain())
        .run()
        .exits(11);
    assert_eq!(ran.report()["reason"], "held_by_ledger", "{}", ran.all());
    assert_eq!(
        ran.report()["warnings"],
        json!(["ledger_unreadable"]),
        "{}",
        ran.all()
    );
    let kept: Vec<_> = fs::read_dir(state.path().join("ledger"))
        .expect("a folder")
        .flatten()
        .collect();
    assert!(
        kept.iter()
            .any(|file| file.file_name().to_string_lossy().contains("corrupt")),
        "{kept:?}"
    );
    sent(&standin, 1, 0);
}

#[test]
fn state_files_are_private_and_name_nobody() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    login(&standin)
        .state(state.path())
        .stdin(plain())
        .run()
        .exits(0);
    let folder = state.path().join("ledger");
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
fn holds_after_three_logins_that_came_to_nothing() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let without_seed = || {
        let login_record = record("totpuser", "Correct-Horse2", None, "live");
        login(&standin)
            .state(state.path())
            .stdin(login_record)
            .run()
    };
    for left in [2, 1, 0] {
        let ran = without_seed().exits(6);
        assert_eq!(ran.report()["failures_left"], left, "{}", ran.all());
    }
    let ran = without_seed().exits(11);
    assert_eq!(
        ran.report()["reason"],
        "held_after_failures",
        "{}",
        ran.all()
    );
    sent(&standin, 3, 0);
}

#[test]
fn a_submission_that_nobody_lived_to_resolve_counts() {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"wedged": true}}));
    let state = TempDir::new().expect("a folder");
    let (child, _folder) = login(&standin).state(state.path()).stdin(plain()).spawn();
    eventually("it is recorded", || {
        files_in(&state.path().join("ledger"), "json").pop()
    });
    signal(child.id(), "KILL");
    child.wait_with_output().expect("it ends");

    let ran = login(&standin)
        .state(state.path())
        .args(["--status"])
        .stdin(plain())
        .run()
        .exits(0);
    assert_eq!(ran.report()["failures_left"], 2, "{}", ran.all());
    assert_eq!(
        ran.report()["submissions"][0]["outcome"],
        json!(null),
        "{}",
        ran.all()
    );
}

#[test]
fn nothing_is_sent_when_it_cannot_be_recorded() {
    let standin = Standin::serve();
    // A full disk, in a mount namespace of its own.
    let script = "mount -t tmpfs -o size=8k none \"$IBGW_STATE_DIR\" && mkdir \"$IBGW_STATE_DIR/ledger\" \
        && dd if=/dev/zero of=\"$IBGW_STATE_DIR/full\" bs=4k 2>/dev/null; exec \"$0\"";
    let state = TempDir::new().expect("a folder");
    let ran = login(&standin)
        .state(state.path())
        .through_shell(&format!(
            "exec unshare --mount --map-root-user sh -c '{script}' \"$0\""
        ))
        .stdin(plain())
        .run()
        .exits(11);
    assert!(
        ran.error()["message"]
            .to_string()
            .contains("nothing was sent"),
        "{}",
        ran.all()
    );
    sent(&standin, 0, 0);
}
