//! Read one login from wherever it is kept and print it as a record.

mod check;
mod fernet;
mod from_ibeam;
mod from_jts;
mod get;
mod ibc_config;
mod keyring;
mod login;
mod otpauth;
mod part;
mod protection;
mod reader;
mod record;
mod seal;
mod secret_place;
mod seed;
mod totp;

use clap::{Parser, Subcommand};
use ib_cli::{Answer, Arguments, Common, Error, Exit, Report, Result};
use serde::Serialize;

/// The group of the flags that say where the login is.
pub(crate) const LOGIN: &str = "Where the login is";

/// The group of the flags that say how it is opened, and how long that may take.
pub(crate) const READING: &str = "How it is read";

/// Read one login from where you keep it and print it as a record
///
/// A reference says where a secret is: file:PATH, fd:N, env:NAME, cred:NAME, cmd:PROGRAM ARGS, pgp:PATH,
/// gcp:projects/P/secrets/S, keyring:SERVICE/ACCOUNT, or - for stdin. Pipe the record into ibgw-login.
#[derive(Parser)]
#[command(
    name = "ibgw-secret",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub struct SecretArgs {
    #[command(subcommand)]
    action: Option<SecretAction>,
    #[command(flatten)]
    record: record::RecordArgs,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum SecretAction {
    /// Print one value as it is
    Get(get::GetArgs),
    /// Encrypt stdin into a file that gpg and pgp: open
    Seal(seal::SealArgs),
    /// Say which parts can be read and how they are protected
    Check(check::CheckArgs),
    /// Print the current code of the authenticator app
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

/// What the tool prints, if it is a report.
#[derive(Serialize)]
#[serde(untagged)]
pub enum SecretOutput {
    /// A login.
    Record(record::LoginRecord),
    /// What `seal` made.
    Seal(seal::SealReport),
    /// What `check` found.
    Check(check::CheckReport),
    /// A code.
    Totp(totp::TotpCode),
    /// What a jts.ini says of the second factor.
    Jts(from_jts::JtsReport),
}

impl Report for SecretOutput {
    fn schema(&self) -> &'static str {
        match self {
            Self::Record(report) => report.schema(),
            Self::Seal(report) => report.schema(),
            Self::Check(report) => report.schema(),
            Self::Totp(report) => report.schema(),
            Self::Jts(report) => report.schema(),
        }
    }

    fn warnings(&self) -> Option<Vec<String>> {
        match self {
            Self::Record(report) => report.warnings(),
            Self::Seal(report) => report.warnings(),
            Self::Check(report) => report.warnings(),
            Self::Totp(report) => report.warnings(),
            Self::Jts(report) => report.warnings(),
        }
    }
}

/// Runs the tool.
///
/// # Errors
/// Those of the subcommand; `Usage` when a secret would go to a terminal.
pub fn run(args: SecretArgs) -> Result<Answer<SecretOutput>> {
    match args.action {
        None => {
            let answer = record::run(args.record).map_err(without_no)?;
            Ok(answer.map(SecretOutput::Record))
        }
        Some(SecretAction::Get(args)) => get::run(args).map_err(without_no),
        Some(SecretAction::Seal(args)) => Ok(seal::run(args)?.map(SecretOutput::Seal)),
        Some(SecretAction::Check(args)) => Ok(check::run(args)?.map(SecretOutput::Check)),
        Some(SecretAction::Totp(args)) => {
            let answer = totp::run(args).map_err(without_no)?;
            Ok(answer.map(SecretOutput::Totp))
        }
        Some(SecretAction::IbcConfig(args)) => ibc_config::run(args).map_err(without_no),
        Some(SecretAction::FromJts(args)) => Ok(from_jts::run(&args)?.map(SecretOutput::Jts)),
        Some(SecretAction::FromIbeam(args)) => from_ibeam::run(args),
    }
}

/// "There is no such secret" is an answer for `check`. For an action that needs the secret, its reference is wrong.
fn without_no(error: Error) -> Error {
    if error.exit == Exit::No {
        Error {
            exit: Exit::Config,
            ..error
        }
    } else {
        error
    }
}
