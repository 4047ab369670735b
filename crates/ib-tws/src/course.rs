//! The course of one start of IB Gateway: its supervisor writes it to `course.json`, and the other tools read it.

mod phase;
mod reason;
mod setup;

pub use phase::Phase;
pub use reason::CourseReason;
pub use setup::{CourseSetup, PendingCommand};

use ib_cli::{Mode, Result, StateDir};
use ib_proc::Identity;
use serde::{Deserialize, Serialize};

/// The file's name, in the instance's folder `gateway/tws-<API port>/` of the state directory.
pub const COURSE_FILE: &str = "course.json";

const SCHEMA: &str = "ib-course/1";

/// The course of one start: how far it has come, and why it ended. Only the supervisor writes it, whole, at each change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Course {
    schema: String,
    /// How far it has come.
    pub phase: Phase,
    /// Since when, RFC 3339.
    pub since: String,
    /// When the supervisor ends it if it does not go on, RFC 3339; `None` when there is no such time.
    pub deadline: Option<String>,
    /// Why it ended or is degraded; `None` when there is nothing to say.
    pub reason: Option<CourseReason>,
    /// Which account was logged in to.
    pub mode: Mode,
    /// The port at which IBC takes commands.
    pub command_port: u16,
    /// Who writes this; `None` when the process could not be looked at.
    supervisor: Option<Supervisor>,
    /// The name of the username's ledger, for the process that resolves the attempt; `None` with `--manual`.
    pub ledger: Option<String>,
    /// The attempt's id in that ledger; `None` when none is recorded, or it was taken back.
    #[serde(default)]
    pub attempt: Option<u64>,
    /// Whether the start has a token of an earlier login, so that nothing is typed.
    pub has_token: bool,
    /// Whether IBC has typed the login.
    pub has_typed: bool,
    /// Whether a notification was sent to the phone; `None` when no second factor was needed yet.
    pub pushed: Option<bool>,
    /// How often it was started again by its token.
    pub restarts: u32,
    /// IBKR's own words about why it ended; `None` when it gave none.
    #[serde(default)]
    pub page_text: Option<String>,
    /// How long to wait before the next login, in seconds; `None` when IBKR names no time.
    #[serde(default)]
    pub wait_seconds: Option<u64>,
    /// The device for the second factor that IBKR's list lacks; `None` when the list has it, or no device was named.
    #[serde(default)]
    pub absent_device: Option<String>,
    /// What IBC says of settings that it did not take.
    #[serde(default)]
    pub untaken: Vec<String>,
    /// The titles of the dialogs that are open, secrets removed.
    pub dialogs: Vec<String>,
    /// The status of `ibcstart.sh`; `None` while it runs.
    pub ibc_exit: Option<i32>,
    /// The picture of the window; `None` when none was made.
    pub screenshot: Option<String>,
    /// How it was set up; `None` in a course that an earlier version of this program has begun.
    #[serde(default)]
    pub setup: Option<CourseSetup>,
    /// Whether the API is passed on at this moment; `None` without `--forward`.
    #[serde(default)]
    pub forward_open: Option<bool>,
    /// Whether x11vnc has ended, so that the window is not shown any more.
    #[serde(default)]
    pub vnc_ended: bool,
    /// The command that IBC has accepted and not carried out yet; `None` when there is no such command.
    #[serde(default)]
    pub pending: Option<PendingCommand>,
}

/// The process that writes a course.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Supervisor {
    pid: u32,
    boot: String,
    started: u64,
    command: Vec<String>,
}

impl Course {
    /// A start that this process has just begun to supervise.
    #[must_use]
    pub fn new(mode: Mode, command_port: u16, ledger: Option<String>, since: String) -> Self {
        let us = Identity::of(std::process::id()).map(|us| Supervisor {
            pid: us.pid,
            boot: us.boot,
            started: us.started,
            command: us.command,
        });
        Self {
            schema: SCHEMA.to_owned(),
            supervisor: us,
            phase: Phase::Starting,
            since,
            deadline: None,
            reason: None,
            mode,
            command_port,
            ledger,
            attempt: None,
            has_token: false,
            has_typed: false,
            pushed: None,
            restarts: 0,
            page_text: None,
            wait_seconds: None,
            absent_device: None,
            untaken: Vec::new(),
            dialogs: Vec::new(),
            ibc_exit: None,
            screenshot: None,
            setup: None,
            forward_open: None,
            vnc_ended: false,
            pending: None,
        }
    }

    /// Reads the course of the IB Gateway whose API has this port; `None` before its first start.
    ///
    /// # Errors
    /// `Config` when the file cannot be read.
    pub fn read(state: &StateDir, api_port: u16) -> Result<Option<Self>> {
        let file = format!("gateway/tws-{api_port}/{COURSE_FILE}");
        let bytes = state.read(file)?;
        Ok(bytes.and_then(|bytes| Self::parse(&bytes)))
    }

    /// Whether an IB Gateway is supervised whose API has this port.
    #[must_use]
    pub fn is_supervised(state: &StateDir, api_port: u16) -> bool {
        let course = Self::read(state, api_port).ok().flatten();
        course.is_some_and(|course| course.supervisor().is_some())
    }

    /// Reads one; `None` when it is not ours.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let course: Self = serde_json::from_slice(bytes).ok()?;
        (course.schema == SCHEMA).then_some(course)
    }

    /// The bytes to keep.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Whether a process of this number began to write this.
    #[must_use]
    pub fn is_by(&self, pid: u32) -> bool {
        let supervisor = self.supervisor.as_ref();
        supervisor.is_some_and(|supervisor| supervisor.pid == pid)
    }

    /// The process that writes this, while it runs.
    #[must_use]
    pub fn supervisor(&self) -> Option<Identity> {
        let supervisor = self.supervisor.clone()?;
        let identity = Identity {
            pid: supervisor.pid,
            boot: supervisor.boot,
            started: supervisor.started,
            command: supervisor.command,
        };
        identity.is_alive().then_some(identity)
    }

    /// Whether it is on its way to its end, or there: what serves at this moment does not serve at the next.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        self.reason.is_some_and(CourseReason::is_as_ordered) || self.phase.is_end()
    }

    /// Whether all that was asked for serves, as its supervisor has it.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.phase == Phase::Ready && self.forward_open != Some(false) && !self.is_ending()
    }

    /// The titles of the dialogs that are open, as the end of a sentence; empty when none is.
    #[must_use]
    pub fn open_dialogs(&self) -> String {
        match self.dialogs.as_slice() {
            [] => String::new(),
            titles => format!(": {}", titles.join(", ")),
        }
    }

    /// Which device is not in IBKR's list, as a sentence.
    #[must_use]
    pub fn device_absent(&self) -> String {
        match &self.absent_device {
            Some(device) => {
                format!("IBKR's list of devices for the second factor has no {device:?}")
            }
            None => {
                "IBKR lists several devices for the second factor, and none was named".to_owned()
            }
        }
    }

    /// A sentence about each setting that IBC did not take, for the warning `setting_not_taken`.
    pub fn settings_not_taken(&self) -> impl Iterator<Item = String> {
        let words = self.untaken.iter();
        words.map(|words| format!("IBC did not take a setting: {words}"))
    }

    /// What a person does next; `None` when nothing.
    #[must_use]
    pub fn next_action(&self) -> Option<&'static str> {
        if self.phase == Phase::SecondFactor {
            return Some("approve the notification in IBKR Mobile");
        }
        self.reason.and_then(CourseReason::next_action)
    }
}
