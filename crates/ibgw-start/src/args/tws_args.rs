//! The flags of `--kind tws`.

use crate::tws::{ClockTime, DayMinute, YesNo};
use ib_cli::{Login, ModeFlag, Reference};
use ib_guard::GuardArgs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// The flags of `--kind tws`.
#[derive(clap::Args)]
pub(crate) struct TwsArgs {
    /// Read the login record from this file, or from stdin; of --kind tws, as all that follow
    #[arg(long, value_name = "FILE", default_value = "-", value_parser = Login::source)]
    pub(crate) login: Reference,
    /// Log in to this mode [default: TRADING_MODE, else the record's, else paper]
    #[arg(long, value_enum)]
    pub(crate) mode: Option<ModeFlag>,
    /// Take IB Gateway from this directory, mostly called Jts
    #[arg(long, value_name = "DIR")]
    pub(crate) tws_dir: Option<PathBuf>,
    /// Run this version of it, by the name of its directory [default: the newest]
    #[arg(long, value_name = "NAME")]
    pub(crate) tws_version: Option<String>,
    /// Take IBC from this directory
    #[arg(long, value_name = "DIR")]
    pub(crate) ibc_dir: Option<PathBuf>,
    /// Keep IB Gateway's settings and its token here [default: settings/ of the instance]
    ///
    /// Whoever has this directory may be able to log in without a password: it is made for its owner alone, and no two
    /// instances share one.
    #[arg(long, value_name = "DIR")]
    pub(crate) settings_dir: Option<PathBuf>,
    /// Let IB Gateway serve its API at this port of this machine [default: 4001 live, 4002 paper]
    ///
    /// The instance is named by it. TWS has 7496 and 7497.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) api_port: Option<u16>,
    /// Pass this address on to the API, as long as it serves its clients
    ///
    /// A port alone is one of 127.0.0.1. Whoever reaches the address can trade.
    #[arg(long, value_name = "ADDR:PORT", value_parser = address)]
    pub(crate) forward: Option<SocketAddr>,
    /// Let IBC take commands at this port of this machine [default: 7462 live, 7463 paper]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) command_port: Option<u16>,
    /// Let IB Gateway start again each day at this time, without a login: '11:45 PM'
    #[arg(long, value_name = "TIME")]
    pub(crate) auto_restart: Option<ClockTime>,
    /// End it on Sundays at this time, so that the week begins with a login: 13:30
    #[arg(long, value_name = "HH:MM")]
    pub(crate) cold_restart: Option<DayMinute>,
    /// Let clients of the API only read, or trade as well [default: as IB Gateway has it]
    #[arg(long, value_enum)]
    pub(crate) read_only_api: Option<YesNo>,
    /// Show the window by VNC at this address
    ///
    /// A port alone is one of 127.0.0.1. VNC is not encrypted: reach it by ssh -L 5999:localhost:5900 user@host.
    #[arg(long, value_name = "ADDR:PORT", value_parser = address, requires = "vnc_password")]
    pub(crate) vnc: Option<SocketAddr>,
    /// Where the password of --vnc is; VNC looks at its first 8 characters
    #[arg(long, value_name = "REF", requires = "vnc")]
    pub(crate) vnc_password: Option<Reference>,
    /// Let whoever sees the window use it, too
    #[arg(long, requires = "vnc")]
    pub(crate) vnc_control: bool,
    /// Log nobody in: a person does, in the window
    #[arg(long, requires = "vnc", conflicts_with_all = ["login", "restart", "pause"])]
    pub(crate) manual: bool,
    /// Tell the running IB Gateway to start again without a login, within the next minute or two
    #[arg(long, group = "tells", conflicts_with_all = ["stop", "check", "foreground"])]
    pub(crate) restart: bool,
    /// Tell it to end within the next minute or two, so that the next start needs no login
    #[arg(long, group = "tells", conflicts_with_all = ["stop", "check", "foreground"])]
    pub(crate) pause: bool,
    #[command(flatten)]
    pub(crate) guard: GuardArgs,
    /// This run is the supervisor of another, which has asked the guard.
    #[arg(long, hide = true)]
    pub(crate) supervisor: bool,
}

impl TwsArgs {
    /// The ids of the flags that mean nothing with another kind of gateway.
    pub(crate) const IDS: [&str; 23] = [
        "login",
        "mode",
        "tws_dir",
        "tws_version",
        "ibc_dir",
        "settings_dir",
        "api_port",
        "forward",
        "command_port",
        "auto_restart",
        "cold_restart",
        "read_only_api",
        "vnc",
        "vnc_password",
        "vnc_control",
        "manual",
        "restart",
        "pause",
        "max_failures",
        "force_after_hold",
        "attended",
        "quiet",
        "supervisor",
    ];
}

/// An address, or a port of this machine alone.
fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    let local = text
        .strip_prefix("localhost:")
        .and_then(|port| port.parse().ok());
    let local = local.map(|port| (IpAddr::V4(Ipv4Addr::LOCALHOST), port).into());
    text.parse().ok().or(local).ok_or_else(|| {
        "neither an address with a port, such as 127.0.0.1:4003, nor a port".to_owned()
    })
}
