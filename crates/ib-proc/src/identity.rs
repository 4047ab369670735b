//! Which process this is, so that a pid that was used again is not mistaken for it.

use crate::deadline::Deadline;
use crate::descendants::{Stat, send};
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
    /// The command line, one string per argument.
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
    /// It outlived even SIGKILL for as long as we were willing to wait.
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
            boot: fs::read_to_string("/proc/sys/kernel/random/boot_id")
                .ok()?
                .trim()
                .to_owned(),
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
    #[must_use]
    pub fn is_alive(&self) -> bool {
        Self::of(self.pid).as_ref() == Some(self)
    }

    /// Ends exactly this process: SIGTERM, `grace`, then SIGKILL.
    #[must_use]
    pub fn end(&self, grace: Duration) -> Ended {
        if !self.is_alive() || send(self.pid, Signal::SIGTERM).is_err() {
            return Ended::WasGone;
        }
        if self.is_gone_by(Deadline::after(grace)) {
            return Ended::Terminated;
        }
        // Nothing is to be done when it went between the two signals.
        let _ = send(self.pid, Signal::SIGKILL);
        match self.is_gone_by(Deadline::after(Duration::from_secs(5))) {
            true => Ended::Killed,
            false => Ended::Survived,
        }
    }

    fn is_gone_by(&self, deadline: Deadline) -> bool {
        // A process that is not our child cannot be waited for, so it is looked at.
        while self.is_alive() {
            if !deadline.pause(Duration::from_millis(10)) {
                return !self.is_alive();
            }
        }
        true
    }
}
