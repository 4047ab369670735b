//! What the guard has recorded of a username, and a person's word to clear it.

mod table;

use crate::args::LoginArgs;
use crate::report::{ForgivenRow, LoginOutput, Standing, SubmissionRow};
use ib_cli::{Answer, Login, Result, StateDir, time, time_since_1970};
use ib_guard::policy::{Decision, HARD_CAP, Terms};
use ib_guard::{Forgiven, Guard, Submitted};
use ib_proc::Deadline;
use table::table;

/// Shows what is recorded.
///
/// # Errors
/// As [`Login::read`] and [`Guard::take`].
pub fn show(args: &LoginArgs, deadline: Deadline) -> Result<Answer<LoginOutput>> {
    let (guard, login) = take(args, deadline)?;
    Ok(told(standing(args, &guard, &login)))
}

/// Clears every hold and records who did, and why.
///
/// # Errors
/// As [`show`], and as [`Guard::forgive`].
pub fn forgive(args: &LoginArgs, reason: &str, deadline: Deadline) -> Result<Answer<LoginOutput>> {
    let (mut guard, login) = take(args, deadline)?;
    guard.forgive(reason, args.terms(&login, args.mode(&login)).is_attended)?;
    Ok(told(standing(args, &guard, &login)))
}

fn take(args: &LoginArgs, deadline: Deadline) -> Result<(Guard, Login)> {
    let login = Login::read(&args.login, deadline)?;
    let guard = Guard::take(&StateDir::open(&args.state)?, &login.username, deadline)?;
    Ok((guard, login))
}

/// The line of JSON, and beside it a table for whoever sits there.
fn told(standing: Standing) -> Answer<LoginOutput> {
    ib_cli::show(&table(&standing));
    Answer::done(LoginOutput::Standing(standing))
}

fn standing(args: &LoginArgs, guard: &Guard, login: &Login) -> Standing {
    // Who sits here asks what holds the one that runs by itself.
    let terms = Terms {
        is_attended: args.guard.attended,
        ..args.terms(login, args.mode(login))
    };
    let (until, why) = match guard.decide(&terms) {
        Decision::Go => (None, None),
        Decision::Held { why, until } => (until.map(time), Some(why.name())),
    };
    let ledger = guard.ledger();
    Standing {
        state: if why.is_some() { "held" } else { "free" },
        failures_left: guard.failures_left(&terms),
        max_failures: args.guard.max_failures.min(HARD_CAP),
        hold_until: until,
        hold_reason: why,
        unanswered_pushes: ledger.pushes.unanswered,
        submissions: ledger.submissions.iter().map(row).collect(),
        forgiven: ledger.forgiven.iter().map(forgiven_row).collect(),
    }
}

fn row(record: &Submitted) -> SubmissionRow {
    SubmissionRow {
        at: time_since_1970(record.at),
        method: record.method.clone(),
        mode: record.mode.clone(),
        outcome: record.outcome.map(ib_guard::SubmissionOutcome::name),
        attended: record.attended,
        codes: record.codes,
        push: record.push,
        forgiven: record.forgiven,
    }
}

fn forgiven_row(forgiven: &Forgiven) -> ForgivenRow {
    ForgivenRow {
        at: time_since_1970(forgiven.at),
        by: forgiven.by.clone(),
        reason: forgiven.reason.clone(),
    }
}
