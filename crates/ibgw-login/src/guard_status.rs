//! What the guard has recorded of a username, and how a person clears it.

mod table;

use crate::args::LoginArgs;
use crate::report::{ForgivenRow, GuardState, GuardStatus, LoginOutput, SubmissionRow};
use ib_cli::{Answer, Login, Result, StateDir, time, time_since_1970};
use ib_guard::limits::HARD_CAP;
use ib_guard::policy::{Decision, Terms};
use ib_guard::{Forgiven, Guard, SubmissionRecord};
use ib_proc::Deadline;
use table::table;

/// Shows what is recorded.
///
/// # Errors
/// As [`Login::read`] and [`Guard::take`].
pub(crate) fn show(args: &LoginArgs, deadline: Deadline) -> Result<Answer<LoginOutput>> {
    let (guard, login) = take(args, deadline)?;
    Ok(answer(guard_status(args, &guard, &login)))
}

/// Clears every hold, and records who cleared it and why.
///
/// # Errors
/// As [`show`], and as [`Guard::forgive`].
pub(crate) fn forgive(
    args: &LoginArgs,
    reason: &str,
    deadline: Deadline,
) -> Result<Answer<LoginOutput>> {
    let (mut guard, login) = take(args, deadline)?;
    guard.forgive(reason, args.terms(&login, args.mode(&login)).is_attended)?;
    Ok(answer(guard_status(args, &guard, &login)))
}

fn take(args: &LoginArgs, deadline: Deadline) -> Result<(Guard, Login)> {
    let login = Login::read(&args.login, deadline)?;
    let guard = Guard::take(&StateDir::open(&args.state)?, &login.username, deadline)?;
    Ok((guard, login))
}

/// The line of JSON, and at a terminal a table beside it.
fn answer(status: GuardStatus) -> Answer<LoginOutput> {
    ib_cli::show(&table(&status));
    Answer::done(LoginOutput::Guard(status))
}

fn guard_status(args: &LoginArgs, guard: &Guard, login: &Login) -> GuardStatus {
    // A person at a terminal asks what holds the unattended run.
    let terms = Terms {
        is_attended: args.guard.attended,
        ..args.terms(login, args.mode(login))
    };
    let (state, hold_until, hold_reason) = match guard.decide(&terms) {
        Decision::Go => (GuardState::Free, None, None),
        Decision::Held { why, until } => (GuardState::Held, until.map(time), Some(why)),
    };
    let ledger = guard.ledger();
    GuardStatus {
        state,
        failures_left: guard.failures_left(&terms),
        max_failures: args.guard.max_failures.min(HARD_CAP),
        hold_until,
        hold_reason,
        unanswered_pushes: ledger.pushes.unanswered,
        submissions: ledger.submissions.iter().map(row).collect(),
        forgiven: ledger.forgiven.iter().map(forgiven_row).collect(),
    }
}

fn row(record: &SubmissionRecord) -> SubmissionRow {
    SubmissionRow {
        at: time_since_1970(record.at),
        method: record.method.clone(),
        mode: record.mode.clone(),
        outcome: record.outcome,
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
