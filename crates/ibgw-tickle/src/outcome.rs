//! What a gateway answered, of whichever kind it is.

use crate::ask::TimedAnswer;
use crate::report::TickleReport;
use ib_cli::{Error, GatewayKind, warn};
use ib_tws::{ApiAddress, FarmState, Probe, ProbeState};
use ib_webapi::{Gateway, SessionState};
use std::time::{Duration, SystemTime};

/// What a gateway answered.
pub(crate) struct GatewayOutcome {
    /// Where the gateway is, as the label of metrics.
    pub(crate) gateway: String,
    pub(crate) report: TickleReport,
    pub(crate) latency: Duration,
    pub(crate) expires_at: Option<SystemTime>,
    /// The sentence; `None` when the session is ready.
    pub(crate) error: Option<Error>,
}

impl GatewayOutcome {
    pub(crate) fn by_gateway(gateway: &Gateway, asked: TimedAnswer) -> Self {
        let session = asked.found;
        let error = session.error();
        let report = TickleReport {
            kind: Some(GatewayKind::Cp),
            authenticated: session.authenticated,
            connected: session.connected,
            established: session.established,
            competing: session.competing,
            server: session.server,
            message: session.message,
            session_expires_at: asked.expires.at().map(ib_cli::time),
            latency_ms: Some(milliseconds(asked.latency)),
            ..TickleReport::of(session.state)
        };
        Self {
            gateway: gateway.url().to_owned(),
            report,
            latency: asked.latency,
            expires_at: asked.expires.at(),
            error,
        }
    }

    pub(crate) fn by_ib_gateway(address: &ApiAddress, probe: Probe, with_accounts: bool) -> Self {
        warn_of(&probe);
        let error = probe.error();
        let report = TickleReport {
            kind: Some(GatewayKind::Tws),
            stage: probe.stage,
            client_id: probe.client_id,
            server_version: probe.server_version,
            server_time: probe.server_time.map(ib_cli::time),
            clock_skew_seconds: probe.clock_ahead_seconds,
            account_count: probe.accounts.as_ref().map(|accounts| accounts.count()),
            accounts: probe.accounts.filter(|_| with_accounts),
            farms: Some(probe.farms),
            codes: Some(probe.codes),
            latency_ms: Some(milliseconds(probe.latency)),
            ..TickleReport::of(state(probe.state))
        };
        Self {
            gateway: address.to_string(),
            report,
            latency: probe.latency,
            expires_at: None,
            error,
        }
    }
}

fn state(state: ProbeState) -> SessionState {
    match state {
        ProbeState::Ready => SessionState::Ready,
        ProbeState::Unavailable => SessionState::Unavailable,
        ProbeState::TimedOut => SessionState::TimedOut,
        ProbeState::Down => SessionState::Down,
        ProbeState::Unknown => SessionState::Unknown,
    }
}

fn warn_of(probe: &Probe) {
    let broken = probe
        .farms
        .iter()
        .filter(|farm| farm.state == FarmState::Broken);
    let broken: Vec<&str> = broken.map(|farm| farm.name.as_str()).collect();
    if !broken.is_empty() {
        let message = format!("not connected to IBKR's {}", broken.join(", "));
        warn("farm_broken", &message);
    }
    if probe.codes.contains(&ib_tws::ID_TAKEN) {
        warn(
            "client_id_taken",
            "the client id is in use (give this program one of its own, with --client-id)",
        );
    }
}

fn milliseconds(latency: Duration) -> u64 {
    u64::try_from(latency.as_millis()).unwrap_or(u64::MAX)
}
