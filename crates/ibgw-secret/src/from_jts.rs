//! Print the second factor that a jts.ini holds.

use crate::READING;
use ib_cli::flag_group::OUTPUT;
use ib_cli::{
    Answer, Readable, Reference, Report, Result, SecretText, duration, keep_off_terminal,
};
use ib_proc::Deadline;
use ib_tws::JtsSecondFactor;
use serde::Serialize;
use std::path::PathBuf;
use std::time::Duration;

/// Reading a jts.ini.
#[derive(clap::Args)]
pub(crate) struct FromJtsArgs {
    /// Read this jts.ini, of an IB Gateway in which IB Key was selected once
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// End after this time
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration, help_heading = READING)]
    timeout: Duration,
    /// Print secrets even to a terminal
    #[arg(long, help_heading = OUTPUT)]
    show: bool,
}

/// What a jts.ini says of the second factor.
#[derive(Serialize)]
pub struct JtsReport {
    /// Whether IB Key was selected.
    state: JtsState,
    /// The token of IB Key; null without one.
    jts_second_factor: Option<SecretText>,
    /// Why the file has no token; null when it has one.
    reason: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum JtsState {
    /// The file has a token.
    Found,
    /// IB Key was not selected in that IB Gateway.
    NotSelected,
}

impl Report for JtsReport {
    fn schema(&self) -> &'static str {
        "ibgw-secret-jts/1"
    }
}

/// Prints the token of IB Key.
pub(crate) fn run(args: &FromJtsArgs) -> Result<Answer<JtsReport>> {
    keep_off_terminal(args.show)?;
    let file = Reference::File(args.file.clone());
    let content = file.read(
        "the settings",
        Readable::Warned,
        Deadline::after(args.timeout),
    )?;
    let text = content.text(&format!("{}", args.file.display()))?;
    let reason = match ib_tws::second_factor(text) {
        JtsSecondFactor::Token(token) => {
            return Ok(Answer::done(report(JtsState::Found, Some(token), None)));
        }
        JtsSecondFactor::NotSelected => {
            "IB Key was not selected (log in by hand once, and choose it in the window)"
        }
        JtsSecondFactor::Absent => {
            "there is no line 2ndFactor: IB Key was not selected (log in by hand once, and choose it in the window)"
        }
    };
    Ok(Answer::no(report(
        JtsState::NotSelected,
        None,
        Some(reason),
    )))
}

fn report(state: JtsState, token: Option<&str>, reason: Option<&'static str>) -> JtsReport {
    JtsReport {
        state,
        jts_second_factor: token.map(SecretText::new),
        reason,
    }
}
