//! The command line, and what it asks for.

use ib_cli::{Arguments, Common, Error, Exit, Reference, Result, StateArgs};
use ib_webapi::ApiArgs;
use std::time::Duration;

/// The path of the guide to DAM SSO, which no other document has.
pub(crate) const GUIDE_PATH: &str = "/iserver/ssodh/init";

/// The path of IBKR's Web API reference, and of all other clients.
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
    format: Format,
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

/// What is printed.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// The report.
    Json,
    /// IBKR's own answer.
    Upstream,
}

/// What the command line asks for.
pub(crate) enum ValidateAction {
    /// Validate; how IBKR's own body is to be printed, `None` when it is not.
    Validate { body: Option<BodyFormat> },
    /// Validate, open the brokerage session, and tickle if asked.
    Open { path: String, tickle: bool },
    /// Tickle, and nothing else.
    Tickle,
    /// End the read-only session.
    Logout,
}

/// How IBKR's own body is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyFormat {
    /// Without what is secret in it.
    Redacted,
    /// With everything.
    Whole,
}

impl Arguments for ValidateArgs {
    fn common(&self) -> &Common {
        &self.common
    }
}

impl ValidateArgs {
    /// What is asked for.
    ///
    /// # Errors
    /// `Usage` for flags that do not go together.
    pub(crate) fn action(&self) -> Result<ValidateAction> {
        let body = match (self.format, self.show) {
            (Format::Json, false) => None,
            (Format::Upstream, false) => Some(BodyFormat::Redacted),
            (Format::Upstream, true) => Some(BodyFormat::Whole),
            (Format::Json, true) => return usage("--show is for --format upstream"),
        };
        if !self.brokerage && is_given("--init-path") {
            return usage("--init-path is for --brokerage");
        }
        if body.is_some() && (self.brokerage || self.tickle) {
            return usage(
                "--format upstream is the answer to sso/validate alone (leave out --brokerage and --tickle)",
            );
        }
        Ok(match (self.logout, self.brokerage, self.tickle) {
            (true, ..) => ValidateAction::Logout,
            (_, true, tickle) => ValidateAction::Open {
                path: self.init_path.clone(),
                tickle,
            },
            (_, _, true) => ValidateAction::Tickle,
            _ => ValidateAction::Validate { body },
        })
    }
}

/// Whether a flag is on the command line: its variable may be set for every run.
fn is_given(flag: &str) -> bool {
    std::env::args_os().any(|argument| {
        let argument = argument.to_string_lossy();
        argument.split('=').next() == Some(flag)
    })
}

fn usage<T>(message: &str) -> Result<T> {
    Err(Error::new(Exit::Usage, message))
}

/// A path that a query can follow.
fn path(text: &str) -> std::result::Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#');
    if text.starts_with('/') && text.bytes().all(is_plain) {
        Ok(text.to_owned())
    } else {
        Err("it must begin with / and have no query".to_owned())
    }
}
