//! What the guard has recorded, as a person reads it.

use crate::report::{GuardStatus, SubmissionRow};
use ib_guard::{HoldReason, SubmissionOutcome};

/// A sentence on what holds, then a line for each submission and each hold that was cleared, newest first.
#[must_use]
pub(crate) fn table(status: &GuardStatus) -> String {
    let mut lines = vec![verdict(status)];
    if !status.submissions.is_empty() {
        lines.push(columns(["WHEN", "METHOD", "MODE", "OUTCOME", "SENT", ""]));
    }
    lines.extend(status.submissions.iter().rev().map(row));
    let words = status.forgiven.iter().rev();
    lines.extend(words.map(|it| format!("{}  forgiven by {}: {}", it.at, it.by, it.reason)));
    lines.join("\n")
}

fn verdict(status: &GuardStatus) -> String {
    let left = format!(
        "{} of {} failures in 24 hours left",
        status.failures_left, status.max_failures
    );
    let Some(reason) = status.hold_reason else {
        return format!("free: a login may be sent; {left}");
    };
    let cause = cause(reason);
    let end = match &status.hold_until {
        Some(until) => format!("until {until}"),
        None => "until a person logs in (--attended)".to_owned(),
    };
    format!("held {end}: {cause}; {left}")
}

fn cause(reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::Refused => "IBKR refused a login",
        HoldReason::Locked => "IBKR has locked the username",
        HoldReason::Failures => "too many logins failed",
        HoldReason::Ceiling => "too many logins failed, and were forgiven",
        HoldReason::UnansweredPushes => {
            "no person approved the last two notifications, known or possible"
        }
        HoldReason::FailedAfterLostLedger => {
            "a ledger was lost and forgiven, and a login has failed since"
        }
        HoldReason::Quiet => "it is a quiet window",
        HoldReason::LedgerUnreadable => "the ledger could not be read",
        HoldReason::AskedWait => "IBKR asks to wait before the next login",
    }
}

fn row(row: &SubmissionRow) -> String {
    let codes = match row.codes {
        0 => String::new(),
        1 => "1 code".to_owned(),
        more => format!("{more} codes"),
    };
    let sent = match row.push {
        Some(true) if codes.is_empty() => "1 notification".to_owned(),
        Some(true) => format!("{codes}, 1 notification"),
        Some(false) | None => codes,
    };
    let notes = [
        (row.outcome.is_none(), "counts as failed"),
        (row.attended, "attended"),
        (row.forgiven, "forgiven"),
    ];
    let notes: Vec<_> = notes
        .iter()
        .filter(|note| note.0)
        .map(|note| note.1)
        .collect();
    columns([
        &row.at,
        &row.method,
        &row.mode,
        row.outcome.map_or("unknown", SubmissionOutcome::name),
        &sent,
        &notes.join(", "),
    ])
}

fn columns([at, method, mode, outcome, sent, notes]: [&str; 6]) -> String {
    let line = format!("{at:<24}  {method:<7}  {mode:<5}  {outcome:<10}  {sent:<14}  {notes}");
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::GuardState;

    #[test]
    fn names_the_wait_that_ibkr_asks_for() {
        let status = GuardStatus {
            state: GuardState::Held,
            failures_left: 2,
            max_failures: 3,
            hold_until: Some("2026-12-01T00:53:00Z".to_owned()),
            hold_reason: Some(HoldReason::AskedWait),
            unanswered_pushes: 0,
            submissions: Vec::new(),
            forgiven: Vec::new(),
        };
        assert_eq!(
            table(&status),
            "held until 2026-12-01T00:53:00Z: IBKR asks to wait before the next login; 2 of 3 failures in 24 hours left"
        );
    }
}
