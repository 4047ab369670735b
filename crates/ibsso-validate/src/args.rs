//! The command line, parsed into the one action that it asks for.

use ib_cli::flag_group::{INSTEAD, OUTPUT, PLACES, SESSION};
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
/// get another token. IBKR takes one such call a minute for a token. A second run within the minute answers with what
/// IBKR said to the first one.
#[derive(clap::Parser)]
#[command(name = "ibsso-validate", version)]
pub struct ValidateArgs {
    /// May end the username's sessions elsewhere (TWS, mobile): open the brokerage session
    ///
    /// IBKR gives a username one brokerage session on all its platforms, and its guide requires that this call competes.
    /// So a person who uses the username in TWS or the mobile app may lose that session.
    ///
    /// The call is made once the token is valid, with `compete` and `publish` in the query and in the body. Then the tool
    /// asks each second, also when IBKR answers 5xx in between, until the brokerage session is established. After a 500
    /// or 503 with "can't connect to backend service" the call is made once more. Other runs with the same token wait
    /// until it is done. Two tokens of one username do not wait for each other: the later run ends the brokerage session
    /// of the earlier one.
    #[arg(long, help_heading = SESSION)]
    brokerage: bool,
    /// Keep the brokerage session alive: tickle in place of validating, or after --brokerage
    ///
    /// Sends `POST /tickle`. IBKR closes a brokerage session after five minutes without a call, and recommends one tickle
    /// a minute. The token must have been validated once. After `--brokerage`, the tickle's word about the brokerage
    /// session counts. A failure that says nothing about it is only a warning.
    #[arg(long, help_heading = SESSION)]
    tickle: bool,
    /// End after this time
    ///
    /// It covers every wait: the token on stdin, the minute, an answer, the brokerage session. In a pipe both tools begin
    /// at once, and ibsso-token may take a minute. Give `90s` there, so that its token is not lost.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = ib_cli::duration, help_heading = SESSION)]
    pub(crate) timeout: Duration,
    /// Read the token, or the line of ibsso-token, from here
    ///
    /// It is a reference, see ib-tools(7). A text that begins with `{` is the line that ibsso-token prints. Any other
    /// text is the token itself. No flag and no variable takes the token itself. The tool refuses a token that is empty,
    /// or that holds a blank, a line break or a letter outside ASCII, before it sends anything.
    #[arg(long, value_name = "REF", default_value = "-", help_heading = PLACES)]
    pub(crate) token: Reference,
    #[command(flatten)]
    pub(crate) api: ApiArgs,
    /// Open the brokerage session with this path, below the address of the Web API (--brokerage)
    ///
    /// The default is that of IBKR's guide. IBKR's Web API reference has `/iserver/auth/ssodh/init`. If the host does not
    /// know the path, the exit is 6 and the error names the other one.
    #[arg(long, value_name = "PATH", default_value = GUIDE_PATH, value_parser = path, help_heading = PLACES)]
    init_path: String,
    #[command(flatten)]
    pub(crate) state: StateArgs,
    /// End the read-only session, the brokerage session with it, and do nothing else
    #[arg(long, conflicts_with_all = ["brokerage", "tickle", "format", "show"], help_heading = INSTEAD)]
    logout: bool,
    /// Print the report, or IBKR's own answer
    #[arg(long, value_enum, default_value = "json", help_heading = OUTPUT)]
    format: ValidateFormat,
    /// Leave TOKEN and session in IBKR's own answer (--format upstream)
    ///
    /// They are not stored, so a run that answers from the state directory does not have them. Such a run subtracts the
    /// time that has passed from an `EXPIRES` that counts milliseconds left.
    #[arg(long, help_heading = OUTPUT)]
    show: bool,
    #[command(flatten)]
    common: Common,
}

/// The values of `--format`.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum ValidateFormat {
    /// The report.
    Json,
    /// The body of `sso/validate` with every key that IBKR sent, except `TOKEN` and `session`. Without such a body, the
    /// report. Not with `--brokerage` or `--tickle`.
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
