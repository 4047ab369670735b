//! One keep-alive call; report the session's true state.

mod ask;
mod metrics;
mod outcome;
mod report;
mod stored;

pub use report::TickleReport;

use ib_cli::{Answer, Arguments, Common, Error, Exit, GatewayKind, ModeFlag, Result};
use ib_proc::Deadline;
use ib_tws::{Accounts, ApiAddress, ClientId, api_port, named_mode};
use ib_webapi::{Gateway, GatewayArgs};
use outcome::GatewayOutcome;
use std::path::PathBuf;
use std::time::Duration;

/// One keep-alive call; report the session's true state
///
/// Sends POST /v1/api/tickle to a running Client Portal Gateway once, and never again by itself; or, with --kind tws,
/// asks IB Gateway for the time as a client of the TWS API. Exit 0 is ready: authenticated, connected, established,
/// not competing; with --kind tws, serving its clients. Exit 1 is a plain no: ibgw-login makes the session ready
/// again. Every other exit means that the session could not be asked for, or must not be touched: no login follows
/// from it.
#[derive(clap::Parser)]
#[command(name = "ibgw-tickle", version)]
pub struct TickleArgs {
    #[command(flatten)]
    gateway: GatewayArgs,
    /// Name the kind of gateway
    ///
    /// cp is the Client Portal Gateway, tws is IB Gateway or TWS.
    #[arg(long, value_enum, default_value = "cp")]
    kind: GatewayKind,
    /// Ask the TWS API at this address; of --kind tws
    ///
    /// The default is that of IB Gateway: 127.0.0.1:4001 with a live account, 127.0.0.1:4002 with a paper one. TWS has
    /// 127.0.0.1:7496 and 127.0.0.1:7497.
    #[arg(long, value_name = "HOST:PORT")]
    address: Option<ApiAddress>,
    /// Ask the IB Gateway of this account; of --kind tws [default: TRADING_MODE, else paper]
    #[arg(long, value_enum)]
    mode: Option<ModeFlag>,
    /// Use this client id; of --kind tws
    ///
    /// No other program may use it at the same time. If one does, another id is tried, once.
    #[arg(long, value_name = "N", default_value = "999", value_parser = client_id)]
    client_id: ClientId,
    /// Report the account numbers, too; of --kind tws
    #[arg(long)]
    accounts: bool,
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

fn client_id(text: &str) -> std::result::Result<ClientId, &'static str> {
    let id = text.parse().ok().and_then(ClientId::new);
    id.ok_or("it is no number from 1 to 2147483647 (0 would take over orders placed by hand)")
}

impl Arguments for TickleArgs {
    fn common(&self) -> &Common {
        &self.common
    }

    fn of_another_kind(&self) -> &'static [&'static str] {
        match self.kind {
            // A stored report has its own kind.
            GatewayKind::Cp if self.read.is_some() => &["address", "mode", "client_id"],
            GatewayKind::Cp => &["address", "mode", "client_id", "accounts"],
            GatewayKind::Tws => &["url", "cacert", "validate"],
        }
    }
}

/// Runs the tool.
///
/// # Errors
/// `Usage` for an address that is none, `Config` for files that cannot be used and for a Gateway that refuses our
/// address.
pub fn run(args: TickleArgs) -> Result<Answer<TickleReport>> {
    if let Some(file) = &args.read {
        return stored::answer(file, args.max_age, args.accounts);
    }
    let outcome = match args.kind {
        GatewayKind::Cp => tickle(&args)?,
        GatewayKind::Tws => probe(&args)?,
    };
    if let Some(file) = &args.write {
        stored::write(file, &outcome.report)?;
    }
    if let Some(file) = &args.metrics {
        metrics::write(file, &outcome)?;
    }
    Ok(outcome.report.answer(outcome.error))
}

fn tickle(args: &TickleArgs) -> Result<GatewayOutcome> {
    let gateway = Gateway::new(&args.gateway)?;
    let answer = ask::ask(&gateway, args.validate, Deadline::after(args.timeout))?;
    Ok(GatewayOutcome::by_gateway(&gateway, answer))
}

fn probe(args: &TickleArgs) -> Result<GatewayOutcome> {
    let deadline = Deadline::after(args.timeout);
    let named = named_mode(args.mode.and_then(ModeFlag::mode))?;
    let address = args
        .address
        .clone()
        .unwrap_or_else(|| ApiAddress::local(api_port(named.unwrap_or_default())));
    let probe = ib_tws::probe(&address, args.client_id, deadline);
    let serves = probe.accounts.as_ref().and_then(Accounts::mode);
    if let (Some(named), Some(serves)) = (named, serves)
        && named != serves
    {
        let message = format!(
            "{address} serves {serves} accounts, and --mode or a variable says {named} (ask for what runs, or name \
             another --address)",
            serves = serves.name(),
            named = named.name()
        );
        return Err(Error::new(Exit::Config, message));
    }
    Ok(GatewayOutcome::by_ib_gateway(
        &address,
        probe,
        args.accounts,
    ))
}
