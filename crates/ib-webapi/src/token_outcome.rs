//! The outcome of a call with a token.

use crate::failure::Failure;
use crate::pacing::{PENALTY, VALIDATE_PACE};
use crate::reply::Reply;
use ib_cli::{Error, Exit};
use serde::Serialize;
use std::time::Duration;

/// Whether a token is usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SsoState {
    /// IBKR takes the token. With `--brokerage`, the brokerage session is open too.
    Valid,
    /// IBKR does not take the token: get another. A warning says how: `result_false`, `unauthorized` or `session_gone`.
    Invalid,
    /// The read-only session was ended, as `--logout` asks.
    LoggedOut,
    /// IBKR's edge refuses this address (403), or IBKR does not open the brokerage session and says why in `fail`.
    Refused,
    /// Another login holds the brokerage session.
    Competing,
    /// IBKR answers 429 or 5xx.
    Unavailable,
    /// Nothing listens, the host does not exist, or TLS does not work.
    Down,
    /// No whole answer came in time, or the brokerage session was not established in time. Or the minute is not over, or
    /// another run with the token did not end in time.
    TimedOut,
    /// An answer that is not known; no report has it.
    Unknown,
}

/// How IBKR says that it does not take a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// 401.
    Unauthorized,
    /// `RESULT` is false.
    ResultFalse,
    /// 410: the read-only session behind the token is gone.
    Gone,
}

/// The outcome of a call with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenOutcome {
    /// Whether the token is usable.
    pub state: SsoState,
    /// What was tried, on what, and why the state is what it is: for the sentence of an error.
    pub cause: String,
    /// How long to wait before another call; `None` when that is not known.
    pub retry_after: Option<Duration>,
    /// How IBKR says no; `None` unless the state is `Invalid`.
    pub denial: Option<Denial>,
    /// Whether IBKR refuses every call from our address, with any token, until `retry_after` has passed.
    pub shuts_out: bool,
    /// Whether another call is of no use, whatever the state usually means.
    pub is_final: bool,
}

impl SsoState {
    /// What the caller does next.
    #[must_use]
    pub fn exit(self) -> Exit {
        match self {
            Self::Valid | Self::LoggedOut => Exit::Done,
            Self::Invalid => Exit::No,
            Self::Refused => Exit::Refused,
            Self::Competing => Exit::Competing,
            Self::Unavailable => Exit::Unavailable,
            Self::Down => Exit::Down,
            Self::TimedOut => Exit::TimedOut,
            Self::Unknown => Exit::Unexpected,
        }
    }
}

impl TokenOutcome {
    /// A state, and why.
    pub fn new(state: SsoState, cause: impl Into<String>) -> Self {
        Self {
            state,
            cause: cause.into(),
            retry_after: None,
            denial: None,
            shuts_out: false,
            is_final: false,
        }
    }

    /// Says how long to wait before another call.
    #[must_use]
    pub fn after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    /// The error to put beside a report, or in place of one; `None` when the exit is `Done`.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        let exit = self.state.exit();
        if exit == Exit::Done {
            return None;
        }
        let error = Error::new(exit, self.cause.clone()).after(self.retry_after);
        Some(if self.is_final {
            error.never_again()
        } else {
            error
        })
    }

    /// IBKR is unavailable for `wait`, a minute at least: no tool calls more often, whatever `Retry-After` says.
    pub(crate) fn unavailable(cause: String, wait: Duration) -> Self {
        Self::new(SsoState::Unavailable, cause).after(Some(wait.max(VALIDATE_PACE)))
    }

    pub(crate) fn denied(denial: Denial, cause: String) -> Self {
        Self {
            denial: Some(denial),
            ..Self::new(SsoState::Invalid, cause)
        }
    }

    /// The state when no whole answer came.
    pub(crate) fn failed(asking: &str, failure: &Failure) -> Self {
        let (state, hint) = match failure {
            Failure::Down(_) => (SsoState::Down, " (is there a network? is --api-url right?)"),
            Failure::Tls(_) | Failure::Untrusted(_) => (
                SsoState::Down,
                " (is it the Web API that listens there? does --cacert hold its issuer?)",
            ),
            Failure::TimedOut { .. } => (SsoState::TimedOut, " (try again later)"),
            Failure::Cut(_) | Failure::Garbled(_) => (
                SsoState::Unknown,
                " (is it the Web API that listens there?)",
            ),
        };
        Self::new(state, format!("{asking}: {}{hint}", failure.cause()))
    }

    /// What an answer means by its status alone, at any of the Web API's endpoints.
    pub(crate) fn of_status(asking: &str, reply: &Reply) -> Self {
        let said = reply.said();
        match reply.status {
            401 => Self::denied(
                Denial::Unauthorized,
                format!(
                    "{asking}: 401{said}: the token is expired or unknown, or was sent from another address than it was \
                     issued for, or this address is in IBKR's penalty box (get another token: ibsso-token --username USERNAME --ip ADDRESS --out FILE)"
                ),
            ),
            // Seen on ssodh/init after a log-out: Voyz/ibeam#174, Voyz/ibind#134.
            410 => Self::denied(
                Denial::Gone,
                format!(
                    "{asking}: 410{said}: the read-only session behind the token is gone (get another token: ibsso-token --username USERNAME --ip ADDRESS --out FILE)"
                ),
            ),
            403 => Self::new(
                SsoState::Refused,
                format!(
                    "{asking}: 403{said}: IBKR's edge refuses this address (do not go on asking; another address may do)"
                ),
            ),
            429 => Self {
                shuts_out: true,
                ..Self::unavailable(
                    format!(
                        "{asking}: IBKR answers 429{said}: too many requests came from this address"
                    ),
                    reply.retry_after().unwrap_or(PENALTY),
                )
            },
            status @ 500..=599 => Self::unavailable(
                format!("{asking}: IBKR answers {status}{said} (try again later)"),
                reply.retry_after().unwrap_or_default(),
            ),
            status @ 300..=399 => Self::new(
                SsoState::Unknown,
                format!(
                    "{asking}: {status}: a redirect, which is not followed (is --api-url right?)"
                ),
            ),
            status @ 200..=299 => Self::new(
                SsoState::Unknown,
                format!("{asking}: {status}{said} with a body that is not known"),
            ),
            status => Self::new(
                SsoState::Unknown,
                format!("{asking}: the unknown answer {status}{said} (is --api-url right?)"),
            ),
        }
    }
}
