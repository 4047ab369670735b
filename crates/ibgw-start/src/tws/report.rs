//! What the tool reports of IB Gateway.

use crate::tws::instance::TwsInstance;
use ib_cli::{Mode, Report};
use ib_tws::{Course, CourseReason, PendingCommand, Phase};
use serde::Serialize;
use std::net::SocketAddr;

/// What became of the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TwsState {
    /// It runs; ibgw-login follows it from here.
    Started,
    /// It serves its clients.
    Ready,
    /// The guard sends nothing.
    Held,
    /// IBKR refused the login.
    Refused,
    /// It does not run: it was told to end, or could be started.
    Stopped,
    /// It ended by itself, or did not go on and was ended.
    Exited,
}

/// The report with `--kind tws`.
#[derive(Serialize)]
pub struct TwsReport {
    /// What became of the instance.
    pub state: TwsState,
    /// The kind of gateway: `tws`.
    pub kind: &'static str,
    /// `live` or `paper`.
    pub mode: Mode,
    /// How far the start has come; null when there was none.
    pub phase: Option<Phase>,
    /// Why it ended, or why it is held; null when there is nothing to say.
    pub reason: Option<&'static str>,
    /// What a person does next; null when nothing.
    pub next_action: Option<&'static str>,
    /// Where the API is, for `--address` of ibgw-tickle.
    pub address: String,
    /// Where the API is passed on from, once it serves its clients; null when it is not.
    pub forward: Option<String>,
    /// Whether it is passed on at this moment; null when it is not to be.
    pub forward_open: Option<bool>,
    /// Where the window is shown; null when it is not.
    pub vnc: Option<String>,
    /// What IBC was told to do and has not done yet: `restart` or `pause`; null when nothing.
    pub pending: Option<PendingCommand>,
    /// The supervisor's process; null when there is none.
    pub pid: Option<u32>,
    /// Whether this run started it.
    pub started: bool,
    /// Whether it was started with the token of an earlier login; null when it was not started.
    pub has_token: Option<bool>,
    /// How many more failures the guard allows; null when it was not asked.
    pub failures_left: Option<u8>,
    /// When the guard's hold ends; null when there is none, or only a person ends it.
    pub hold_until: Option<String>,
    /// The version of IB Gateway; null when none was looked for.
    pub version: Option<String>,
    /// The file with what IBC prints.
    pub log: String,
    /// The picture of the window; null when none was made.
    pub screenshot: Option<String>,
    /// The status of IBC's script; null while it runs, or when it is not known.
    pub child_exit: Option<i32>,
}

impl TwsReport {
    /// A report of an instance of which nothing runs.
    pub fn new(instance: &TwsInstance, mode: Mode) -> Self {
        Self {
            state: TwsState::Stopped,
            kind: "tws",
            mode,
            phase: None,
            reason: None,
            next_action: None,
            address: instance.address(),
            forward: None,
            forward_open: None,
            vnc: None,
            pending: None,
            pid: None,
            started: false,
            has_token: None,
            failures_left: None,
            hold_until: None,
            version: None,
            log: instance.path("ibc.log").to_string_lossy().into_owned(),
            screenshot: None,
            child_exit: None,
        }
    }

    /// The same with how the start goes: what runs counts, and not what this run was asked for.
    pub fn with(mut self, course: &Course) -> Self {
        self.state = state_of(course);
        self.mode = course.mode;
        self.phase = Some(course.phase);
        self.reason = course.reason.map(CourseReason::name);
        self.next_action = course.next_action();
        self.has_token = Some(course.has_token);
        self.screenshot.clone_from(&course.screenshot);
        self.child_exit = course.ibc_exit;
        let text = |address: SocketAddr| address.to_string();
        let setup = course.setup.as_ref();
        self.version = setup.map(|setup| setup.version.clone());
        let serves = setup.filter(|_| !course.phase.is_end());
        self.forward = serves.and_then(|setup| setup.forward).map(text);
        self.forward_open = serves.and(course.forward_open);
        let shown = serves.filter(|_| !course.vnc_ended);
        self.vnc = shown.and_then(|setup| setup.vnc).map(text);
        self.pending = course.pending;
        for message in course.settings_not_taken() {
            ib_cli::warn("setting_not_taken", &message);
        }
        self
    }
}

impl Report for TwsReport {
    fn schema(&self) -> &'static str {
        "ibgw-start/1"
    }
}

fn state_of(course: &Course) -> TwsState {
    match (course.phase, course.reason) {
        (Phase::Ready, _) => TwsState::Ready,
        (Phase::Rejected, _) => TwsState::Refused,
        (Phase::Stopped, Some(CourseReason::Told | CourseReason::Paused)) => TwsState::Stopped,
        (Phase::Stopped | Phase::Stuck, _) => TwsState::Exited,
        _ => TwsState::Started,
    }
}
