//! What this tool prints.

use crate::factor::FactorKind;
use crate::known_page::KnownPage;
use crate::reason::LoginReason;
use ib_cli::{GatewayKind, Mode, Report, rounded_seconds};
use ib_guard::{HoldReason, SubmissionOutcome};
use ib_tws::Phase;
use ib_webapi::{Session, SessionState};
use serde::Serialize;
use std::time::Duration;

/// What this tool prints: how a login ended, or what the guard has recorded.
#[derive(Serialize)]
#[serde(untagged)]
pub enum LoginOutput {
    /// `ibgw-login/1`.
    Login(Box<LoginReport>),
    /// `ibgw-login-status/1`.
    Guard(GuardStatus),
    /// `ibgw-login-page/1`.
    Page(KnownPage),
}

/// How a login ended.
#[derive(Serialize)]
pub struct LoginReport {
    /// How the run ended.
    pub state: LoginState,
    /// Which kind of gateway it is.
    pub kind: GatewayKind,
    /// How far IB Gateway has come; null when no start is known, and with `--kind cp`.
    pub phase: Option<Phase>,
    /// What made the session ready; null when it is not ready.
    pub how: Option<ReadyBy>,
    /// The browser of the login and its version, in the driver's words; null when no browser opened. The name is
    /// `chrome-headless-shell`, `chrome` or `firefox`.
    pub browser: Option<String>,
    /// Why the run ended as it did: one of the values in DIAGNOSTICS; null when there is nothing to add.
    pub reason: Option<LoginReason>,
    /// IBKR's own words, from the page, the login or IB Gateway's dialog; null without any. Username, password and code are
    /// `[redacted]`. With the reason `device_absent` and its like, they are what is offered.
    pub page_text: Option<String>,
    /// The mode of the login; null when the run did not log in.
    pub mode: Option<Mode>,
    /// `totp`, `sms`, `code`, `challenge` or `push`, as IBKR began it; null when IBKR began none. A notification in place of
    /// a challenge is `push`.
    pub second_factor: Option<FactorKind>,
    /// The Web API's flag; null when the answer does not say. If the login ended before the session came up, it is the flag
    /// from before.
    pub authenticated: Option<bool>,
    /// The Web API's flag; null when the answer does not say.
    pub connected: Option<bool>,
    /// The Web API's flag; null when the answer does not say.
    pub established: Option<bool>,
    /// The Web API's flag; null when the answer does not say.
    pub competing: Option<bool>,
    /// How often this run sent username and password, or the proof of them: 0 or 1, and 2 with `switched_to_paper`. With
    /// `--kind tws` it is the start that sent them. It is 1 as well when IBKR refused the username before the proof.
    pub submissions: u8,
    /// How many more failures the guard allows now; null when the tool did not ask the guard.
    pub failures_left: Option<u8>,
    /// RFC 3339 in UTC: when the guard's hold ends; null without a hold, when the tool did not ask the guard, and when only
    /// a person ends the hold.
    pub hold_until: Option<String>,
    /// The path of the screenshot; null without one.
    pub screenshot: Option<String>,
    /// How many seconds the run took.
    pub elapsed_seconds: f64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginState {
    /// Authenticated, connected, established, not competing. Exit 0.
    Ready,
    /// There is no usable session. Exit 1. It is 6 with the reasons `no_seed`, `no_code` and `device_absent`, 5 with
    /// `no_code` if the program of `--code-from` is not installed, and 0 after `--logout`.
    NotAuthenticated,
    /// IBKR refused the login. Exit 4.
    Refused,
    /// The second factor did not come in time: a notification without approval, or a code. `second_factor` says which.
    /// Exit 8. Do not try again at once.
    SecondFactorExpired,
    /// Another login holds the brokerage session. Exit 10.
    Competing,
    /// The guard held the login. Exit 11.
    Held,
    /// IBKR answers 429 or 5xx, or is in maintenance. With `--kind tws`: IBKR broke the login off, or asks to wait. Exit 12.
    Unavailable,
    /// Nothing listens, TLS does not work, or the connection ended before an answer to the login. Exit 7.
    Down,
    /// No whole answer, or no page, came in time. Exit 8.
    TimedOut,
    /// A page or an answer that the tool does not know. Exit 9. It is 6 when the Gateway's address filter refuses you.
    UnknownPage,
    /// With `--kind tws`: an answer or a dialog that the tool does not know, or a start that did not go on. Exit 9.
    Unexpected,
}

/// What made the session ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadyBy {
    /// It was ready before.
    Already,
    /// The tool opened the brokerage session again, without a login.
    Recovered,
    /// A login without a browser.
    Direct,
    /// A login on the page.
    Browser,
    /// A login that IBC typed.
    Ibc,
    /// The token of an earlier login of IB Gateway's.
    Token,
}

/// What the guard has recorded of a username.
#[derive(Serialize)]
pub struct GuardStatus {
    /// Whether a login may be sent.
    pub state: GuardState,
    /// How many more failures the guard allows now.
    pub failures_left: u8,
    /// How many failures it allows in 24 hours.
    pub max_failures: u8,
    /// RFC 3339 in UTC: when the hold ends; null without a hold, and when only a person ends the hold.
    pub hold_until: Option<String>,
    /// Why the guard holds, by the hold that lasts longest; null without a hold.
    pub hold_reason: Option<HoldReason>,
    /// How many notifications in a row were sent unattended, or may have been, without approval.
    pub unanswered_pushes: u8,
    /// The recorded submissions, oldest first.
    pub submissions: Vec<SubmissionRow>,
    /// The holds that a person cleared, oldest first.
    pub forgiven: Vec<ForgivenRow>,
}

/// Whether a login may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardState {
    /// A login may be sent.
    Free,
    /// The guard sends nothing.
    Held,
}

/// One recorded submission.
#[derive(Serialize)]
pub struct SubmissionRow {
    /// RFC 3339 in UTC: when it was recorded, before the first byte was sent.
    pub at: String,
    /// `direct`, `browser` or `ibc`.
    pub method: String,
    /// `live` or `paper`.
    pub mode: String,
    /// How it ended; null when its run died before it could record that, which counts as failed.
    pub outcome: Option<SubmissionOutcome>,
    /// Whether a person was there.
    pub attended: bool,
    /// How many one-time codes it sent.
    pub codes: u8,
    /// Whether it sent a notification to the phone; null when that is not known.
    pub push: Option<bool>,
    /// Whether a person has forgiven it since.
    pub forgiven: bool,
}

/// One hold that a person cleared.
#[derive(Serialize)]
pub struct ForgivenRow {
    /// RFC 3339 in UTC: when the person cleared it.
    pub at: String,
    /// The name of the user who ran the tool.
    pub by: String,
    /// The person's words.
    pub reason: String,
}

impl Report for LoginOutput {
    fn schema(&self) -> &'static str {
        match self {
            Self::Login(_) => "ibgw-login/1",
            Self::Guard(_) => "ibgw-login-status/1",
            Self::Page(page) => page.schema(),
        }
    }

    fn warnings(&self) -> Option<Vec<String>> {
        match self {
            Self::Login(_) | Self::Guard(_) => Some(ib_cli::warnings()),
            Self::Page(page) => page.warnings(),
        }
    }
}

impl LoginReport {
    /// A report of a session, with nothing about a login yet.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        Self {
            authenticated: session.authenticated,
            connected: session.connected,
            established: session.established,
            competing: session.competing,
            ..Self::of_kind(GatewayKind::Cp, LoginState::of(session.state))
        }
    }

    /// A report of a kind of gateway, with nothing else known.
    #[must_use]
    pub fn of_kind(kind: GatewayKind, state: LoginState) -> Self {
        Self {
            state,
            kind,
            phase: None,
            how: None,
            browser: None,
            reason: None,
            page_text: None,
            mode: None,
            second_factor: None,
            authenticated: None,
            connected: None,
            established: None,
            competing: None,
            submissions: 0,
            failures_left: None,
            hold_until: None,
            screenshot: None,
            elapsed_seconds: 0.0,
        }
    }

    /// The report as it is printed, with the time it took.
    #[must_use]
    pub fn finish(mut self, elapsed: Duration) -> LoginOutput {
        self.elapsed_seconds = rounded_seconds(elapsed);
        LoginOutput::Login(Box::new(self))
    }
}

impl LoginState {
    /// The state for what the Gateway says of the session.
    #[must_use]
    pub fn of(session: SessionState) -> Self {
        match session {
            SessionState::Ready => Self::Ready,
            SessionState::NotEstablished
            | SessionState::NotAuthenticated
            | SessionState::NoSession => Self::NotAuthenticated,
            SessionState::Competing => Self::Competing,
            SessionState::Unavailable => Self::Unavailable,
            SessionState::TimedOut => Self::TimedOut,
            SessionState::Down => Self::Down,
            SessionState::Unknown | SessionState::AccessDenied => Self::UnknownPage,
        }
    }
}
