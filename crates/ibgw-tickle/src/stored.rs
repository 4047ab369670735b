//! The report in a file: written after a call, read in place of one.

use crate::report::{SCHEMA, TickleReport};
use anyhow::Context;
use ib_cli::{
    Answer, Error, Exit, OrExit, Report, Result, Secret, Unreadable, read_capped, write_atomic,
};
use ib_webapi::SessionState;
use serde::Deserialize;
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

#[derive(Deserialize)]
struct Tag {
    schema: String,
}

/// Stores the report.
///
/// # Errors
/// `Config` when the file cannot be written.
pub(crate) fn write(file: &Path, outcome: &TickleReport) -> Result<()> {
    write_atomic(file, outcome.line()?.expose())
        .with_context(|| format!("writing the report to {}", file.display()))
        .or_exit(Exit::Config)
}

/// Answers with a stored report, or with `unknown` when it is too old.
///
/// # Errors
/// `Config` when the file is not there or holds no report.
pub(crate) fn answer(
    file: &Path,
    max_age: Duration,
    with_accounts: bool,
) -> Result<Answer<TickleReport>> {
    let (outcome, written) = read(file)
        .map_err(|error| error.within(format!("reading the report in {}", file.display())))?;
    let unknown = |why: String| {
        let message = format!(
            "the report in {} {why} (does ibgw-tickle --write still run?)",
            file.display()
        );
        let error = Error::new(Exit::Unexpected, message);
        TickleReport::of(SessionState::Unknown).answer(Some(error))
    };
    // After a clock was set back, the file may be of the future: its age is not known then.
    let Ok(age) = SystemTime::now().duration_since(written) else {
        return Ok(unknown("is from the future".to_owned()));
    };
    let seconds = age.as_secs();
    if age > max_age {
        return Ok(unknown(format!("is {seconds}s old")));
    }
    let exit = outcome.state.exit();
    let error = (exit != Exit::Done).then(|| {
        let state = outcome.state.name();
        let message = format!("{state}, as stored {seconds}s ago in {}", file.display());
        Error::new(exit, message)
    });
    let accounts = outcome.accounts.clone().filter(|_| with_accounts);
    let outcome = TickleReport {
        accounts,
        ..outcome
    };
    Ok(outcome.answer(error))
}

fn read(path: &Path) -> Result<(TickleReport, SystemTime)> {
    let (text, written) = content(path).or_exit(Exit::Config)?;
    let text = text.ok_or_else(|| no_report("it is not a regular file"))?;
    let tag: Tag = serde_json::from_slice(text.expose()).map_err(unreadable)?;
    if tag.schema != SCHEMA {
        return Err(no_report(&format!("its schema is not {SCHEMA}")));
    }
    let outcome: TickleReport = serde_json::from_slice(text.expose()).map_err(unreadable)?;
    if outcome.state == SessionState::AccessDenied {
        return Err(no_report("it has a state that no report has"));
    }
    Ok((outcome, written))
}

/// What a file holds, `None` for anything else than a file, and when it was written.
fn content(path: &Path) -> io::Result<(Option<Secret>, SystemTime)> {
    let about = path.metadata()?;
    // Anything else might keep us waiting.
    if !about.is_file() {
        return Ok((None, about.modified()?));
    }
    let file = File::open(path)?;
    let written = file.metadata()?.modified()?;
    Ok((Some(read_capped(file)?), written))
}

fn unreadable(error: serde_json::Error) -> Error {
    Unreadable::from(error).error("it is not a report")
}

fn no_report(why: &str) -> Error {
    Error::new(Exit::Config, why)
}
