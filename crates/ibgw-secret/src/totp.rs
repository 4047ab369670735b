//! Print the code that an authenticator app would show.

use crate::login::{LoginParts, PartArgs};
use crate::part::LoginPart;
use crate::reader::{Reader, ReaderArgs};
use ib_cli::flag_group::OUTPUT;
use ib_cli::{Answer, Error, Exit, OrExit, Report, Result, SecretText, keep_off_terminal};
use serde::Serialize;
use std::time::SystemTime;
use totp_rs::{Builder, Secret as Seed};

/// Printing a code.
#[derive(clap::Args)]
pub(crate) struct TotpArgs {
    #[command(flatten)]
    login: PartArgs,
    #[command(flatten)]
    reader: ReaderArgs,
    /// Print secrets even to a terminal
    #[arg(long, help_heading = OUTPUT)]
    show: bool,
}

/// A code, and how long it is valid.
#[derive(Serialize)]
pub struct TotpCode {
    /// The code, six digits.
    code: SecretText,
    /// How many seconds are left until the next code, 1 to 30.
    expires_in_seconds: u64,
}

impl Report for TotpCode {
    fn schema(&self) -> &'static str {
        "ibgw-secret-totp/1"
    }
}

/// Prints the code of this moment.
pub(crate) fn run(args: TotpArgs) -> Result<Answer<TotpCode>> {
    keep_off_terminal(args.show)?;
    let reader = Reader::new(args.reader);
    let seed = LoginParts::find(&args.login, &reader)?.require(LoginPart::TotpSeed)?;
    let seconds = SystemTime::UNIX_EPOCH
        .elapsed()
        .or_exit(Exit::Config)?
        .as_secs();
    let seed = Seed::try_from_base32(seed.expose())
        .map_err(|_| Error::new(Exit::Config, "the TOTP seed is not base32"))?;
    // Six digits of SHA-1 each 30 seconds, as in RFC 6238. Many seeds are shorter than the RFC asks for.
    let totp = Builder::new().with_secret(seed).build_noncompliant();
    Ok(Answer::done(TotpCode {
        code: SecretText::new(totp.generate(seconds).to_string()),
        expires_in_seconds: totp.next_step(seconds) - seconds,
    }))
}
