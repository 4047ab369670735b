//! The command line: its flags, and what a run is to do.

use clap::Parser;
use ib_cli::flag_group::{BROWSER, INSTEAD, PLACES, SECOND_FACTOR, SESSION};
use ib_cli::{Arguments, Common, GatewayKind, Login, Mode, Reference, StateArgs};
use ib_guard::GuardArgs;
use ib_guard::policy::Terms;
use ib_webapi::GatewayArgs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// Make the session ready, with the cheapest step that works
///
/// Asks the Gateway first. If the login is still alive, it opens the brokerage session again, without the password. Only
/// if neither is enough, it logs in, once. It reads the login that ibgw-secret prints from stdin.
#[derive(Parser)]
#[command(name = "ibgw-login", version)]
pub struct LoginArgs {
    /// Make the session of this kind of gateway ready
    ///
    /// With `tws` the tool sends nothing. It follows the login that ibgw-start(1) has begun.
    #[arg(long, value_name = "KIND", default_value = "cp", help_heading = SESSION)]
    pub kind: GatewayKind,
    /// Log in to this mode [default: the record's, else paper]
    ///
    /// Live is never assumed.
    #[arg(long, help_heading = SESSION)]
    pub mode: Option<WantedMode>,
    /// Log in this way
    ///
    /// See METHODS.
    #[arg(long, default_value = "auto", help_heading = SESSION)]
    pub method: Method,
    /// Take the brokerage session from another login that holds it
    #[arg(long, help_heading = SESSION)]
    pub compete: bool,
    /// End after this time
    #[arg(long, value_name = "DURATION", value_parser = ib_cli::duration, default_value = "6m", help_heading = SESSION)]
    pub timeout: Duration,
    /// Choose this second factor, by label or SF code [default: the record's, else the authenticator app]
    ///
    /// Name `totp`, `sms`, `push`, `challenge`, the label, a part of the label, or the SF code. After the authenticator app
    /// the default is a text message, if you give `--code-from`, else the only second factor that is offered. IB Key is
    /// never chosen by default, so no unexpected notification reaches a phone.
    ///
    /// If a username has only IB Key, the page sends a notification on its own, and the tool waits for it. A second factor
    /// that you cannot give is refused before anything is sent. Paper has no second factor, so the flag has no effect
    /// there. See SECOND FACTORS.
    #[arg(long, value_name = "NAME", help_heading = SECOND_FACTOR)]
    pub second_factor: Option<String>,
    /// Read the SMS, card or challenge code from here; a file must be newer than the request
    ///
    /// The code has 3 to 16 letters and digits. Digits may stand in groups. The tool waits for a `file:` until the time is
    /// up: write it in one step, or within 100 ms. A `cmd:` runs once after the request, and may wait itself. See
    /// ib-tools(7) for references.
    #[arg(long, value_name = "REF", help_heading = SECOND_FACTOR)]
    pub code_from: Option<Reference>,
    /// Write a challenge to this file, so that a person can answer it
    ///
    /// Only its owner can read the file. The tool removes it at the end of the wait. At a terminal it shows the challenge,
    /// too.
    #[arg(long, value_name = "FILE", help_heading = SECOND_FACTOR)]
    pub challenge_out: Option<PathBuf>,
    /// Run this before a notification is sent to the phone
    ///
    /// Use it to announce the notification to the person with the phone. The command is split like shell words. There is no
    /// shell, and nothing is expanded. It has 30 seconds. If it fails, that is a warning, and the notification is sent.
    ///
    /// If IBKR may push as soon as it has the password, the command runs before the password is sent. That is so if you ask
    /// for IB Key. It is also so without `--second-factor`, if the last login of the mode showed a notification, or no
    /// login has shown it yet.
    #[arg(long, value_name = "CMD", value_parser = hook, help_heading = SECOND_FACTOR)]
    pub before_push: Option<Reference>,
    /// Wait this long for the approval of the notification
    ///
    /// At a terminal a line shows the time that is left.
    #[arg(long, value_name = "DURATION", value_parser = ib_cli::duration, default_value = "180s", help_heading = SECOND_FACTOR)]
    pub push_wait: Duration,
    #[command(flatten)]
    pub guard: GuardArgs,
    /// Put a screenshot and the page here when the page ends a login badly
    ///
    /// The directory must exist. The files are `ibgw-login-TIME.png` and `.html`. Only their owner can read them. The tool
    /// first empties all fields and removes scripts. Username, password and code are `[redacted]` in the page, its frames
    /// and the picture.
    #[arg(long, value_name = "DIR", help_heading = BROWSER)]
    pub screenshot_dir: Option<PathBuf>,
    /// Use this driver [default: chromedriver in PATH, else geckodriver]
    ///
    /// It is a driver of Chromium or of Firefox. The driver itself says which.
    #[arg(long, value_name = "PATH", help_heading = BROWSER)]
    pub driver: Option<PathBuf>,
    /// Use the driver that runs at this address of this machine, such as http://127.0.0.1:9515
    ///
    /// The tool leaves the driver running. Its browser ends with the login, unless SIGKILL ends this program.
    #[arg(long, value_name = "URL", value_parser = driver_address, conflicts_with = "driver", help_heading = BROWSER)]
    pub driver_url: Option<SocketAddr>,
    /// Use this browser [default: chromium-headless-shell if installed, else the one the driver finds]
    ///
    /// See BROWSER.
    #[arg(long, value_name = "PATH", help_heading = BROWSER)]
    pub browser: Option<PathBuf>,
    /// Pass this to the browser, such as --no-sandbox as root
    ///
    /// As root and in most containers Chromium needs `--browser-arg=--no-sandbox`. Firefox needs nothing.
    #[arg(long, value_name = "ARG", allow_hyphen_values = true, help_heading = BROWSER)]
    pub browser_arg: Vec<String>,
    /// Override the built-in knowledge of the login page with this file
    ///
    /// See PAGE.
    #[arg(long, value_name = "FILE", help_heading = BROWSER)]
    pub page: Option<PathBuf>,
    /// Read the login record from this file, or from stdin
    ///
    /// It is a path, `-` for stdin, or a reference such as `fd:3`; see ib-tools(7).
    #[arg(long, value_name = "FILE", default_value = "-", value_parser = Login::source, help_heading = PLACES)]
    pub login: Reference,
    #[command(flatten)]
    pub gateway: GatewayArgs,
    /// Follow the IB Gateway whose API is at this port (--kind tws) [default: 4001 live, 4002 paper]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = PLACES)]
    pub api_port: Option<u16>,
    #[command(flatten)]
    pub state: StateArgs,
    /// Never log in: only ask, and recover the brokerage session
    ///
    /// It reads no record.
    #[arg(long, conflicts_with_all = ["logout", "status", "forgive"], help_heading = INSTEAD)]
    pub recover_only: bool,
    /// End the session; it reads no record
    #[arg(long, conflicts_with_all = ["status", "forgive"], help_heading = INSTEAD)]
    pub logout: bool,
    /// Show what the guard has recorded about the record's username
    ///
    /// The line of JSON is on stdout. At a terminal a table is on stderr, too. Nothing is sent.
    #[arg(long, conflicts_with = "forgive", help_heading = INSTEAD)]
    pub status: bool,
    /// Clear every hold of the record's username, and record why
    ///
    /// The record says who cleared it, too. What was counted stays, and counts for the ceiling alone. Only a person clears
    /// the hold of an unreadable ledger: at a terminal, or with `--attended`. Nothing is sent.
    #[arg(long, value_name = "REASON", help_heading = INSTEAD)]
    pub forgive: Option<String>,
    /// Print the built-in knowledge of the login page, in the form of --page
    #[arg(long, conflicts_with_all = ["page", "recover_only", "logout", "status", "forgive"], help_heading = INSTEAD)]
    pub page_defaults: bool,
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
    /// The record's mode, else paper. If that is live, and IBKR says that the username is one for paper, the run logs in to
    /// paper, once. The first submission counts as failed, and does not hold. Nothing ever changes over to live.
    Auto,
}

/// The way to log in.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Direct where it can be, else the page. Direct is for paper, an authenticator app, a code or an answer from elsewhere,
    /// and an unknown second factor. The page is for IB Key, and for a second factor that only the page may know, if a
    /// driver is installed.
    Auto,
    /// Without a browser.
    Direct,
    /// On the login page, with a real browser.
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
