//! Print the record: one login on one line.

use crate::login::{LoginParts, PartArgs, SCHEMA};
use crate::part::LoginPart;
use crate::reader::{Reader, ReaderArgs};
use ib_cli::flag_group::OUTPUT;
use ib_cli::{Answer, Report, Result, SecretText, keep_off_terminal};
use serde::Serialize;

/// Printing the record.
#[derive(clap::Args)]
pub(crate) struct RecordArgs {
    #[command(flatten)]
    login: PartArgs,
    #[command(flatten)]
    reader: ReaderArgs,
    /// Print secrets even to a terminal
    ///
    /// Without this flag the tool refuses a terminal.
    #[arg(long, help_heading = OUTPUT)]
    show: bool,
}

/// One login.
#[derive(Serialize)]
pub struct LoginRecord {
    /// The username that logs in.
    username: SecretText,
    /// The password of the username.
    password: SecretText,
    /// The seed of the authenticator app, base32 in upper case without blanks and padding; null without a seed.
    totp_seed: Option<SecretText>,
    /// `live` or `paper`; null when no place says which.
    mode: Option<SecretText>,
    /// The name of the second factor's device; null without one.
    second_factor: Option<SecretText>,
    /// The second factor for `jts.ini`; null without one.
    jts_second_factor: Option<SecretText>,
}

impl Report for LoginRecord {
    fn schema(&self) -> &'static str {
        SCHEMA
    }

    /// `ibgw-login` reads a record, which has the keys of a login and no others.
    fn warnings(&self) -> Option<Vec<String>> {
        None
    }
}

/// Prints the login.
pub(crate) fn run(args: RecordArgs) -> Result<Answer<LoginRecord>> {
    keep_off_terminal(args.show)?;
    let reader = Reader::new(args.reader);
    let login = LoginParts::find(&args.login, &reader)?;
    Ok(Answer::done(LoginRecord {
        username: typed(&login, LoginPart::Username)?,
        password: typed(&login, LoginPart::Password)?,
        totp_seed: login.read(LoginPart::TotpSeed)?,
        mode: login.read(LoginPart::Mode)?,
        second_factor: login.read(LoginPart::SecondFactor)?,
        jts_second_factor: login.read(LoginPart::JtsSecondFactor)?,
    }))
}

/// A part that is typed into a form.
fn typed(login: &LoginParts<'_>, part: LoginPart) -> Result<SecretText> {
    let value = login.require(part)?;
    part.check_typable(&value)?;
    Ok(value)
}
