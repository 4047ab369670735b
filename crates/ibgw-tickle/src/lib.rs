//! One keep-alive call; report the session's true state.

mod ask;
mod metrics;
mod report;
mod stored;

pub use report::Outcome;

use ib_cli::{Answer, Arguments, Common, Result};
use ib_proc::Deadline;
use ib_webapi::{Gateway, GatewayArgs};
use std::path::PathBuf;
use std::time::Duration;

/// One keep-alive call; report the session's true state
///
/// Sends POST /v1/api/tickle to a running Client Portal Gateway once, and never again by itself. Exit 0 is ready:
/// authenticated, connected, established, not competing. Exit 1 is a plain no: ibgw-login makes the session ready
/// again. Every other exit means that the session could not be asked for, or must not be touched: no login follows
/// from it.
#[derive(clap::Parser)]
#[command(name = "ibgw-tickle", version)]
pub struct Args {
    #[command(flatten)]
    gateway: GatewayArgs,
    /// Name the kind of gateway
    ///
    /// cp is the Client Portal Gateway.
    #[arg(long, value_enum, default_value = "cp")]
    kind: Kind,
    /// End after this time, whatever is still awaited
    #[arg(long, value_name = "DURATION", default_value = "15s", value_parser = ib_cli::duration)]
    timeout: Duration,
    /// Ask whether the read-only session is valid, too
    ///
    /// One more call, sso/validate, which extends the read-only session. Without the flag it is made only when the
    /// tickle says that less than a minute is left. When it answers no, the state is no_session.
    #[arg(long)]
    validate: bool,
    /// Store the report in this file, whole or not at all
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Write metrics for Prometheus to this file
    ///
    /// For the textfile collector of node_exporter: the name must end in .prom there. The file is readable by all.
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
    /// Answer from a report that --write stored, without a call
    ///
    /// For probes: whoever asks often does not weigh on the Gateway. The exit is that of the stored state.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["write", "metrics", "validate"])]
    read: Option<PathBuf>,
    /// Take a stored report older than this for unknown
    #[arg(long, value_name = "DURATION", default_value = "3m", value_parser = ib_cli::duration)]
    max_age: Duration,
    #[command(flatten)]
    common: Common,
}

/// The kind of gateway.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The Client Portal Gateway.
    Cp,
}

impl Arguments for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}

/// Runs the tool.
///
/// # Errors
/// `Usage` for an address that is none, `Config` for files that cannot be used and for a Gateway that refuses our
/// address.
pub fn run(args: Args) -> Result<Answer<Outcome>> {
    if let Some(file) = &args.read {
        return stored::answer(file, args.max_age);
    }
    let gateway = match args.kind {
        Kind::Cp => Gateway::new(&args.gateway)?,
    };
    let session = ask::ask(&gateway, args.validate, Deadline::after(args.timeout))?;
    let outcome = Outcome::of(&session);
    if let Some(file) = &args.write {
        stored::write(file, &outcome)?;
    }
    if let Some(file) = &args.metrics {
        metrics::write(file, gateway.url(), &session)?;
    }
    Ok(outcome.answer(session.found.error()))
}
