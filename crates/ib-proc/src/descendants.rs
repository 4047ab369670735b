//! The processes below one process, found by parentage and never by name.

use crate::deadline::Deadline;
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::HashMap;
use std::fs;
use std::time::Duration;

/// How long killed processes may take to end.
const PATIENCE: Duration = Duration::from_secs(1);

/// Every living process below `root`, children before grandchildren.
#[must_use]
pub fn of(root: u32) -> Vec<u32> {
    let mut found = all(root);
    found.retain(|pid| is_running(*pid));
    found
}

/// Every process below `root`, children before grandchildren, with those that have ended and that their parents have not
/// collected.
fn all(root: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    for pid in processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()) {
        if let Some(stat) = Stat::of(pid) {
            children.entry(stat.parent).or_default().push(pid);
        }
    }
    let mut found = vec![root];
    let mut next = 0;
    while let Some(pid) = found.get(next) {
        found.extend(children.remove(pid).unwrap_or_default());
        next += 1;
    }
    found.remove(0);
    found
}

/// The processes that start below one process after a moment.
#[derive(Clone)]
pub struct NewDescendants {
    root: u32,
    before: Vec<u32>,
}

impl NewDescendants {
    /// Those that start below `root` from now on.
    #[must_use]
    pub fn from_now(root: u32) -> Self {
        Self {
            root,
            before: all(root),
        }
    }

    /// Whether at least one started, and all of them have ended. One that its parent has collected is not seen.
    #[must_use]
    pub fn have_all_ended(&self) -> bool {
        let new = self.all();
        !new.is_empty() && new.into_iter().all(|pid| !is_running(pid))
    }

    /// Sends SIGKILL to each of them, until none runs.
    pub fn kill_all(&self) {
        let deadline = Deadline::after(PATIENCE);
        loop {
            let running: Vec<_> = self
                .all()
                .into_iter()
                .filter(|pid| is_running(*pid))
                .collect();
            for pid in &running {
                // Gone, or in a sandbox of its own that ends with its parent.
                let _ = send(*pid, Signal::SIGKILL);
            }
            if running.is_empty() || !deadline.pause(Duration::from_millis(5)) {
                return;
            }
        }
    }

    fn all(&self) -> Vec<u32> {
        let mut found = all(self.root);
        found.retain(|pid| !self.before.contains(pid));
        found
    }
}

fn is_running(pid: u32) -> bool {
    Stat::of(pid).is_some_and(|stat| stat.is_running())
}

/// Sends SIGKILL to every process below `root`; says how many there were.
pub fn kill_all(root: u32) -> usize {
    let found = of(root);
    for pid in &found {
        match send(*pid, Signal::SIGKILL) {
            // Gone, or in a sandbox of its own that ends with its parent.
            Ok(()) | Err(Errno::ESRCH | Errno::EPERM) => {}
            Err(other) => debug_assert!(false, "kill {pid}: {other}"),
        }
    }
    found.len()
}

/// Asks every process below `root` to end, by SIGTERM.
pub fn terminate_all(root: u32) {
    for pid in of(root) {
        // That it is gone already is just as good.
        let _ = send(pid, Signal::SIGTERM);
    }
}

/// Asks one process to end, by SIGTERM: a child of ours, so that its number is no other's.
pub fn terminate(child: u32) {
    // That it is gone already is just as good.
    let _ = send(child, Signal::SIGTERM);
}

/// Sends one signal to one process.
///
/// # Errors
/// `ESRCH` when it is gone, `EPERM` when it belongs to another user.
pub fn send(pid: u32, signal: Signal) -> Result<(), Errno> {
    kill(
        Pid::from_raw(i32::try_from(pid).map_err(|_| Errno::ESRCH)?),
        signal,
    )
}

/// Whether there is such a process, and it is one that we may send a signal to.
pub(crate) fn is_there(pid: u32) -> bool {
    i32::try_from(pid).is_ok_and(|pid| kill(Pid::from_raw(pid), None).is_ok())
}

/// What `/proc/PID/stat` says of one process.
pub(crate) struct Stat {
    state: char,
    pub(crate) parent: u32,
    threads: u64,
    /// Clock ticks between the machine's start and the process's.
    pub(crate) started: u64,
}

impl Stat {
    pub(crate) fn of(pid: u32) -> Option<Self> {
        let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The command in parentheses may hold blanks and parentheses: proc(5) says to look for the last one.
        let mut fields = line.rsplit_once(") ")?.1.split(' ');
        Some(Self {
            state: fields.next()?.chars().next()?,
            parent: fields.next()?.parse().ok()?,
            threads: fields.nth(15)?.parse().ok()?,
            started: fields.nth(1)?.parse().ok()?,
        })
    }

    /// Whether it is neither stopped nor gone.
    pub(crate) fn is_on_its_way(&self) -> bool {
        !matches!(self.state, 'T' | 't' | 'Z' | 'X')
    }

    pub(crate) fn is_running(&self) -> bool {
        // The first thread may be gone while the others still hold the process's files and ports: Java's does so.
        !matches!(self.state, 'Z' | 'X') || self.threads > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::process::{Command, Stdio};

    fn eventually(what: &str, is_so: impl Fn() -> bool) {
        let deadline = Deadline::after(Duration::from_secs(20));
        while !is_so() {
            assert!(deadline.pause(Duration::from_millis(5)), "{what}");
        }
    }

    #[test]
    fn tells_new_processes_from_those_before_and_ends_them() {
        // A shell that waits for its next line collects none of its children.
        let mut root = Command::new("sh")
            .stdin(Stdio::piped())
            .spawn()
            .expect("sh runs");
        let mut lines = root.stdin.take().expect("stdin is piped");
        let mut start = |program: &str| writeln!(lines, "{program} &").expect("it reads");
        let count = || of(root.id()).len();
        start("sleep 100");
        eventually("the first runs", || count() == 1);
        let new = NewDescendants::from_now(root.id());
        assert!(!new.have_all_ended(), "no new one has started");
        start("true");
        eventually("a new one has ended", || new.have_all_ended());
        start("sleep 100");
        eventually("a new one runs", || count() == 2);
        assert!(!new.have_all_ended());
        new.kill_all();
        assert_eq!(count(), 1, "the first still runs");
        kill_all(root.id());
        root.kill().expect("it is a child");
        root.wait().expect("it ends");
    }
}
