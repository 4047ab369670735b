//! Which parts of a login can be read, without showing one.

use crate::SecretOutput;
use crate::login::{LoginParts, PartArgs};
use crate::part::LoginPart;
use crate::protection::Protection;
use crate::reader::{Reader, ReaderArgs};
use ib_cli::{Answer, Error, Exit, Result};
use serde::Serialize;

/// Checking a login.
#[derive(clap::Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    login: PartArgs,
    #[command(flatten)]
    reader: ReaderArgs,
}

/// What was found.
#[derive(Serialize)]
pub struct CheckReport {
    /// `complete` when username and password are there and every part that is given can be used; `absent` when all that
    /// is wrong is that a service has no such secret; else `incomplete`.
    state: &'static str,
    /// One for each part of a record, in its order.
    parts: Vec<CheckedPart>,
}

/// What was found of one part.
#[derive(Serialize)]
struct CheckedPart {
    /// Its key in a record.
    part: &'static str,
    /// Where it comes from; `None` when nothing says.
    source: Option<&'static str>,
    /// The reference.
    place: Option<String>,
    /// The permission bits of the file.
    mode: Option<String>,
    /// How it is kept; `None` when that cannot be seen.
    protection: Option<&'static str>,
    /// Whether it can be read and used; `None` when nothing says where it is.
    readable: Option<bool>,
    /// Why not.
    problem: Option<String>,
}

/// Reads every part and says how that went.
pub(crate) fn run(args: CheckArgs) -> Result<Answer<SecretOutput>> {
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
        ([], []) => "complete",
        (_, []) => "absent",
        _ => "incomplete",
    };
    let report = SecretOutput::Check(CheckReport { state, parts });
    Ok(match (state, others.into_iter().next()) {
        ("absent", _) => Answer::no(report),
        (_, Some(error)) => Answer::failed(report, error),
        (_, None) => Answer::done(report),
    })
}

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
        Ok(Some(value)) => part.refuse_untypable(&value).err(),
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
