//! Report which parts of a login can be read, without showing any.

use crate::login::{LoginParts, PartArgs};
use crate::part::LoginPart;
use crate::protection::{Protection, ProtectionKind};
use crate::reader::{Reader, ReaderArgs};
use ib_cli::{Answer, Error, Exit, Report, Result};
use serde::Serialize;

/// Checking a login.
#[derive(clap::Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    login: PartArgs,
    #[command(flatten)]
    reader: ReaderArgs,
}

/// What the check found.
#[derive(Serialize)]
pub struct CheckReport {
    /// Whether the login can be used.
    state: CheckState,
    /// One object for each part of a record, in its order.
    parts: Vec<CheckedPart>,
}

/// Whether a login can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CheckState {
    /// Username and password are there, and every part that is given can be used.
    Complete,
    /// The only fault is that a service has no such secret.
    Absent,
    /// There is another fault.
    Incomplete,
}

/// What the check found of one part.
#[derive(Serialize)]
struct CheckedPart {
    /// The key of the part in the record.
    part: &'static str,
    /// `file`, `fd`, `cred`, `cmd`, `env`, `pgp`, `gcp`, `keyring`, `stdin` or `flag`; null when the part is not given.
    source: Option<&'static str>,
    /// The reference, of a `cmd:` only the program; null without one.
    place: Option<String>,
    /// The permission bits of the file, four octal digits; null without a file.
    mode: Option<String>,
    /// How the part is protected; null when the tool cannot see that.
    protection: Option<ProtectionKind>,
    /// Whether the part can be read and used; null when it is not given.
    readable: Option<bool>,
    /// Why the part cannot be used, or that a required part is missing; null without a problem.
    problem: Option<String>,
}

impl Report for CheckReport {
    fn schema(&self) -> &'static str {
        "ibgw-secret-check/1"
    }
}

/// Reads every part, and reports which can be used.
pub(crate) fn run(args: CheckArgs) -> Result<Answer<CheckReport>> {
    let reader = Reader::new(args.reader);
    let login = LoginParts::find(&args.login, &reader)?;
    let (parts, errors): (Vec<_>, Vec<_>) = LoginPart::ALL
        .into_iter()
        .map(|part| look_at(&login, part))
        .unzip();
    let (absent, others): (Vec<_>, Vec<_>) = errors
        .into_iter()
        .flatten()
        .partition(|error| error.exit == Exit::No);
    let state = match (&absent[..], &others[..]) {
        ([], []) => CheckState::Complete,
        (_, []) => CheckState::Absent,
        _ => CheckState::Incomplete,
    };
    let report = CheckReport { state, parts };
    Ok(match others.into_iter().next() {
        Some(error) => Answer::failed(report, error),
        None if state == CheckState::Absent => Answer::no(report),
        None => Answer::done(report),
    })
}

/// What can be said of one part, and the error of reading it.
fn look_at(login: &LoginParts<'_>, part: LoginPart) -> (CheckedPart, Option<Error>) {
    let place = login.place(part);
    let protection = place
        .as_ref()
        .ok()
        .and_then(Option::as_ref)
        .map(Protection::of);
    let is_nowhere = matches!(place, Ok(None));
    let error = match login.read(part) {
        Ok(None) if part.is_required() => Some(part.missing()),
        Ok(None) => None,
        Ok(Some(value)) => part.check_typable(&value).err(),
        Err(error) => Some(error),
    };
    let found = CheckedPart {
        part: part.name(),
        source: protection.as_ref().map(|found| found.source),
        place: protection.as_ref().and_then(|found| found.place.clone()),
        mode: protection.as_ref().and_then(|found| found.mode.clone()),
        protection: protection.and_then(|found| found.kind),
        readable: (!is_nowhere).then_some(error.is_none()),
        problem: error.as_ref().map(Error::to_string),
    };
    (found, error)
}
