//! Killed at each system call between the record and its resolution: the count is right each time.
//!
//! strace kills at the entry of the N-th call of a kind, so each run dies one call later than the one before, until one
//! lives. The calls are those of the thread that holds the ledger and steers the browser, and all that leave a trace
//! outside the process: dying at any other call between two of these leaves the same behind.

use super::*;
use crate::support::eventually;

const CALLS: &str =
    "openat,write,writev,sendto,sendmsg,fsync,fdatasync,rename,renameat,renameat2,connect,unlink";

/// One of the ways to log in.
type By = fn(&Standin) -> Tool;

/// A run under strace, dead at the call of that number if there is one; the calls it made.
fn run(tool: Tool, state: &Path, dead_at: Option<(&str, usize)>) -> (Ran, Vec<String>) {
    let tool = tool.state(state);
    let (trace, folder) = (state.join("calls"), tool.folder.path().to_owned());
    let kill =
        dead_at.map(|(call, number)| format!("-e inject={call}:signal=SIGKILL:when={number}"));
    let strace = format!(
        "exec strace -o '{}' -e trace={CALLS} {} \"$0\" \"$@\"",
        trace.display(),
        kill.unwrap_or_default()
    );
    let (child, _folder) = tool.in_shell(&strace).stdin(plain()).spawn();
    let ran = Ran::from_output(strace, child.wait_with_output().expect("it ends"));
    // What the browser had begun is over before anybody counts.
    let marker = folder.to_str().expect("a path").to_owned();
    eventually("no process is left", || {
        processes_with(&marker).is_empty().then_some(())
    });
    let calls = fs::read_to_string(trace).expect("strace writes");
    (ran, calls.lines().map(str::to_owned).collect())
}

/// How many calls of a kind came before the ledger was written, and how many until it was written for the last time.
fn around(call: &str, calls: &[String]) -> (usize, usize) {
    let is_ledger = |line: &String| line.contains("/ledger/.");
    let first = calls.iter().position(is_ledger).expect("it is recorded");
    let last = calls.iter().rposition(is_ledger).expect("it is resolved");
    let is_call = |line: &&String| line.starts_with(&format!("{call}("));
    let count = |lines: &[String]| lines.iter().filter(is_call).count();
    (
        count(&calls[..first]),
        count(&calls[..calls.len().min(last + 4)]),
    )
}

/// What the ledger, the next run and IBKR say after a run that died; what became of the submission.
fn counted(standin: &Standin, state: &Path, ran: &Ran) -> &'static str {
    let ask = |arguments: &[&str]| {
        on_the_page(standin)
            .state(state)
            .args(arguments)
            .stdin(plain())
            .run()
    };
    let status = ask(&["--status"]).exits(0);
    let all = || format!("{} {} {}", ran.all(), status.all(), standin.truth());
    let report = status.report();
    let rows = report["submissions"].as_array().expect("a list");
    let sent = standin.truth()["submissions"].as_u64().expect("a number");
    assert!(sent <= rows.len() as u64 && rows.len() <= 1, "{}", all());
    let outcomes: Vec<_> = rows.iter().map(|row| row["outcome"].as_str()).collect();
    let (failures, fate) = match (&outcomes[..], sent) {
        ([], _) => (0, "not recorded"),
        ([None], 0) => (1, "recorded"),
        ([None], _) => (1, "sent"),
        ([Some("succeeded")], 1) => (0, "resolved"),
        other => panic!("{other:?} {}", all()),
    };
    assert_eq!(report["failures_left"], 3 - failures, "{}", all());
    // The next run that needs a login goes by the same count: it is held, or gets as far as looking for the driver.
    standin.make("drop-session", &json!({}));
    let next = ["--max-failures", "1", "--driver", "/nonexistent"];
    ask(&next).exits(if failures == 1 { 11 } else { 5 });
    fate
}

/// Dies at each call of a kind from the record on, until a run lives; what became of the submissions.
fn dies_at_each(call: &str, by: By) -> Vec<&'static str> {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let (whole, calls) = run(by(&standin), state.path(), None);
    whole.exits(0);
    let (before, until) = around(call, &calls);
    let mut fates = Vec::new();
    for number in before.max(1).. {
        standin.make("reset", &json!({}));
        let state = TempDir::new().expect("a folder");
        let (ran, _) = run(by(&standin), state.path(), Some((call, number)));
        assert!([0, 128 + 9].contains(&ran.status), "{}", ran.all());
        fates.push(counted(&standin, state.path(), &ran));
        if ran.status == 0 {
            break;
        }
        // How often it looks at a page before it goes on differs, but not by so much.
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
        &dies_at_each("openat", on_the_page),
        &["not recorded", "sent"],
    );
}

#[test]
fn the_count_is_right_after_a_death_at_any_fsync() {
    all_are_among(
        &dies_at_each("fsync", on_the_page),
        &["not recorded", "recorded", "sent"],
    );
}

#[test]
fn the_count_is_right_after_a_death_at_any_rename() {
    all_are_among(
        &dies_at_each("rename", on_the_page),
        &["not recorded", "sent"],
    );
}

#[test]
fn the_count_is_right_after_a_death_at_any_write() {
    all_are_among(
        &dies_at_each("write", on_the_page),
        &["not recorded", "sent"],
    );
}

#[test]
fn the_count_is_right_after_a_death_at_any_call_without_a_browser() {
    for (call, wanted) in [
        ("openat", &["not recorded", "sent"][..]),
        ("fsync", &["not recorded", "recorded", "sent"]),
        ("rename", &["not recorded", "sent"]),
        ("write", &["not recorded", "sent"]),
    ] {
        all_are_among(&dies_at_each(call, directly), wanted);
    }
}

#[test]
fn the_count_is_right_after_a_death_at_any_call_to_the_browser() {
    // Whether the browser still sends what it was told to when it dies, too, is up to it.
    let fates = dies_at_each("writev", on_the_page);
    let died = fates.iter().any(|fate| ["recorded", "sent"].contains(fate));
    assert!(died, "{fates:?}");
}

#[test]
fn no_other_call_leaves_a_trace() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let (_, calls) = run(on_the_page(&standin), state.path(), None);
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
