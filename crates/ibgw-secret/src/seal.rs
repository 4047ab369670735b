//! Seal a login, or any other bytes, into an OpenPGP file.

use crate::READING;
use crate::reader::plain_reference;
use anyhow::Context;
use ib_cli::flag_group::OUTPUT;
use ib_cli::{
    Answer, Error, Exit, OrExit, Readable, Reference, Report, Result, duration, write_atomic,
};
use ib_pgp::Recipient;
use ib_proc::Deadline;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Sealing stdin.
#[derive(clap::Args)]
pub(crate) struct SealArgs {
    /// Encrypt to the public key in this file, as gpg --export writes it
    #[arg(long, value_name = "FILE", required_unless_present = "passphrase", help_heading = READING)]
    recipient: Vec<PathBuf>,
    /// Encrypt with this passphrase
    #[arg(long, value_name = "REF", value_parser = plain_reference, help_heading = READING)]
    passphrase: Option<Reference>,
    /// Write the encrypted file here, whole or not at all
    ///
    /// Only its owner can read it.
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    out: PathBuf,
    /// Write text in place of binary
    #[arg(long, help_heading = OUTPUT)]
    armor: bool,
    /// End after this time
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration, help_heading = READING)]
    timeout: Duration,
}

/// What was sealed.
#[derive(Serialize)]
pub struct SealReport {
    /// Always `sealed`.
    state: SealState,
    /// The file.
    out: String,
    /// The size of the file in bytes.
    bytes: usize,
    /// The fingerprints of the keys that open it.
    recipients: Vec<String>,
    /// Whether a passphrase opens it.
    passphrase: bool,
}

/// The one state of a file that was sealed.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum SealState {
    /// The file is written.
    Sealed,
}

impl Report for SealReport {
    fn schema(&self) -> &'static str {
        "ibgw-secret-seal/1"
    }
}

/// Seals what stdin holds.
pub(crate) fn run(args: SealArgs) -> Result<Answer<SealReport>> {
    let deadline = Deadline::after(args.timeout);
    let recipients = args
        .recipient
        .iter()
        .map(|path| read_recipient(path, deadline))
        .collect::<Result<Vec<_>>>()?;
    let passphrase = args
        .passphrase
        .map(|from| from.read_line("the passphrase", Readable::Warned, deadline))
        .transpose()?;
    let payload = Reference::Stdin.read_as_it_is("what to seal", Readable::Anyone, deadline)?;
    if payload.expose().is_empty() {
        let message =
            "reading what to seal from stdin: it is empty (did the program before it fail?)";
        return Err(Error::new(Exit::Config, message));
    }
    let sealed = ib_pgp::seal(
        &recipients,
        passphrase.as_ref(),
        payload.expose(),
        args.armor,
    )?;
    write_atomic(&args.out, &sealed)
        .with_context(|| format!("writing {}", args.out.display()))
        .or_exit(Exit::Config)?;
    Ok(Answer::done(SealReport {
        state: SealState::Sealed,
        out: args.out.display().to_string(),
        bytes: sealed.len(),
        recipients: recipients.iter().map(Recipient::fingerprint).collect(),
        passphrase: passphrase.is_some(),
    }))
}

fn read_recipient(path: &Path, deadline: Deadline) -> Result<Recipient> {
    let key = Reference::File(path.to_owned()).read_as_it_is(
        "the recipient's key",
        Readable::Anyone,
        deadline,
    )?;
    Recipient::parse(key.expose()).map_err(|error| {
        error.within(format!(
            "reading the recipient's key from {}",
            path.display()
        ))
    })
}
