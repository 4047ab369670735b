//! The flags of `--kind tws`.

use crate::args::IB_GATEWAY;
use crate::tws::{ClockTime, DayMinute, YesNo};
use ib_cli::{Login, ModeFlag, Reference};
use ib_guard::GuardArgs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// The flags of `--kind tws`.
#[derive(clap::Args)]
pub(crate) struct TwsArgs {
    /// Read the login record from this file, or from stdin
    ///
    /// It is a path, `-` for stdin, or a reference; see ib-tools(7). Its `second_factor` is the device to choose, by its
    /// name in IBKR's list. Its `jts_second_factor` goes into `jts.ini` of the settings directory.
    #[arg(long, value_name = "FILE", default_value = "-", value_parser = Login::source, help_heading = IB_GATEWAY)]
    pub(crate) login: Reference,
    /// Log in to this mode [default: TRADING_MODE, else the record's, else paper]
    ///
    /// IB_TRADING_MODE counts like TRADING_MODE. Two that contradict each other are exit 2.
    #[arg(long, value_enum, help_heading = IB_GATEWAY)]
    pub(crate) mode: Option<ModeFlag>,
    /// Take IB Gateway from this directory, mostly called Jts
    ///
    /// The standalone installer makes it. The installer that updates itself does not.
    #[arg(long, value_name = "DIR", help_heading = IB_GATEWAY)]
    pub(crate) tws_dir: Option<PathBuf>,
    /// Run this version of it, by the name of its directory [default: the newest]
    #[arg(long, value_name = "NAME", help_heading = IB_GATEWAY)]
    pub(crate) tws_version: Option<String>,
    /// Take IBC from this directory
    #[arg(long, value_name = "DIR", help_heading = IB_GATEWAY)]
    pub(crate) ibc_dir: Option<PathBuf>,
    /// Keep IB Gateway's settings and its token here [default: settings/ of the instance]
    ///
    /// Protect this directory as you protect a password: its token may log in without one. The tool makes it 0700. Two
    /// instances never share one.
    #[arg(long, value_name = "DIR", help_heading = IB_GATEWAY)]
    pub(crate) settings_dir: Option<PathBuf>,
    /// Let IB Gateway serve its API at this port of this machine [default: 4001 live, 4002 paper]
    ///
    /// The instance is named by it. TWS has 7496 and 7497.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = IB_GATEWAY)]
    pub(crate) api_port: Option<u16>,
    /// Pass connections to this address on to the API, as long as it serves its clients
    ///
    /// A port alone is one of 127.0.0.1. A program that reaches the address can trade: keep it off public networks.
    #[arg(long, value_name = "ADDR:PORT", value_parser = address, help_heading = IB_GATEWAY)]
    pub(crate) forward: Option<SocketAddr>,
    /// Let IBC take commands at this port of this machine [default: 7462 live, 7463 paper]
    ///
    /// Every user of this machine can reach it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = IB_GATEWAY)]
    pub(crate) command_port: Option<u16>,
    /// Let IB Gateway start again each day at this time, without a login: '11:45 PM'
    #[arg(long, value_name = "TIME", help_heading = IB_GATEWAY)]
    pub(crate) auto_restart: Option<ClockTime>,
    /// End it on Sundays at this time, so that the week begins with a login: 13:30
    ///
    /// Choose a time after 01:00 in New York.
    #[arg(long, value_name = "HH:MM", help_heading = IB_GATEWAY)]
    pub(crate) cold_restart: Option<DayMinute>,
    /// Let clients of the API only read, or trade as well [default: IB Gateway's own setting]
    #[arg(long, value_enum, value_name = "ANSWER", help_heading = IB_GATEWAY)]
    pub(crate) read_only_api: Option<YesNo>,
    /// Show the window by VNC at this address
    ///
    /// A port alone is one of 127.0.0.1. The viewer can only look. VNC is not encrypted: reach it by
    /// `ssh -L 5999:localhost:5900 user@host`.
    #[arg(long, value_name = "ADDR:PORT", value_parser = address, requires = "vnc_password", help_heading = IB_GATEWAY)]
    pub(crate) vnc: Option<SocketAddr>,
    /// Read the password of --vnc from here; VNC looks at its first 8 characters
    ///
    /// The tool refuses a password that x11vnc would read as another one. Such a password has more than one line, begins with
    /// a `#`, or has `__SKIP__` or `__COMM__` in it.
    #[arg(long, value_name = "REF", requires = "vnc", help_heading = IB_GATEWAY)]
    pub(crate) vnc_password: Option<Reference>,
    /// Let the viewer of the window use it, too
    #[arg(long, requires = "vnc", help_heading = IB_GATEWAY)]
    pub(crate) vnc_control: bool,
    /// Do not log in: a person does, in the window of --vnc
    ///
    /// The viewer can use the window then. Use it for the first run, and to choose "IB Key".
    #[arg(long, requires = "vnc", conflicts_with_all = ["login", "restart", "pause"], help_heading = IB_GATEWAY)]
    pub(crate) manual: bool,
    /// Start the running IB Gateway again without a login, within the next minute or two
    ///
    /// IBC carries out one such order at a time, and none before the login. A second one is the first. After `--pause` it
    /// waits for its turn. Until the next start it changes the time that `--auto-restart` has set.
    #[arg(long, group = "tells", conflicts_with_all = ["stop", "check", "foreground"], help_heading = IB_GATEWAY)]
    pub(crate) restart: bool,
    /// End it within the next minute or two, so that the next start needs no login, and wait for that
    ///
    /// A second one waits for the same end. After `--restart` it waits for its turn.
    #[arg(long, group = "tells", conflicts_with_all = ["stop", "check", "foreground"], help_heading = IB_GATEWAY)]
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
