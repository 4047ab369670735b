//! The session's true state, as one call found it.

use crate::expires::Expires;
use crate::failure::Failure;
use ib_cli::{Error, Exit};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The state of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// Authenticated, connected, established, not competing. With `--kind tws`: IB Gateway serves its clients, and is
    /// connected to IBKR.
    Ready,
    /// Authenticated, but the brokerage session is not open, or not yet.
    NotEstablished,
    /// There is a session, but its brokerage part is not authenticated.
    NotAuthenticated,
    /// There is no session: only a login helps.
    NoSession,
    /// Another login holds the brokerage session.
    Competing,
    /// IBKR answers 429 or 5xx. With `--kind tws`: IB Gateway lost its connection to IBKR, and tries to get it back.
    Unavailable,
    /// No whole answer came in time.
    TimedOut,
    /// Nothing listens, or TLS does not work.
    Down,
    /// An answer that the tool does not know, a closed connection, or a stored report that is too old.
    Unknown,
    /// The Gateway's own address filter refuses us: the run ends with exit 6, and no report has it.
    AccessDenied,
}

impl SessionState {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::NotEstablished => "not_established",
            Self::NotAuthenticated => "not_authenticated",
            Self::NoSession => "no_session",
            Self::Competing => "competing",
            Self::Unavailable => "unavailable",
            Self::TimedOut => "timed_out",
            Self::Down => "down",
            Self::Unknown => "unknown",
            Self::AccessDenied => "access_denied",
        }
    }

    /// What the caller does next.
    #[must_use]
    pub fn exit(self) -> Exit {
        match self {
            Self::Ready => Exit::Done,
            Self::NotEstablished | Self::NotAuthenticated | Self::NoSession => Exit::No,
            Self::Competing => Exit::Competing,
            Self::Unavailable => Exit::Unavailable,
            Self::TimedOut => Exit::TimedOut,
            Self::Down => Exit::Down,
            Self::Unknown => Exit::Unexpected,
            Self::AccessDenied => Exit::Config,
        }
    }
}

/// The session's true state, as one call found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The state.
    pub state: SessionState,
    /// The flag of the brokerage session; `None` when the answer does not say.
    pub authenticated: Option<bool>,
    /// The flag of the brokerage session; `None` when the answer does not say.
    pub connected: Option<bool>,
    /// The flag of the brokerage session; `None` when the answer does not say, as before April 2026.
    pub established: Option<bool>,
    /// The flag of the brokerage session; `None` when the answer does not say.
    pub competing: Option<bool>,
    /// The name of IBKR's server; `None` when there is none.
    pub server: Option<String>,
    /// IBKR's `message` or `error`, shortened; `None` when there is none.
    pub message: Option<String>,
    /// When the read-only session ends without another call.
    pub expires: Expires,
    /// How long IBKR asks us to wait; `None` when it does not.
    pub retry_after: Option<Duration>,
    /// What was tried, on what, and why the state is what it is: for the sentence of an error.
    pub cause: String,
}

impl Session {
    /// The error to put beside a report, or in place of one; `None` when the session is ready.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        (self.state != SessionState::Ready).then(|| self.as_error())
    }

    /// The error of a state that is known not to be `Ready`.
    pub(crate) fn as_error(&self) -> Error {
        Error::new(self.state.exit(), self.cause.clone()).after(self.retry_after)
    }

    /// A state of which nothing more is known.
    pub(crate) fn new(state: SessionState, cause: String) -> Self {
        Self {
            state,
            authenticated: None,
            connected: None,
            established: None,
            competing: None,
            server: None,
            message: None,
            expires: Expires::Missing,
            retry_after: None,
            cause,
        }
    }

    /// The state when no whole answer came.
    pub(crate) fn failed(asking: &str, failure: &Failure) -> Self {
        let (state, hint) = match failure {
            Failure::Down(_) => (
                SessionState::Down,
                " (start the Gateway: ibgw-start --gateway-dir DIR)",
            ),
            Failure::Tls(_) | Failure::Untrusted(_) => (
                SessionState::Down,
                " (is it the Gateway that listens there? is --cacert its certificate?)",
            ),
            // Whatever fails behind it, the Gateway never answers and never gives up: seen with build a27ed42.
            Failure::TimedOut { connected: true } => (
                SessionState::TimedOut,
                ": the Gateway gets no answer from IBKR (restart it if this goes on)",
            ),
            Failure::TimedOut { connected: false } => (
                SessionState::TimedOut,
                " (if this goes on, restart the Gateway: ibgw-start --stop, then ibgw-start --gateway-dir DIR)",
            ),
            Failure::Cut(_) | Failure::Garbled(_) => (
                SessionState::Unknown,
                " (is it the Gateway that listens there?)",
            ),
        };
        Self::new(state, format!("{asking}: {}{hint}", failure.cause()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_named_in_json_as_in_words() {
        for name in [
            "ready",
            "not_established",
            "not_authenticated",
            "no_session",
            "competing",
            "unavailable",
            "timed_out",
            "down",
            "unknown",
            "access_denied",
        ] {
            let read: SessionState = serde_json::from_value(name.into())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(read.name(), name);
        }
    }
}
