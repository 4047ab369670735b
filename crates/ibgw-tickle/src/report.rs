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
    /// Which kind of gateway was asked; null when a stored report is too old.
    pub(crate) kind: Option<GatewayKind>,
    /// Whether the brokerage session is authenticated; null when the answer does not say, and with `--kind tws`.
    pub(crate) authenticated: Option<bool>,
    /// Whether the Gateway is connected to IBKR; null when the answer does not say, and with `--kind tws`.
    pub(crate) connected: Option<bool>,
    /// Whether the brokerage session is established; null when the answer does not say, as from older Gateways, and with
    /// `--kind tws`.
    pub(crate) established: Option<bool>,
    /// Whether another login holds the brokerage session; null when the answer does not say, and with `--kind tws`.
    pub(crate) competing: Option<bool>,
    /// The name of IBKR's server; null when IBKR names none, and with `--kind tws`.
    pub(crate) server: Option<String>,
    /// IBKR's own `message` or `error`, at most 120 characters; null without one, and with `--kind tws`.
    pub(crate) message: Option<String>,
    /// RFC 3339 in UTC: when the read-only session ends without another call; null when the answer gives no time, and
    /// with `--kind tws`.
    pub(crate) session_expires_at: Option<String>,
    /// The step of the TWS API that was not completed; null when all were, and with `--kind cp`.
    pub(crate) stage: Option<ProbeStage>,
    /// The client id that was used last; null when no step needed one, and with `--kind cp`.
    pub(crate) client_id: Option<u32>,
    /// The version of the TWS API that both sides agreed on; null before that step, and with `--kind cp`.
    pub(crate) server_version: Option<i64>,
    /// RFC 3339 in UTC: the time by IB Gateway's clock; null when it did not say, and with `--kind cp`.
    pub(crate) server_time: Option<String>,
    /// How many seconds this clock is ahead of IB Gateway's, negative when it is behind; null when IB Gateway did not
    /// say, and with `--kind cp`.
    pub(crate) clock_skew_seconds: Option<i64>,
    /// The farms, IBKR's groups of servers, that IB Gateway named; null with `--kind cp`.
    pub(crate) farms: Option<Vec<Farm>>,
    /// The codes of IB Gateway's notices, each once, as in IBKR's list of message codes; null with `--kind cp`.
    pub(crate) codes: Option<Vec<i32>>,
    /// How many accounts the login manages; null when IB Gateway did not say, and with `--kind cp`.
    pub(crate) account_count: Option<usize>,
    /// The account numbers; null without `--accounts`, and with `--kind cp`.
    pub(crate) accounts: Option<Accounts>,
    /// How many milliseconds the tickle took, with any result; null when no call was made.
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
