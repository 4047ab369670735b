//! Print the second factor that a jts.ini holds.

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
    /// The jts.ini of an IB Gateway in which IB Key was selected once
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// End after this time
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    timeout: Duration,
    /// Print the token even to a terminal
    #[arg(long)]
    show: bool,
}

/// What a jts.ini says of the second factor.
#[derive(Serialize)]
pub struct JtsReport {
    /// Whether IB Key was selected.
    state: JtsState,
    /// IB Key's token; `None` when there is none.
    jts_second_factor: Option<SecretText>,
    /// Why there is none; `None` when there is one.
    reason: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum JtsState {
    Found,
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
