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
    /// How it ended.
    pub state: LoginState,
    /// The kind of gateway.
    pub kind: GatewayKind,
    /// With `--kind tws`, how far IB Gateway has come; null when none was started, and with `cp`.
    pub phase: Option<Phase>,
    /// What made the session ready; null when it is not.
    pub how: Option<ReadyBy>,
    /// The browser of the login and its version, as the driver names them; null when none opened.
    pub browser: Option<String>,
    /// Why it ended as it did; null when there is nothing to add.
    pub reason: Option<LoginReason>,
    /// IBKR's own words, from the page or IB Gateway's dialog, without secrets; null when there were none.
    pub page_text: Option<String>,
    /// The mode logged in to; null when no login was tried.
    pub mode: Option<Mode>,
    /// The second factor that was used; null when IBKR asked for none.
    pub second_factor: Option<FactorKind>,
    /// As the Web API gives it; null when unknown.
    pub authenticated: Option<bool>,
    /// As the Web API gives it; null when unknown.
    pub connected: Option<bool>,
    /// As the Web API gives it; null when unknown.
    pub established: Option<bool>,
    /// As the Web API gives it; null when unknown.
    pub competing: Option<bool>,
    /// How often username and password were sent in this run; with `--kind tws`, by the start that this run follows.
    pub submissions: u8,
    /// How many more failures the guard allows at this moment; null when the tool did not ask it.
    pub failures_left: Option<u8>,
    /// When the guard's hold ends; null when it does not hold.
    pub hold_until: Option<String>,
    /// The screenshot's path; null when none was made.
    pub screenshot: Option<String>,
    /// How long the run took.
    pub elapsed_seconds: f64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginState {
    /// Authenticated, connected, established, not competing.
    Ready,
    /// There is no usable session.
    NotAuthenticated,
    /// IBKR refused the login.
    Refused,
    /// The second factor was not given in time.
    SecondFactorExpired,
    /// Another login holds the brokerage session.
    Competing,
    /// The guard sends nothing.
    Held,
    /// IBKR answers 429 or 5xx, or is in maintenance.
    Unavailable,
    /// Nothing listens.
    Down,
    /// No answer in time.
    TimedOut,
    /// A page or an answer that this tool does not know.
    UnknownPage,
    /// IB Gateway, which has no page, did something that this tool does not know, or did not go on.
    Unexpected,
}

/// What made the session ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadyBy {
    /// It was ready already.
    Already,
    /// The brokerage session was opened again, without a login.
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
    /// How many more failures are allowed at this moment.
    pub failures_left: u8,
    /// How many are allowed in 24 hours.
    pub max_failures: u8,
    /// When the hold ends; null when the guard does not hold, or only a person ends the hold.
    pub hold_until: Option<String>,
    /// Why the guard holds; null when it does not.
    pub hold_reason: Option<HoldReason>,
    /// How many notifications in a row were sent unattended and not approved.
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
    /// When it was recorded: before the first byte was sent.
    pub at: String,
    /// How it was made.
    pub method: String,
    /// `live` or `paper`.
    pub mode: String,
    /// How it ended; null when its run died before it could record that, which counts as failed.
    pub outcome: Option<SubmissionOutcome>,
    /// Whether a person was there.
    pub attended: bool,
    /// How many one-time codes it sent.
    pub codes: u8,
    /// Whether it sent a notification to the phone; null when it did not show.
    pub push: Option<bool>,
    /// Whether a person has forgiven it since.
    pub forgiven: bool,
}

/// One hold that a person cleared.
#[derive(Serialize)]
pub struct ForgivenRow {
    /// When.
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
