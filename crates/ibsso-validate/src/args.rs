//! The command line, parsed into the one action that it asks for.

use ib_cli::{Arguments, Common, Error, Exit, Reference, Result, StateArgs};
use ib_webapi::ApiArgs;
use std::time::Duration;

/// The path of the guide to DAM SSO. No other document has it.
pub(crate) const GUIDE_PATH: &str = "/iserver/ssodh/init";

/// The path of IBKR's Web API reference, which all other clients use.
pub(crate) const REFERENCE_PATH: &str = "/iserver/auth/ssodh/init";

/// Validate and so extend a DAM SSO token; open the brokerage session when asked
///
/// Sends GET /sso/validate to IBKR's Web API with a bearer token, from the address that the token was issued for. The
/// first call opens the read-only session, each later one extends it. Exit 0 is a valid token. Exit 1 is a plain no:
/// get another token. IBKR takes one such call a minute for a token; a second run within the minute answers from what
/// the first one was told.
#[derive(clap::Parser)]
#[command(name = "ibsso-validate", version)]
pub struct ValidateArgs {
    /// Read the token, or the line of ibsso-token, from here
    ///
    /// A reference. What begins with { is taken for the line that ibsso-token prints, anything else for the token
    /// itself.
    #[arg(long, value_name = "REF", default_value = "-")]
    pub(crate) token: Reference,
    #[command(flatten)]
    pub(crate) api: ApiArgs,
    /// End after this time, whatever is still awaited
    ///
    /// The wait for the token on stdin counts, and ibsso-token may take a minute: give 90s behind it in a pipe.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = ib_cli::duration)]
    pub(crate) timeout: Duration,
    /// May end the username's sessions elsewhere (TWS, mobile): open the brokerage session
    ///
    /// IBKR gives a username one brokerage session on all its platforms, and the guide to DAM SSO requires that this
    /// call competes: whoever uses the username in TWS, the mobile app or elsewhere may be put out. It is made once the
    /// token is valid, and the tool waits until the brokerage session is established.
    #[arg(long)]
    brokerage: bool,
    /// Open the brokerage session with this path, below the address of the Web API
    ///
    /// The default is that of the guide to DAM SSO. IBKR's Web API reference has /iserver/auth/ssodh/init. Goes with
    /// --brokerage alone.
    #[arg(long, value_name = "PATH", default_value = GUIDE_PATH, value_parser = path)]
    init_path: String,
    /// Keep the brokerage session alive: tickle in place of validating, or after --brokerage
    ///
    /// Sends POST /tickle. IBKR closes a brokerage session after five minutes without a call. Alone, it sends nothing
    /// else; after --brokerage, a failure that says nothing of the brokerage session is only warned of.
    #[arg(long)]
    tickle: bool,
    /// End the read-only session, the brokerage session with it, and do nothing else
    #[arg(long, conflicts_with_all = ["brokerage", "tickle", "format", "show"])]
    logout: bool,
    /// Print the report, or IBKR's own answer
    ///
    /// json is the report. upstream is the body of sso/validate as IBKR sent it, without TOKEN and session; the report
    /// comes in its place when there is none.
    #[arg(long, value_enum, default_value = "json")]
    format: ValidateFormat,
    /// Leave TOKEN and session in IBKR's own answer
    ///
    /// For --format upstream alone.
    #[arg(long)]
    show: bool,
    #[command(flatten)]
    pub(crate) state: StateArgs,
    #[command(flatten)]
    common: Common,
}

/// The values of `--format`.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum ValidateFormat {
    /// The report.
    Json,
    /// IBKR's own answer.
    Upstream,
}

/// What the command line asks for.
pub(crate) enum ValidateAction {
    /// Validate. `body` says how to print IBKR's own body; `None` is the report.
    Validate { body: Option<BodyFormat> },
    /// Validate, open the brokerage session, and tickle it if `tickle` says so.
    Open { path: String, tickle: bool },
    /// Tickle only.
    Tickle,
    /// End the read-only session.
    Logout,
}

/// How IBKR's own body is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyFormat {
    /// Without the secrets in it.
    Redacted,
    /// With the secrets in it.
    Whole,
}

impl Arguments for ValidateArgs {
    fn common(&self) -> &Common {
        &self.common
    }
}

impl ValidateArgs {
    /// What the command line asks for.
    ///
    /// # Errors
    /// `Usage` for flags that contradict each other.
    pub(crate) fn action(&self) -> Result<ValidateAction> {
        let body = match (self.format, self.show) {
            (ValidateFormat::Json, false) => None,
            (ValidateFormat::Upstream, false) => Some(BodyFormat::Redacted),
            (ValidateFormat::Upstream, true) => Some(BodyFormat::Whole),
            (ValidateFormat::Json, true) => return usage("--show is for --format upstream"),
        };
        if !self.brokerage && is_given("--init-path") {
            return usage("--init-path is for --brokerage");
        }
        if body.is_some() && (self.brokerage || self.tickle) {
            return usage(
                "--format upstream is the answer to sso/validate alone (leave out --brokerage and --tickle)",
            );
        }
        Ok(if self.logout {
            ValidateAction::Logout
        } else if self.brokerage {
            ValidateAction::Open {
                path: self.init_path.clone(),
                tickle: self.tickle,
            }
        } else if self.tickle {
            ValidateAction::Tickle
        } else {
            ValidateAction::Validate { body }
        })
    }
}

/// Whether a flag is on the command line. Its variable does not count, since it may be set for every run.
fn is_given(flag: &str) -> bool {
    std::env::args_os().any(|argument| {
        let argument = argument.to_string_lossy();
        argument.split('=').next() == Some(flag)
    })
}

fn usage<T>(message: &str) -> Result<T> {
    Err(Error::new(Exit::Usage, message))
}

/// A path to which a query can be added.
fn path(text: &str) -> std::result::Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#');
    if text.starts_with('/') && text.bytes().all(is_plain) {
        Ok(text.to_owned())
    } else {
        Err("it must begin with / and have no query".to_owned())
    }
}
