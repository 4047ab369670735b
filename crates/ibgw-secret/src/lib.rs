//! Read one login from wherever it is kept and print it as a record.

mod check;
mod fernet;
mod folder;
mod from_ibeam;
mod from_jts;
mod get;
mod ibc_config;
mod json;
mod keyring;
mod login;
mod names;
mod otpauth;
mod part;
mod protection;
mod reader;
mod record;
mod seal;
mod secret_place;
mod seed;
mod text;
mod totp;

use clap::{Parser, Subcommand};
use ib_cli::{Answer, Arguments, Common, Error, Exit, Report, Result};
use serde::Serialize;

/// Read one login from wherever it is kept and print it as a record
///
/// Where a secret is, is written SCHEME:REST: file:PATH, fd:N, env:NAME, cred:NAME, cmd:PROGRAM ARGS, pgp:PATH,
/// gcp:projects/P/secrets/S, keyring:SERVICE/ACCOUNT, or - for stdin.
#[derive(Parser)]
#[command(
    name = "ibgw-secret",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub struct SecretArgs {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    record: record::RecordArgs,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum Action {
    /// Print one value as it is
    Get(get::GetArgs),
    /// Encrypt stdin as a file that gpg and pgp: open
    Seal(seal::SealArgs),
    /// Say which parts can be read and how they are protected
    Check(check::CheckArgs),
    /// Print the code of this moment
    Totp(totp::TotpArgs),
    /// Print the login as IBC's config.ini
    IbcConfig(ibc_config::IbcConfigArgs),
    /// Print the token of IB Key that a jts.ini holds
    FromJts(from_jts::FromJtsArgs),
    /// Print commands, units and a Compose file that do what IBeam did
    FromIbeam(from_ibeam::FromIbeamArgs),
}

impl Arguments for SecretArgs {
    fn common(&self) -> &Common {
        &self.common
    }
}

/// What is printed.
#[derive(Serialize)]
#[serde(untagged)]
pub enum SecretOutput {
    /// The login.
    Record(record::LoginRecord),
    /// What `seal` made.
    Seal(seal::Sealed),
    /// What `check` found.
    Check(check::Checked),
    /// A code.
    Totp(totp::TotpCode),
    /// What a jts.ini says.
    Jts(from_jts::Jts),
}

impl Report for SecretOutput {
    fn schema(&self) -> &'static str {
        match self {
            Self::Record(_) => record::SCHEMA,
            Self::Seal(_) => "ibgw-secret-seal/1",
            Self::Check(_) => "ibgw-secret-check/1",
            Self::Totp(_) => "ibgw-secret-totp/1",
            Self::Jts(_) => "ibgw-secret-jts/1",
        }
    }

    /// A login is what `ibgw-login` reads, and has its own keys alone.
    fn warnings(&self) -> Option<Vec<String>> {
        (!matches!(self, Self::Record(_))).then(ib_cli::warnings)
    }
}

/// Runs the tool.
///
/// # Errors
/// As the subcommand has it; `Usage` when a secret would go to a terminal.
pub fn run(args: SecretArgs) -> Result<Answer<SecretOutput>> {
    match args.action {
        None => record::run(args.record).map_err(without_no),
        Some(Action::Get(args)) => get::run(args).map_err(without_no),
        Some(Action::Seal(args)) => seal::run(args),
        Some(Action::Check(args)) => check::run(args),
        Some(Action::Totp(args)) => totp::run(args).map_err(without_no),
        Some(Action::IbcConfig(args)) => ibc_config::run(args).map_err(without_no),
        Some(Action::FromJts(args)) => from_jts::run(&args),
        Some(Action::FromIbeam(args)) => from_ibeam::run(args),
    }
}

/// "There is no such secret" answers `check`, and leaves whoever wants the secret with a wrong reference.
fn without_no(error: Error) -> Error {
    match error.exit {
        Exit::No => Error {
            exit: Exit::Config,
            ..error
        },
        _ => error,
    }
}
