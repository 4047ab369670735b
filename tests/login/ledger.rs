//! The ledger: private, never lost, never silently begun anew.

use super::*;
use crate::support::{eventually, signal};

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

    // Only a person vouches for the count, and only once.
    let forgive = |arguments: &[&str]| {
        let tool = login(&standin)
            .state(state.path())
            .args(["--forgive", "there was none"]);
        tool.args(arguments).stdin(plain()).run()
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
fn a_submission_that_nobody_lived_to_resolve_counts() {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"wedged": true}}));
    let state = TempDir::new().expect("a folder");
    let (child, _folder) = on_the_page(&standin)
        .state(state.path())
        .stdin(plain())
        .spawn();
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
fn nothing_is_sent_when_the_ledger_cannot_be_read_or_written() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let ask = |script: &str| {
        let tool = login(&standin).state(state.path()).in_shell(script);
        tool.stdin(plain()).run()
    };
    ask("exec \"$0\" --status").exits(0);
    let lock = files(&state.path().join("ledger"), "lock").pop();
    let ledger = lock.expect("a lock").with_extension("json");
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
    sent(&standin, 0, 0);
}

#[test]
fn who_waits_too_long_for_another_login_sends_nothing() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let ask = |script: &str| {
        let tool = login(&standin).state(state.path()).in_shell(script);
        tool.stdin(plain()).run()
    };
    ask("exec \"$0\" --status").exits(0);
    let lock = files(&state.path().join("ledger"), "lock").pop();
    let lock = lock.expect("a lock").display().to_string();
    let ran = ask(&format!("exec flock '{lock}' \"$0\" --timeout 1s")).exits(8);
    let error = ran.error();
    assert!(
        error["message"].to_string().contains("lock"),
        "{}",
        ran.all()
    );
    sent(&standin, 0, 0);
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
        .in_shell(&format!(
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
