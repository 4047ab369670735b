//! The command line: its flags, and what a run is to do.

use clap::Parser;
use ib_cli::{Arguments, Common, GatewayKind, Login, Mode, Reference, StateArgs};
use ib_guard::GuardArgs;
use ib_guard::policy::Terms;
use ib_webapi::GatewayArgs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// Make the session ready, with the cheapest step that works
///
/// Asks the Gateway first; opens the brokerage session again if its login is still alive; logs in, once, only if
/// neither suffices. Reads the login that ibgw-secret prints from stdin.
#[derive(Parser)]
#[command(name = "ibgw-login", version)]
pub struct LoginArgs {
    #[command(flatten)]
    pub gateway: GatewayArgs,
    /// Which kind of gateway it is
    ///
    /// cp is the Client Portal Gateway, tws is IB Gateway or TWS, whose login ibgw-start has begun: it is followed, and
    /// nothing is sent.
    #[arg(long, value_name = "KIND", default_value = "cp")]
    pub kind: GatewayKind,
    /// Follow the IB Gateway whose API is at this port [default: 4001 live, 4002 paper]; of --kind tws
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub api_port: Option<u16>,
    /// Read the login record from this file, or from stdin
    #[arg(long, value_name = "FILE", default_value = "-", value_parser = Login::source)]
    pub login: Reference,
    /// Log in to this mode [default: the record's, else paper]
    #[arg(long)]
    pub mode: Option<WantedMode>,
    /// Log in this way
    #[arg(long, default_value = "auto")]
    pub method: Method,
    /// Choose this second factor, by label or SF code [default: the record's, else the authenticator app]
    #[arg(long, value_name = "NAME")]
    pub second_factor: Option<String>,
    /// Take a code that no seed makes from here; a file must be newer than the request
    #[arg(long, value_name = "REF")]
    pub code_from: Option<Reference>,
    /// Write a challenge that is to be answered to this file
    #[arg(long, value_name = "FILE")]
    pub challenge_out: Option<PathBuf>,
    /// Run this before a notification is sent to the phone
    #[arg(long, value_name = "CMD", value_parser = hook)]
    pub before_push: Option<Reference>,
    /// Wait this long for the notification to be approved
    #[arg(long, value_name = "DURATION", value_parser = ib_cli::duration, default_value = "180s")]
    pub push_wait: Duration,
    /// Take the brokerage session from whoever else holds it
    #[arg(long)]
    pub compete: bool,
    /// Never log in: only ask, and recover the brokerage session
    #[arg(long, conflicts_with_all = ["logout", "status", "forgive"])]
    pub recover_only: bool,
    /// End the session
    #[arg(long, conflicts_with_all = ["status", "forgive"])]
    pub logout: bool,
    /// Show what the guard has recorded of the record's username
    #[arg(long, conflicts_with = "forgive")]
    pub status: bool,
    /// Clear every hold of the record's username, and record why
    #[arg(long, value_name = "REASON")]
    pub forgive: Option<String>,
    #[command(flatten)]
    pub guard: GuardArgs,
    /// Put a screenshot and the page here when the page ends a login badly
    #[arg(long, value_name = "DIR")]
    pub screenshot_dir: Option<PathBuf>,
    /// Use this driver [default: chromedriver in PATH, else geckodriver]
    #[arg(long, value_name = "PATH")]
    pub driver: Option<PathBuf>,
    /// Use the driver that runs at this address of this machine, such as http://127.0.0.1:9515
    #[arg(long, value_name = "URL", value_parser = driver_address, conflicts_with = "driver")]
    pub driver_url: Option<SocketAddr>,
    /// Use this browser [default: chromium-headless-shell if installed, else the one the driver finds]
    #[arg(long, value_name = "PATH")]
    pub browser: Option<PathBuf>,
    /// Pass this to the browser, such as --no-sandbox as root
    #[arg(long, value_name = "ARG", allow_hyphen_values = true)]
    pub browser_arg: Vec<String>,
    /// Know the page as this file has it, where the file has something else
    #[arg(long, value_name = "FILE")]
    pub page: Option<PathBuf>,
    /// Print what is known of the page, as --page takes it
    #[arg(long, conflicts_with_all = ["page", "recover_only", "logout", "status", "forgive"])]
    pub page_defaults: bool,
    /// End after this long
    #[arg(long, value_name = "DURATION", value_parser = ib_cli::duration, default_value = "6m")]
    pub timeout: Duration,
    #[command(flatten)]
    pub state: StateArgs,
    #[command(flatten)]
    pub common: Common,
}

/// The mode that you ask for.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedMode {
    /// Live, and nothing else.
    Live,
    /// Paper, and nothing else.
    Paper,
    /// As without it; where that is live and the username is one for paper, paper.
    Auto,
}

/// The way to log in.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Whatever works for this login: direct where it can be, else the page.
    Auto,
    /// Without a browser.
    Direct,
    /// Through the page, with a real browser.
    Browser,
}

/// What a run is to do.
pub(crate) enum Action<'a> {
    /// Print what this version knows of the login page.
    PrintKnownPage,
    /// Clear the guard's holds, with the reason that a person gives.
    Forgive(&'a str),
    /// Show what the guard has recorded.
    ShowGuard,
    /// Follow the login that IBC types into IB Gateway.
    FollowIbGateway,
    /// End the session.
    LogOut,
    /// Ask, and recover the brokerage session; never log in.
    RecoverOnly,
    /// Ask, recover, and log in if neither suffices.
    MakeReady,
}

/// A command: split like shell words, nothing expanded, no shell.
fn hook(text: &str) -> std::result::Result<Reference, String> {
    format!("cmd:{text}").parse()
}

/// The address of a driver on this machine. A program that reaches a driver gets all that its browser shows.
fn driver_address(url: &str) -> std::result::Result<SocketAddr, String> {
    let rest = url.strip_prefix("http://").unwrap_or_default();
    let address = rest.trim_end_matches('/');
    let address = match address.strip_prefix("localhost:") {
        Some(port) => port
            .parse()
            .ok()
            .map(|port| (Ipv4Addr::LOCALHOST, port).into()),
        None => address.parse().ok(),
    };
    address
        .filter(|address: &SocketAddr| IpAddr::is_loopback(&address.ip()))
        .ok_or_else(|| "not http://, an address of this machine and a port".to_owned())
}

impl LoginArgs {
    /// What this run is to do.
    pub(crate) fn action(&self) -> Action<'_> {
        if self.page_defaults {
            return Action::PrintKnownPage;
        }
        if let Some(reason) = &self.forgive {
            return Action::Forgive(reason);
        }
        if self.status {
            return Action::ShowGuard;
        }
        // An environment variable may set what belongs to the other kind.
        if self.kind == GatewayKind::Tws {
            return Action::FollowIbGateway;
        }
        if self.logout {
            return Action::LogOut;
        }
        if self.recover_only {
            return Action::RecoverOnly;
        }
        Action::MakeReady
    }

    /// What the guard may allow at this moment, in a mode.
    #[must_use]
    pub fn terms(&self, login: &Login, mode: Mode) -> Terms {
        // A code is preferred where there is a seed, and paper usernames have no second factor of their own.
        let is_without_push = login.totp_seed.is_some() || mode == Mode::Paper;
        self.guard.terms(mode, is_without_push)
    }

    /// The mode of the login: live only where you or the record say so.
    #[must_use]
    pub fn mode(&self, login: &Login) -> Mode {
        match self.mode {
            Some(WantedMode::Live) => Mode::Live,
            Some(WantedMode::Paper) => Mode::Paper,
            Some(WantedMode::Auto) | None => login.mode.unwrap_or_default(),
        }
    }

    /// Whether a login to live may become one to paper.
    #[must_use]
    pub fn may_switch_to_paper(&self) -> bool {
        self.mode == Some(WantedMode::Auto)
    }
}

impl Arguments for LoginArgs {
    fn common(&self) -> &Common {
        &self.common
    }

    fn of_another_kind(&self) -> &'static [&'static str] {
        match self.kind {
            GatewayKind::Cp => &["api_port"],
            GatewayKind::Tws => &OF_CP,
        }
    }
}

/// The flags that mean nothing with `--kind tws`: there IBC types into the window of IB Gateway.
const OF_CP: [&str; 18] = [
    "url",
    "cacert",
    "method",
    "second_factor",
    "code_from",
    "challenge_out",
    "push_wait",
    "compete",
    "recover_only",
    "logout",
    "screenshot_dir",
    "driver",
    "driver_url",
    "browser",
    "browser_arg",
    "page",
    "page_defaults",
    "force_after_hold",
];
