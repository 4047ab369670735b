//! Which process this is, so that a pid that was used again is not mistaken for it.

use crate::deadline::Deadline;
use crate::descendants::{self, Stat, is_there, send};
use nix::sys::signal::Signal;
use std::fs;
use std::time::Duration;

/// One process, by pid, start and command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The process id.
    pub pid: u32,
    /// The machine's boot, as `/proc/sys/kernel/random/boot_id` names it.
    pub boot: String,
    /// Clock ticks between the machine's start and the process's.
    pub started: u64,
    /// The command line, one string per argument; empty matches any command line, of whatever program the process has become.
    pub command: Vec<String>,
}

/// How a process was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// There was nothing to end.
    WasGone,
    /// SIGTERM sufficed.
    Terminated,
    /// It took SIGKILL.
    Killed,
    /// It was still there after SIGKILL and the longest wait.
    Survived,
}

impl Identity {
    /// The identity of a living process; `None` when there is no such process.
    #[must_use]
    pub fn of(pid: u32) -> Option<Self> {
        let stat = Stat::of(pid).filter(Stat::is_running)?;
        let command = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        Some(Self {
            pid,
            boot: boot()?,
            started: stat.started,
            command: command
                .strip_suffix(&[0])
                .unwrap_or(&command)
                .split(|byte| *byte == 0)
                .map(|argument| String::from_utf8_lossy(argument).into_owned())
                .collect(),
        })
    }

    /// Whether exactly this process still runs.
    ///
    /// One that the kernel hides from us counts as running: its number, its boot and its user are all that can be
    /// compared then.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        // A process that will become the program, such as a script in front of Java, has its arguments already. When
        // its first thread has ended before the others, the kernel shows no command line any more.
        let is_same_command = |now: &Self| {
            self.command.is_empty()
                || has_become(&self.command, &now.command)
                || has_become(&now.command, &self.command)
                || now.command == self.command
                || now.command == [""]
        };
        match Self::of(self.pid) {
            Some(now) => {
                now.started == self.started && now.boot == self.boot && is_same_command(&now)
            }
            None => self.is_hidden(),
        }
    }

    /// Whether there is a process of this number of which the kernel shows us nothing.
    ///
    /// With `hidepid` of proc(5), which `ProtectProc=` of systemd sets, it hides a process that may not be traced even
    /// from its own user. Our own programs may not be traced, so that no debugger reads their secrets.
    fn is_hidden(&self) -> bool {
        let is_shown = fs::read(format!("/proc/{}/stat", self.pid)).is_ok();
        !is_shown && boot().is_some_and(|boot| boot == self.boot) && is_there(self.pid)
    }

    /// Ends exactly this process: SIGTERM, `grace`, then SIGKILL.
    #[must_use]
    pub fn end(&self, grace: Duration) -> Ended {
        self.end_by(Deadline::after(grace))
    }

    /// Asks exactly this process to end, and lets it take its time; whether it has ended by the deadline.
    #[must_use]
    pub fn ends_by_itself(&self, deadline: Deadline) -> bool {
        if self.is_alive() {
            // That it ends between the two signals is just as good.
            let _ = send(self.pid, Signal::SIGTERM);
        }
        self.is_gone_by(deadline)
    }

    fn end_by(&self, deadline: Deadline) -> Ended {
        if !self.is_alive() || send(self.pid, Signal::SIGTERM).is_err() {
            return Ended::WasGone;
        }
        if self.is_gone_by(deadline) {
            return Ended::Terminated;
        }
        // It may have ended between the two signals.
        let _ = send(self.pid, Signal::SIGKILL);
        if self.is_gone_by(Deadline::after(Duration::from_secs(5))) {
            Ended::Killed
        } else {
            Ended::Survived
        }
    }

    /// Ends exactly this process, and all below it, which would have no parent to be found by.
    #[must_use]
    pub fn end_with_all_below(&self, grace: Duration) -> Ended {
        if !self.is_alive() || send(self.pid, Signal::SIGSTOP).is_err() {
            return Ended::WasGone;
        }
        // Once stopped it starts nothing more; a fork that has begun is finished first.
        let deadline = Deadline::after(Duration::from_secs(1));
        while Stat::of(self.pid).is_some_and(|stat| stat.is_on_its_way())
            && deadline.pause(Duration::from_millis(1))
        {}
        // A process that was just forked is about to become another program.
        let below: Vec<Self> = descendants::of(self.pid)
            .into_iter()
            .filter_map(Self::of)
            .map(|process| Self {
                command: Vec::new(),
                ..process
            })
            .collect();
        // All get the signal at once, and share one grace.
        for process in &below {
            let _ = send(process.pid, Signal::SIGTERM);
        }
        let deadline = Deadline::after(grace);
        for process in &below {
            let _ = process.end_by(deadline);
        }
        // It wakes up with the signal already there.
        let _ = send(self.pid, Signal::SIGTERM);
        let _ = send(self.pid, Signal::SIGCONT);
        match self.end(grace) {
            Ended::WasGone => Ended::Terminated,
            how => how,
        }
    }

    /// Waits for its end, without asking for it; whether it has ended by the deadline.
    #[must_use]
    pub fn is_gone_by(&self, deadline: Deadline) -> bool {
        // A process that is not our child cannot be waited for, so it is looked at.
        while self.is_alive() {
            if !deadline.pause(Duration::from_millis(10)) {
                return !self.is_alive();
            }
        }
        true
    }
}

/// The machine's boot.
fn boot() -> Option<String> {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned())
}

/// Whether one command line ends with all arguments of another, of which there are some: a script in front of a program
/// has one more, its own name, before it becomes the program, and one of our own has several.
fn has_become(arguments_of: &[String], command: &[String]) -> bool {
    match arguments_of.get(1..) {
        Some(arguments @ [_, ..]) => command.ends_with(arguments),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    use std::time::Instant;

    #[test]
    fn takes_a_process_for_alive_while_any_thread_of_it_runs() {
        let script = "import ctypes, threading, time
threading.Thread(target=time.sleep, args=(60,)).start()
print(flush=True)
ctypes.CDLL(None).pthread_exit(None)";
        let mut child = Command::new("python3")
            .args(["-c", script])
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let mut output = BufReader::new(child.stdout.take().expect("stdout is piped"));
        output.read_line(&mut String::new()).expect("it begins");
        let identity = Identity::of(child.id()).expect("it runs");
        let deadline = Deadline::after(Duration::from_secs(20));
        let is_zombie = || {
            let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
            status.is_ok_and(|status| status.contains("State:\tZ"))
        };
        while !is_zombie() {
            assert!(
                deadline.pause(Duration::from_millis(1)),
                "its first thread does not end"
            );
        }
        assert!(identity.is_alive());
        assert_eq!(identity.end(Duration::from_secs(5)), Ended::Terminated);
        assert!(!identity.is_alive());
        child.wait().expect("it has ended");
    }

    #[test]
    fn gives_all_below_a_process_one_grace_between_them() {
        let script = "trap '' TERM; for _ in 1 2 3 4 5 6 7 8; do sleep 60 & done; echo; wait";
        let mut child = Command::new("sh")
            .args(["-c", script])
            .stdout(Stdio::piped())
            .spawn()
            .expect("sh runs");
        let mut output = BufReader::new(child.stdout.take().expect("stdout is piped"));
        output.read_line(&mut String::new()).expect("it begins");
        let identity = Identity::of(child.id()).expect("it runs");
        let below = descendants::of(child.id());
        assert_eq!(below.len(), 8);
        let grace = Duration::from_secs(2);
        let begin = Instant::now();
        // The script ends once its children are gone.
        assert_eq!(identity.end_with_all_below(grace), Ended::Terminated);
        // One after the other they would have taken sixteen seconds.
        assert!(begin.elapsed() < 6 * grace, "{:?}", begin.elapsed());
        assert!(below.into_iter().all(|pid| Identity::of(pid).is_none()));
        child.wait().expect("it has ended");
    }
}
