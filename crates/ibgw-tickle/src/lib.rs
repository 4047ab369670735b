//! One keep-alive call; report the session's true state.

mod ask;
mod metrics;
mod outcome;
mod report;
mod stored;

pub use report::TickleReport;

use ib_cli::flag_group::{INSTEAD, OUTPUT, PLACES, SESSION};
use ib_cli::{Answer, Arguments, Common, Error, Exit, GatewayKind, ModeFlag, Result};
use ib_proc::Deadline;
use ib_tws::{Accounts, ApiAddress, ClientId, api_port, named_mode};
use ib_webapi::{Gateway, GatewayArgs};
use outcome::GatewayOutcome;
use std::path::PathBuf;
use std::time::Duration;

/// One keep-alive call; report the session's true state
///
/// Sends POST /v1/api/tickle to a running Client Portal Gateway, exactly once. With --kind tws it asks IB Gateway or TWS
/// for the time, as a client of the TWS API. Exit 0 is ready. Exit 1 is a plain no, and only then does a login follow:
/// ibgw-login makes the session ready again. Every other exit means that the tool could not ask, or that the session
/// must not be touched.
#[derive(clap::Parser)]
#[command(name = "ibgw-tickle", version)]
pub struct TickleArgs {
    /// Ask this kind of gateway
    ///
    /// On the command line, a flag for the other kind is refused. A variable for the other kind has no effect.
    #[arg(long, value_enum, default_value = "cp", help_heading = SESSION)]
    kind: GatewayKind,
    /// Ask the IB Gateway of this account (--kind tws) [default: TRADING_MODE, else paper]
    ///
    /// `--address` wins over it.
    #[arg(long, value_enum, help_heading = SESSION)]
    mode: Option<ModeFlag>,
    /// Also ask whether the read-only session is valid
    ///
    /// This is one more call, `GET /v1/api/sso/validate`, which extends the read-only session. Without this flag it is
    /// made only when less than a minute is left. When the answer is no, the state is `no_session`. When there is no
    /// answer, the state stays as the tickle said, and the report has the warning `validation_unanswered`.
    #[arg(long, help_heading = SESSION)]
    validate: bool,
    /// End after this time
    #[arg(long, value_name = "DURATION", default_value = "15s", value_parser = ib_cli::duration, help_heading = SESSION)]
    timeout: Duration,
    /// Use this client id (--kind tws)
    ///
    /// Take one from 1 to 2147483647 that no other program uses. If another program has it, the tool tries one other
    /// id, once.
    #[arg(long, value_name = "N", default_value = "999", value_parser = client_id, help_heading = SESSION)]
    client_id: ClientId,
    /// Answer from a report that --write stored, without a call
    ///
    /// The exit is that of the stored state. Use it for probes, which ask often and must not load the Gateway.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["write", "metrics", "validate"], help_heading = INSTEAD)]
    read: Option<PathBuf>,
    /// Report the state as unknown if the stored report is older than this (--read)
    ///
    /// The age is that of the file. The state is then `unknown`, and every key about the session is null.
    #[arg(long, value_name = "DURATION", default_value = "3m", value_parser = ib_cli::duration, help_heading = INSTEAD)]
    max_age: Duration,
    #[command(flatten)]
    gateway: GatewayArgs,
    /// Ask the TWS API at this address (--kind tws)
    ///
    /// The default is IB Gateway on this machine: 127.0.0.1:4001 with a live account, 127.0.0.1:4002 with a paper one.
    /// TWS listens at 7496 and 7497. `localhost` means 127.0.0.1.
    #[arg(long, value_name = "HOST:PORT", help_heading = PLACES)]
    address: Option<ApiAddress>,
    /// Store the report in this file, whole or not at all
    ///
    /// Only its owner can read the file. Nothing is stored when there is no report.
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    write: Option<PathBuf>,
    /// Write metrics for Prometheus to this file, whole or not at all
    ///
    /// The textfile collector of node_exporter reads it, if its name ends in `.prom`. All users can read the file. The
    /// metrics are `ibgw_session_state` (1 for the state that holds, 0 for the others), `ibgw_tickle_latency_seconds`
    /// and `ibgw_tickle_timestamp_seconds`. Where it is known, `ibgw_session_expires_timestamp_seconds` is there too.
    /// The label `gateway` is the URL or the address.
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    metrics: Option<PathBuf>,
    /// Report the account numbers, too (--kind tws)
    ///
    /// With `--read` it shows the numbers that were stored.
    #[arg(long, help_heading = OUTPUT)]
    accounts: bool,
    #[command(flatten)]
    common: Common,
}

fn client_id(text: &str) -> std::result::Result<ClientId, &'static str> {
    let id = text.parse().ok().and_then(ClientId::new);
    id.ok_or("it is not a number from 1 to 2147483647 (0 would take over orders placed by hand)")
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
