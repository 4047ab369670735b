//! The report of IB Gateway.

use crate::tws::instance::TwsInstance;
use ib_cli::{GatewayKind, Mode, Report};
use ib_tws::{Course, CourseReason, PendingCommand, Phase};
use serde::Serialize;
use std::net::SocketAddr;

/// The state of the instance at the end of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TwsState {
    /// IB Gateway runs; `ibgw-login --kind tws` follows it from here.
    Started,
    /// The API serves its clients.
    Ready,
    /// The guard holds the login; nothing was sent.
    Held,
    /// IBKR refused the login, or wants a passkey.
    Refused,
    /// No IB Gateway of this instance runs, or this run ended it, or it could be started.
    Stopped,
    /// IB Gateway ended without a stop, or the tool ended it because it did not go on.
    Exited,
}

/// The report with `--kind tws`.
#[derive(Serialize)]
pub(crate) struct TwsReport {
    /// The state of the instance at the end of this run.
    pub(crate) state: TwsState,
    /// The kind of gateway.
    pub(crate) kind: GatewayKind,
    /// The mode that it was started with.
    pub(crate) mode: Mode,
    /// How far the start has come; null without a start.
    pub(crate) phase: Option<Phase>,
    /// Why it ended or is held: one of the values in DIAGNOSTICS; null when there is nothing to say.
    pub(crate) reason: Option<&'static str>,
    /// What a person does next; null when there is nothing to do.
    pub(crate) next_action: Option<&'static str>,
    /// Where the API is, for `--address` of ibgw-tickle.
    pub(crate) address: String,
    /// The address of `--forward`; null without one.
    pub(crate) forward: Option<String>,
    /// Whether `--forward` is open now; null without the flag.
    pub(crate) forward_open: Option<bool>,
    /// The address of `--vnc`; null without one.
    pub(crate) vnc: Option<String>,
    /// The order that IBC has not carried out yet; null without one.
    pub(crate) pending: Option<PendingCommand>,
    /// The supervisor's process, not that of IB Gateway; with `--stop` the one that was ended; null when no supervisor
    /// runs.
    pub(crate) pid: Option<u32>,
    /// Whether this run started it.
    pub(crate) started: bool,
    /// Whether it was started with the token of an earlier login; null without a start.
    pub(crate) has_token: Option<bool>,
    /// How many more failures the guard allows; null when the tool did not ask the guard.
    pub(crate) failures_left: Option<u8>,
    /// RFC 3339 in UTC: when the guard's hold ends; null without a hold, and when only a person ends it.
    pub(crate) hold_until: Option<String>,
    /// The version of IB Gateway; null when the tool looked for none.
    pub(crate) version: Option<String>,
    /// The file with what IBC prints.
    pub(crate) log: String,
    /// The file with the picture of the window; null without one.
    pub(crate) screenshot: Option<String>,
    /// The exit status of IBC's script; null while it runs, and when it is not known.
    pub(crate) child_exit: Option<i32>,
}

impl TwsReport {
    /// The report of an instance that does not run.
    pub(crate) fn new(instance: &TwsInstance, mode: Mode) -> Self {
        Self {
            state: TwsState::Stopped,
            kind: GatewayKind::Tws,
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
            log: instance.dir.path("ibc.log").to_string_lossy().into_owned(),
            screenshot: None,
            child_exit: None,
        }
    }

    /// The same with the course of a start: what runs counts, and not what this run asks for.
    pub(crate) fn with(mut self, course: &Course) -> Self {
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
    match course.phase {
        Phase::Starting
        | Phase::Window
        | Phase::Credentials
        | Phase::SecondFactor
        | Phase::SecondFactorAcked
        | Phase::Loading
        | Phase::LoggedIn
        | Phase::Degraded
        | Phase::Restarting => TwsState::Started,
        Phase::Ready => TwsState::Ready,
        Phase::Rejected => TwsState::Refused,
        Phase::Stopped if course.reason.is_some_and(CourseReason::is_as_ordered) => {
            TwsState::Stopped
        }
        Phase::Stopped | Phase::Stuck => TwsState::Exited,
    }
}
