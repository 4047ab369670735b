//! The report, and the exit that goes with it.

use ib_cli::{Answer, Error, Exit, GatewayKind, Report};
use ib_tws::{Accounts, Farm, ProbeStage};
use ib_webapi::SessionState;
use serde::{Deserialize, Serialize};

/// The schema of the report, on stdout and in the file of `--write`.
pub(crate) const SCHEMA: &str = "ibgw-tickle/1";

/// The report; without `Debug`, for the account numbers.
#[derive(Serialize, Deserialize)]
pub struct TickleReport {
    /// What the session is worth.
    pub(crate) state: SessionState,
    /// Which kind of gateway was asked; null in a stored report of which nothing is known.
    pub(crate) kind: Option<GatewayKind>,
    /// Whether the brokerage session is authenticated; null when that is not known.
    pub(crate) authenticated: Option<bool>,
    /// Whether it is connected to IBKR; null when that is not known.
    pub(crate) connected: Option<bool>,
    /// Whether it is established; null when that is not known, as with Gateways that do not say.
    pub(crate) established: Option<bool>,
    /// Whether another login holds the brokerage session; null when that is not known.
    pub(crate) competing: Option<bool>,
    /// The name of IBKR's server; null when there is none.
    pub(crate) server: Option<String>,
    /// What IBKR says in words; null when it says nothing.
    pub(crate) message: Option<String>,
    /// When the read-only session ends without another call; null when that is not known.
    pub(crate) session_expires_at: Option<String>,
    /// The step of the TWS API that was not completed; null when all were.
    pub(crate) stage: Option<ProbeStage>,
    /// The client id that was used last; null when it did not come to that.
    pub(crate) client_id: Option<u32>,
    /// The version of the TWS API that was agreed on; null when none was.
    pub(crate) server_version: Option<i64>,
    /// What time it is by IB Gateway's clock; null when it did not say.
    pub(crate) server_time: Option<String>,
    /// How far this clock is ahead of it; null when it did not say.
    pub(crate) clock_skew_seconds: Option<i64>,
    /// IBKR's farms that IB Gateway spoke of; null with another kind of gateway.
    pub(crate) farms: Option<Vec<Farm>>,
    /// The codes of IB Gateway's notices; null with another kind of gateway.
    pub(crate) codes: Option<Vec<i32>>,
    /// How many accounts the login manages; null when that is not known.
    pub(crate) account_count: Option<usize>,
    /// Which ones; null without `--accounts`.
    pub(crate) accounts: Option<Accounts>,
    /// How long the tickle took, whatever came of it; null when there was none.
    pub(crate) latency_ms: Option<u64>,
    /// What the run that stored this report warned of; empty in a report of this run.
    #[serde(rename = "warnings", skip_serializing)]
    pub(crate) stored_warnings: Vec<String>,
}

impl Report for TickleReport {
    fn schema(&self) -> &'static str {
        SCHEMA
    }

    /// The stored ones that this run did not warn of, then those of this run.
    fn warnings(&self) -> Option<Vec<String>> {
        let own = ib_cli::warnings();
        let stored = self
            .stored_warnings
            .iter()
            .filter(|event| !own.contains(event));
        Some(stored.cloned().chain(own.clone()).collect())
    }
}

impl TickleReport {
    /// A report that says nothing but the state.
    pub(crate) fn of(state: SessionState) -> Self {
        Self {
            state,
            kind: None,
            authenticated: None,
            connected: None,
            established: None,
            competing: None,
            server: None,
            message: None,
            session_expires_at: None,
            stage: None,
            client_id: None,
            server_version: None,
            server_time: None,
            clock_skew_seconds: None,
            farms: None,
            codes: None,
            account_count: None,
            accounts: None,
            latency_ms: None,
            stored_warnings: Vec::new(),
        }
    }

    /// The report with the exit of its state; a plain no has no sentence.
    pub(crate) fn answer(self, error: Option<Error>) -> Answer<Self> {
        match error {
            None => Answer::done(self),
            Some(error) if error.exit == Exit::No => Answer::no(self),
            Some(error) => Answer::failed(self, error),
        }
    }
}
