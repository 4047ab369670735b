//! The session's state for the textfile collector of Prometheus' node_exporter.

use crate::outcome::GatewayOutcome;
use anyhow::Context;
use ib_cli::{Exit, OrExit, Result, write_atomic};
use ib_webapi::SessionState;
use std::fmt::Write;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

const STATES: [SessionState; 9] = [
    SessionState::Ready,
    SessionState::NotEstablished,
    SessionState::NotAuthenticated,
    SessionState::NoSession,
    SessionState::Competing,
    SessionState::Unavailable,
    SessionState::TimedOut,
    SessionState::Down,
    SessionState::Unknown,
];

/// Writes the metrics, whole or not at all, readable by all.
///
/// # Errors
/// `Config` when the file cannot be written.
pub(crate) fn write(file: &Path, outcome: &GatewayOutcome) -> Result<()> {
    let text = text(outcome, SystemTime::now());
    publish(file, text.as_bytes())
        .with_context(|| format!("writing metrics to {}", file.display()))
        .or_exit(Exit::Config)
}

/// node_exporter runs as another user, and must never see the file before it may read it.
fn publish(file: &Path, text: &[u8]) -> io::Result<()> {
    let mut draft = file.as_os_str().to_owned();
    draft.push(format!(".{}", std::process::id()));
    let draft = Path::new(&draft);
    let published = write_atomic(draft, text)
        .and_then(|()| fs::set_permissions(draft, Permissions::from_mode(0o644)))
        .and_then(|()| fs::rename(draft, file));
    if published.is_err() {
        let _ = fs::remove_file(draft);
    }
    published
}

fn text(outcome: &GatewayOutcome, now: SystemTime) -> String {
    let (mut text, gateway) = (String::new(), &outcome.gateway);
    let mut add = |name: &str, help: &str, samples: &[(String, f64)]| {
        // Writing to a String does not fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (label, value) in samples {
            let _ = writeln!(text, "{name}{{gateway=\"{gateway}\"{label}}} {value}");
        }
    };
    let states: Vec<(String, f64)> = STATES
        .iter()
        .map(|state| {
            let label = format!(",state=\"{}\"", state.name());
            (label, f64::from(u8::from(*state == outcome.report.state)))
        })
        .collect();
    let one = |value: f64| [(String::new(), value)];
    add(
        "ibgw_session_state",
        "1 for the state the session is in, 0 for the others.",
        &states,
    );
    add(
        "ibgw_tickle_latency_seconds",
        "How long the last tickle took.",
        &one(ib_cli::rounded_seconds(outcome.latency)),
    );
    add(
        "ibgw_tickle_timestamp_seconds",
        "When the last tickle was made.",
        &one(seconds(now)),
    );
    if let Some(end) = outcome.expires_at {
        add(
            "ibgw_session_expires_timestamp_seconds",
            "When the read-only session ends without another call.",
            &one(seconds(end)),
        );
    }
    text
}

fn seconds(at: SystemTime) -> f64 {
    ib_cli::rounded_seconds(at.duration_since(UNIX_EPOCH).unwrap_or_default())
}
