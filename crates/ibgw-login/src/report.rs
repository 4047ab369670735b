//! What this tool prints.

use crate::ending::Reason;
use crate::known_page::KnownPage;
use ib_cli::{Mode, Report, rounded_seconds};
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
    Standing(Standing),
    /// `ibgw-login-page/1`.
    Page(KnownPage),
}

/// How a login ended.
#[derive(Serialize)]
pub struct LoginReport {
    /// How it ended.
    pub state: LoginState,
    /// The kind of gateway: `cp` or `tws`.
    pub kind: &'static str,
    /// With `--kind tws` how far IB Gateway has come; null when there is none, and with `cp`.
    pub phase: Option<Phase>,
    /// What made the session ready; null when it is not.
    pub how: Option<ReadyBy>,
    /// Why it ended as it did; null when there is nothing to add.
    pub reason: Option<Reason>,
    /// The page's own words, without secrets; null when it had none.
    pub page_text: Option<String>,
    /// The mode logged in to; null when no login was tried.
    pub mode: Option<Mode>,
    /// The second factor used; null when none was.
    pub second_factor: Option<&'static str>,
    /// As the Web API gives it; null when unknown.
    pub authenticated: Option<bool>,
    /// As the Web API gives it; null when unknown.
    pub connected: Option<bool>,
    /// As the Web API gives it; null when unknown.
    pub established: Option<bool>,
    /// As the Web API gives it; null when unknown.
    pub competing: Option<bool>,
    /// How many times username and password were sent in this run; with `--kind tws`, by the start that it follows.
    pub submissions: u8,
    /// How many more failures the guard allows at this moment; null when it was not asked.
    pub failures_left: Option<u8>,
    /// When the guard's hold ends; null when there is none.
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
    /// Nobody approved the notification on the phone in time.
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
    /// A page or an answer that is not known.
    UnknownPage,
}

/// What made the session ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadyBy {
    /// It was.
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
pub struct Standing {
    /// `free` when a login may be sent, else `held`.
    pub state: &'static str,
    /// How many more failures are allowed at this moment.
    pub failures_left: u8,
    /// How many are allowed in 24 hours.
    pub max_failures: u8,
    /// When the hold ends; null when there is none, or only a person ends it.
    pub hold_until: Option<String>,
    /// Why it is held; null when it is not.
    pub hold_reason: Option<&'static str>,
    /// How many notifications in a row were sent unattended and not approved.
    pub unanswered_pushes: u8,
    /// The recorded submissions, oldest first.
    pub submissions: Vec<SubmissionRow>,
    /// The holds that persons cleared, oldest first.
    pub forgiven: Vec<ForgivenRow>,
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
    /// How it ended; null when nobody lived to say, which counts as failed.
    pub outcome: Option<&'static str>,
    /// Whether a person stood behind it.
    pub attended: bool,
    /// How many one-time codes it sent.
    pub codes: u8,
    /// Whether it sent a notification to the phone; null when nobody knows.
    pub push: Option<bool>,
    /// Whether a person has forgiven it since.
    pub forgiven: bool,
}

/// One word of forgiveness.
#[derive(Serialize)]
pub struct ForgivenRow {
    /// When.
    pub at: String,
    /// The name of the user who ran it.
    pub by: String,
    /// The person's words.
    pub reason: String,
}

impl Report for LoginOutput {
    fn schema(&self) -> &'static str {
        match self {
            Self::Login(_) => "ibgw-login/1",
            Self::Standing(_) => "ibgw-login-status/1",
            Self::Page(page) => page.schema(),
        }
    }

    fn warnings(&self) -> Option<Vec<String>> {
        match self {
            Self::Login(_) | Self::Standing(_) => Some(ib_cli::warnings()),
            Self::Page(page) => page.warnings(),
        }
    }
}

impl LoginReport {
    /// A report of a session, with nothing said yet of a login.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        Self {
            authenticated: session.authenticated,
            connected: session.connected,
            established: session.established,
            competing: session.competing,
            ..Self::of_kind("cp", LoginState::of(session.state))
        }
    }

    /// A report of a kind of gateway of which nothing more is known.
    #[must_use]
    pub fn of_kind(kind: &'static str, state: LoginState) -> Self {
        Self {
            state,
            kind,
            phase: None,
            how: None,
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

impl ReadyBy {
    /// The method as the ledger names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Already => "already",
            Self::Recovered => "recovered",
            Self::Direct => "direct",
            Self::Browser => "browser",
            Self::Ibc => "ibc",
            Self::Token => "token",
        }
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
