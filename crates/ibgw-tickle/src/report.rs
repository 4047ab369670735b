//! The report, and the exit that goes with it.

use crate::ask::Asked;
use ib_cli::{Answer, Error, Exit, Report};
use ib_webapi::SessionState;
use serde::{Deserialize, Serialize};

/// The schema of the report, on stdout and in the file of `--write`.
pub(crate) const SCHEMA: &str = "ibgw-tickle/1";

/// The report.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// What the session is worth.
    pub(crate) state: SessionState,
    /// Whether the brokerage session is authenticated; null when that is not known.
    authenticated: Option<bool>,
    /// Whether it is connected to IBKR; null when that is not known.
    connected: Option<bool>,
    /// Whether it is established; null when that is not known, as with Gateways that do not say.
    established: Option<bool>,
    /// Whether another login holds the brokerage session; null when that is not known.
    competing: Option<bool>,
    /// The name of IBKR's server; null when there is none.
    server: Option<String>,
    /// What IBKR says in words; null when it says nothing.
    message: Option<String>,
    /// When the read-only session ends without another call; null when that is not known.
    session_expires_at: Option<String>,
    /// How long the tickle took, whatever came of it; null when there was none.
    latency_ms: Option<u64>,
    /// Events worth a look.
    warnings: Vec<String>,
}

impl Report for Outcome {
    fn schema(&self) -> &'static str {
        SCHEMA
    }
}

impl Outcome {
    pub(crate) fn of(asked: &Asked) -> Self {
        let session = &asked.found;
        Self {
            state: session.state,
            authenticated: session.authenticated,
            connected: session.connected,
            established: session.established,
            competing: session.competing,
            server: session.server.clone(),
            message: session.message.clone(),
            session_expires_at: asked.expires_at.map(ib_cli::time),
            latency_ms: Some(u64::try_from(asked.latency.as_millis()).unwrap_or(u64::MAX)),
            warnings: warnings(),
        }
    }

    /// A report that says nothing but that nothing is known.
    pub(crate) fn unknown() -> Self {
        Self {
            state: SessionState::Unknown,
            authenticated: None,
            connected: None,
            established: None,
            competing: None,
            server: None,
            message: None,
            session_expires_at: None,
            latency_ms: None,
            warnings: warnings(),
        }
    }

    /// Adds what this run itself warned of to what the stored one did.
    pub(crate) fn with_own_warnings(mut self) -> Self {
        let own = warnings();
        self.warnings.retain(|event| !own.contains(event));
        self.warnings.extend(own);
        self
    }

    /// The report with the exit of its state; the error is for exits of 2 and more.
    pub(crate) fn answer(self, error: Error) -> Answer<Self> {
        match self.state.exit() {
            Exit::Done => Answer::done(self),
            Exit::No => Answer::no(self),
            _ => Answer::failed(self, error),
        }
    }
}

fn warnings() -> Vec<String> {
    ib_cli::warnings().into_iter().map(str::to_owned).collect()
}
