//! Killed at each system call between the record and its resolution: the count is right each time.
//!
//! strace kills at the entry of the N-th call of a kind, so each run dies one call later than the one before, until one
//! lives. The calls are those of the thread that holds the ledger and steers the browser, and all of its that leave a
//! trace outside the process: dying at any other call between two of these leaves the same behind. Without a browser it
//! is another thread that sends, when this one has told it to and waits: `deaths` kills both then.

use super::traced::*;
use super::*;

/// What the ledger, the next run and IBKR say after a run that died; what became of the submission.
fn counted(login: &Login, standin: &Standin, state: &Path, ran: &Ran) -> &'static str {
    let ask = |arguments: &[&str]| {
        on_the_page(standin)
            .state(state)
            .args(arguments)
            .stdin(login.record())
            .run()
    };
    let status = ask(&["--status"]).exits(0);
    let all = || format!("{} {} {}", ran.all(), status.all(), standin.truth());
    let left = left_in(&state.join("ledger"));
    assert!(left.iter().all(|name| !name.starts_with('.')), "{left:?}");
    let report = status.report();
    let rows = report["submissions"].as_array().expect("a list");
    let truth = standin.truth();
    let number = |of: &Value| of.as_u64().expect("a number");
    let (sent, sent_codes) = (number(&truth["submissions"]), number(&truth["codes"]));
    assert!(sent <= rows.len() as u64 && rows.len() <= 1, "{}", all());
    let codes = rows.iter().map(|row| number(&row["codes"])).sum::<u64>();
    assert!(sent_codes <= codes && codes <= 1, "{}", all());
    let outcomes: Vec<_> = rows.iter().map(|row| row["outcome"].as_str()).collect();
    let fate = match (&outcomes[..], sent, codes, sent_codes) {
        ([], ..) => "not recorded",
        ([None], 0, ..) => "recorded",
        ([None], _, 0, _) => "sent",
        ([None], _, _, 0) => "code recorded",
        ([None], ..) => "code sent",
        ([Some(outcome)], 1, ..) if *outcome == login.outcome => "resolved",
        other => panic!("{other:?} {}", all()),
    };
    let has_failed = match fate {
        "not recorded" => false,
        "resolved" => login.outcome != "succeeded",
        _ => true,
    };
    let failures = u8::from(has_failed);
    assert_eq!(report["failures_left"], 3 - failures, "{}", all());
    // The next run that needs a login goes by the same count: it is held, or gets as far as looking for the driver.
    standin.make("drop-session", &json!({}));
    let next = ["--max-failures", "1", "--driver", "/nonexistent"];
    ask(&next).exits(if has_failed { 11 } else { 5 });
    fate
}

/// Dies at each call of a kind from the record on, until a run lives; what became of the submissions.
fn dies_at_each(call: &str, login: &Login) -> Vec<&'static str> {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let (whole, calls) = run(login, &standin, state.path(), None);
    whole.exits(login.exit);
    let (before, until) = around(call, &calls);
    let mut fates = Vec::new();
    // How often one thread wakes another differs, so that a call of the same number may be a later one.
    for number in before.saturating_sub(2).max(1).. {
        standin.make("reset", &json!({}));
        let state = TempDir::new().expect("a folder");
        let death = format!("{call}:signal=SIGKILL:when={number}");
        let (ran, _) = run(login, &standin, state.path(), Some(&death));
        assert!([login.exit, 128 + 9].contains(&ran.status), "{}", ran.all());
        fates.push(counted(login, &standin, state.path(), &ran));
        if ran.status == login.exit {
            break;
        }
        // How often it looks at a page before it goes on differs, but not by more than this.
        assert!(number < until + 20, "{call} {number}: it never lives");
    }
    assert_eq!(fates.last(), Some(&"resolved"), "{call}: {fates:?}");
    fates
}

#[track_caller]
fn all_are_among(fates: &[&str], wanted: &[&str]) {
    let missing: Vec<_> = wanted.iter().filter(|fate| !fates.contains(fate)).collect();
    assert!(missing.is_empty(), "no death left {missing:?}: {fates:?}");
}

#[test]
fn the_count_is_right_after_a_death_at_any_openat() {
    all_are_among(
        &dies_at_each("openat", &ON_THE_PAGE),
        &["not recorded", "sent"],
    );
}

#[test]
fn the_count_is_right_after_a_death_at_any_fsync() {
    all_are_among(
        &dies_at_each("fsync", &ON_THE_PAGE),
        &["not recorded", "recorded", "sent"],
    );
}

#[test]
fn the_count_is_right_after_a_death_at_any_rename() {
    all_are_among(
        &dies_at_each("rename", &ON_THE_PAGE),
        &["not recorded", "sent"],
    );
}

#[test]
fn the_count_is_right_after_a_death_at_any_write() {
    all_are_among(
        &dies_at_each("write", &ON_THE_PAGE),
        &["not recorded", "sent"],
    );
}

/// Dies at each call of each kind, without a browser.
#[track_caller]
fn dies_at_any_call(login: &Login, wanted: &[&str]) {
    let kinds = [
        ("openat", &["not recorded", "sent"][..]),
        ("fsync", &["not recorded", "recorded", "sent"]),
        ("rename", &["not recorded", "sent"]),
        ("write", &["not recorded", "sent"]),
    ];
    let fates = at_once(4, kinds, |(call, wanted)| {
        let of_call = dies_at_each(call, login);
        all_are_among(&of_call, wanted);
        of_call
    });
    all_are_among(&fates.concat(), wanted);
}

#[test]
fn the_count_is_right_after_a_death_at_any_call_without_a_browser() {
    dies_at_any_call(&ACCEPTED, &[]);
}

#[test]
fn the_count_is_right_after_a_death_at_any_call_of_a_login_that_is_refused() {
    dies_at_any_call(&REFUSED, &[]);
}

#[test]
fn the_counts_are_right_after_a_death_at_any_call_of_a_login_with_a_code() {
    dies_at_any_call(&WITH_A_CODE, &["code recorded", "code sent"]);
}

#[test]
fn the_count_is_right_after_a_death_at_any_call_to_the_browser() {
    // Whether the browser still sends what it was told to when it dies, too, is up to it.
    let fates = dies_at_each("writev", &ON_THE_PAGE);
    let died = fates.iter().any(|fate| ["recorded", "sent"].contains(fate));
    assert!(died, "{fates:?}");
}

#[test]
fn what_is_not_on_the_disk_for_certain_is_not_sent() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let (_, calls) = run(&ACCEPTED, &standin, state.path(), None);
    let (before, _) = around("fsync", &calls);
    // That of the ledger, then that of its directory.
    for number in [before + 1, before + 2] {
        standin.make("reset", &json!({}));
        let state = TempDir::new().expect("a folder");
        let failure = format!("fsync:error=EIO:when={number}");
        let (ran, _) = run(&ACCEPTED, &standin, state.path(), Some(&failure));
        let ran = ran.exits(11);
        let message = ran.error()["message"].to_string();
        assert!(message.contains("nothing was sent"), "{}", ran.all());
        sent(&standin, 0, 0);
    }
}

#[test]
fn no_other_call_leaves_a_trace() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let (_, mut calls) = run(&ON_THE_PAGE, &standin, state.path(), None);
    // Each two seconds it looks whether the Gateway still listens, and sends nothing.
    let look = format!("htons({})", standin.about["port"]);
    calls.retain(|line| !(line.starts_with("connect(") && line.contains(&look)));
    for call in [
        "sendto",
        "sendmsg",
        "fdatasync",
        "renameat",
        "renameat2",
        "connect",
        "unlink",
    ] {
        let (before, until) = around(call, &calls);
        assert_eq!(before, until, "{call} belongs among the deaths: {calls:?}");
    }
}
