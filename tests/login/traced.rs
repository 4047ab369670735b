//! One run under strace, which says what it called, and may kill it at one call or let that one fail.

use super::*;
use crate::support::eventually;

const CALLS: &str =
    "openat,write,writev,sendto,sendmsg,fsync,fdatasync,rename,renameat,renameat2,connect,unlink";

/// One way to log in, with what it is to end.
pub(crate) struct Login {
    pub by: By,
    pub username: &'static str,
    pub password: &'static str,
    pub seed: Option<&'static str>,
    /// The exit of a run that lives.
    pub exit: i32,
    /// The outcome that it records.
    pub outcome: &'static str,
}

pub(crate) const ACCEPTED: Login = Login {
    by: directly,
    username: "testuser01",
    password: "Correct-Horse1",
    seed: None,
    exit: 0,
    outcome: "succeeded",
};
pub(crate) const ON_THE_PAGE: Login = Login {
    by: on_the_page,
    ..ACCEPTED
};
pub(crate) const REFUSED: Login = Login {
    password: "Wrong-Horse9",
    exit: 4,
    outcome: "refused",
    ..ACCEPTED
};
pub(crate) const WITH_A_CODE: Login = Login {
    username: "totpuser",
    password: "Correct-Horse2",
    seed: Some(SEED),
    ..ACCEPTED
};

impl Login {
    pub(crate) fn record(&self) -> String {
        record(self.username, self.password, self.seed, "live")
    }
}

/// A run under strace, with one call that kills it or fails, if any; the calls it made.
pub(crate) fn run(
    login: &Login,
    standin: &Standin,
    state: &Path,
    spoilt: Option<&str>,
) -> (Ran, Vec<String>) {
    let tool = (login.by)(standin).state(state);
    let (trace, folder) = (state.join("calls"), tool.folder.path().to_owned());
    let inject = spoilt.map(|call| format!("-e inject={call}"));
    let strace = format!(
        "exec strace -o '{}' -e trace={CALLS} {} \"$0\" \"$@\"",
        trace.display(),
        inject.unwrap_or_default()
    );
    let (child, _folder) = tool.in_shell(&strace).stdin(login.record()).spawn();
    let ran = Ran::from_output(strace, child.wait_with_output().expect("it ends"));
    // The browser's last request is over before the test counts.
    let marker = folder.to_str().expect("a path").to_owned();
    eventually("no process is left", || {
        processes_with(&marker).is_empty().then_some(())
    });
    let calls = fs::read_to_string(trace).expect("strace writes");
    (ran, calls.lines().map(str::to_owned).collect())
}

/// How many calls of a kind came before the ledger was written, and how many until it was written for the last time.
pub(crate) fn around(call: &str, calls: &[String]) -> (usize, usize) {
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
