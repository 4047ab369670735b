//! The processes below one process, found by parentage and never by name.

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::HashMap;
use std::fs;

/// Every living process below `root`, children before grandchildren.
#[must_use]
pub fn of(root: u32) -> Vec<u32> {
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
    found.retain(|pid| Stat::of(*pid).is_some_and(|stat| stat.is_running()));
    found
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
