//! What the guard has recorded of a username, and a person's word to clear it.

use crate::args::Args;
use crate::record::{self, Login};
use crate::report::{Outcome, Standing, SubmissionRow};
use ib_cli::{Answer, Result, StateDir, time, warnings};
use ib_guard::policy::{Decision, HARD_CAP};
use ib_guard::{Guard, Record};
use ib_proc::Deadline;
use std::time::{Duration, SystemTime};

/// Shows what is recorded.
///
/// # Errors
/// As [`record::read`] and [`Guard::take`].
pub fn show(args: &Args, deadline: Deadline) -> Result<Answer<Outcome>> {
    let (guard, _login) = take(args, deadline)?;
    Ok(Answer::done(Outcome::Standing(standing(args, &guard))))
}

/// Clears every hold and records why.
///
/// # Errors
/// As [`show`], and `Held` when it cannot be recorded.
pub fn forgive(args: &Args, reason: &str, deadline: Deadline) -> Result<Answer<Outcome>> {
    let (mut guard, _login) = take(args, deadline)?;
    guard.forgive(reason, SystemTime::now())?;
    Ok(Answer::done(Outcome::Standing(standing(args, &guard))))
}

fn take(args: &Args, deadline: Deadline) -> Result<(Guard, Login)> {
    let login = record::read(&args.login, deadline)?;
    let guard = Guard::take(&StateDir::open(&args.state)?, &login.username, deadline)?;
    Ok((guard, login))
}

fn standing(args: &Args, guard: &Guard) -> Standing {
    let (now, terms) = (SystemTime::now(), args.terms());
    let (until, why) = match guard.decide(now, terms) {
        Decision::Go => (None, None),
        Decision::Held { why, until } => (Some(time(until)), Some(why.name())),
    };
    Standing {
        state: if until.is_some() { "held" } else { "free" },
        failures_left: guard.failures_left(now, terms),
        max_failures: args.max_failures.min(HARD_CAP),
        hold_until: until,
        hold_reason: why,
        submissions: guard.ledger().submissions.iter().map(row).collect(),
        warnings: warnings(),
    }
}

fn row(record: &Record) -> SubmissionRow {
    SubmissionRow {
        at: time(SystemTime::UNIX_EPOCH + Duration::from_secs(record.at)),
        method: record.method.clone(),
        mode: record.mode.clone(),
        outcome: record.outcome.map(ib_guard::Outcome::name),
    }
}
