//! The probe: whether IB Gateway or TWS serves its clients.

use crate::address::ApiAddress;
use crate::connection::ProbeFailure;
use crate::message::{Accounts, ClientId};
use crate::steps::{Link, ProbeFindings, ProbeStage};
use crate::system_message::Farm;
use ib_cli::{Error, Exit, log};
use ib_proc::Deadline;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Whether a gateway serves a client of its API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeState {
    /// It took our client id, gave a next valid id, said the time, and is connected to IBKR.
    Ready,
    /// It has lost its connection to IBKR, and reconnects unaided.
    Unavailable,
    /// It did not take the next step before the deadline.
    TimedOut,
    /// Nothing listens, or there is no route to it.
    Down,
    /// It closed the connection, or what came is not the TWS API.
    Unknown,
}

impl ProbeState {
    /// What the caller does next.
    #[must_use]
    pub fn exit(self) -> Exit {
        match self {
            Self::Ready => Exit::Done,
            Self::Unavailable => Exit::Unavailable,
            Self::TimedOut => Exit::TimedOut,
            Self::Down => Exit::Down,
            Self::Unknown => Exit::Unexpected,
        }
    }
}

/// What a probe found.
pub struct Probe {
    /// Whether it serves clients.
    pub state: ProbeState,
    /// The step that was not completed; `None` when all were.
    pub stage: Option<ProbeStage>,
    /// The client id that was used last; `None` when no API was started.
    pub client_id: Option<u32>,
    /// The version of the API that the gateway chose, 100 to 178; `None` when it chose none.
    pub server_version: Option<i64>,
    /// The gateway's clock, in whole seconds; `None` when it did not say.
    pub server_time: Option<SystemTime>,
    /// How many seconds our clock is ahead of it; `None` when it did not say.
    pub clock_ahead_seconds: Option<i64>,
    /// The accounts that the login manages; `None` when it did not list them.
    pub accounts: Option<Accounts>,
    /// IBKR's farms that the gateway spoke of, each as it did last.
    pub farms: Vec<Farm>,
    /// The codes of its system messages, each once.
    pub codes: Vec<i32>,
    /// How long it took to get the time, or to give up.
    pub latency: Duration,
    /// What was tried, on what, and why the state is what it is: for the sentence of an error.
    pub cause: String,
}

impl Probe {
    /// The error to put beside a report, or in place of one; `None` when the gateway serves its clients.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        let exit = self.state.exit();
        (exit != Exit::Done).then(|| Error::new(exit, self.cause.clone()))
    }
}

/// Asks whether the gateway at this address serves its clients, with another client id if the first one is taken.
///
/// It is done within a few milliseconds when all is well, and never goes on after the deadline.
#[must_use]
pub fn probe(address: &ApiAddress, client_id: ClientId, deadline: Deadline) -> Probe {
    let begin = Instant::now();
    let mut findings = ProbeFindings::nothing();
    let mut done = findings.converse(address, client_id, deadline);
    if matches!(done, Err(ProbeFailure::IdTaken)) {
        let another = client_id.another();
        let message = format!(
            "{address}: the client id {} is taken, trying {}",
            client_id.get(),
            another.get()
        );
        log("info", "client_id_taken", &message);
        findings = ProbeFindings {
            codes: findings.codes,
            ..ProbeFindings::nothing()
        };
        done = findings.converse(address, another, deadline);
    }
    conclude(address, findings, done, begin)
}

fn conclude(
    address: &ApiAddress,
    findings: ProbeFindings,
    done: Result<(), ProbeFailure>,
    begin: Instant,
) -> Probe {
    let (state, why) = match (&done, findings.link) {
        (Ok(()) | Err(ProbeFailure::TimedOut | ProbeFailure::Closed), Link::Lost(code)) => (
            ProbeState::Unavailable,
            format!("it has lost its connection to IBKR, by code {code}, and tries to get it back"),
        ),
        (Ok(()), _) => (ProbeState::Ready, "ready".to_owned()),
        (Err(failure), _) => meaning(failure, findings.stage),
    };
    let cause = format!("asking {address} for the TWS API: {why}");
    log("info", "probed", &cause);
    let ended = findings
        .time
        .map_or_else(Instant::now, |time| time.received);
    Probe {
        state,
        stage: done.err().map(|_| findings.stage),
        client_id: findings.client_id.map(ClientId::get),
        server_version: findings.server_version,
        server_time: findings.time.map(|time| time.theirs),
        clock_ahead_seconds: findings
            .time
            .map(|time| seconds(time.ours) - seconds(time.theirs)),
        accounts: findings.accounts,
        farms: findings.farms,
        codes: findings.codes,
        latency: ended.duration_since(begin),
        cause,
    }
}

/// Whole seconds since 1970, few enough to be subtracted.
fn seconds(at: SystemTime) -> i64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// The state and the sentence for a conversation that ended at a step.
fn meaning(failure: &ProbeFailure, stage: ProbeStage) -> (ProbeState, String) {
    let (state, why) = match (failure, stage) {
        (ProbeFailure::Down(why), _) => (
            ProbeState::Down,
            format!("{why} (is IB Gateway running, its API on, and this its port?)"),
        ),
        (ProbeFailure::TimedOut, stage) => (ProbeState::TimedOut, silence(stage).to_owned()),
        (ProbeFailure::Closed, ProbeStage::Connect | ProbeStage::Handshake) => (
            ProbeState::Unknown,
            "it closes the connection before a word (a forwarder with nothing behind it, or an address that IB \
             Gateway does not trust?)"
                .to_owned(),
        ),
        (ProbeFailure::Closed, _) => (
            ProbeState::Unknown,
            "it closes the connection (is IB Gateway going down?)".to_owned(),
        ),
        (ProbeFailure::IdTaken, _) => (
            ProbeState::Unknown,
            "two client ids are taken (give another --client-id)".to_owned(),
        ),
        (ProbeFailure::Garbled(what), _) => (
            ProbeState::Unknown,
            format!("{what} (is it IB Gateway or TWS that listens there?)"),
        ),
    };
    (state, why)
}

/// The sentence for a step at which nothing more came.
fn silence(stage: ProbeStage) -> &'static str {
    match stage {
        ProbeStage::Connect => "no connection in time (is there a way to it?)",
        ProbeStage::Handshake => {
            "it accepts the connection and says nothing (is IB Gateway stuck, or does its window ask whether to \
             accept us?)"
        }
        ProbeStage::StartApi => "it gives no next valid id (is IB Gateway logged in?)",
        ProbeStage::Time => {
            "it does not say the time (is IB Gateway stuck? restart it if this goes on)"
        }
    }
}
