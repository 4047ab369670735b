//! The guard's record as a person reads it.

use crate::report::{Standing, SubmissionRow};

/// A sentence on what holds, then a line for each submission and each word of forgiveness, newest first.
#[must_use]
pub fn table(standing: &Standing) -> String {
    let mut lines = vec![verdict(standing)];
    if !standing.submissions.is_empty() {
        lines.push(columns(["WHEN", "METHOD", "MODE", "OUTCOME", "SENT", ""]));
    }
    lines.extend(standing.submissions.iter().rev().map(row));
    let words = standing.forgiven.iter().rev();
    lines.extend(words.map(|it| format!("{}  forgiven by {}: {}", it.at, it.by, it.reason)));
    lines.join("\n")
}

fn verdict(standing: &Standing) -> String {
    let left = format!(
        "{} of {} failures in 24 hours left",
        standing.failures_left, standing.max_failures
    );
    let Some(reason) = standing.hold_reason else {
        return format!("free: a login may be sent; {left}");
    };
    let cause = match reason {
        "refused" => "IBKR refused a login",
        "locked" => "IBKR has locked the username",
        "failures" => "too many logins failed",
        "ceiling" => "too many logins failed, and were forgiven",
        "unanswered_pushes" => "nobody approved the last two notifications, known or possible",
        "vouched" => "a ledger was lost and forgiven, and a login has failed since",
        "quiet" => "it is a quiet window",
        _ => "the ledger could not be understood",
    };
    let end = match &standing.hold_until {
        Some(until) => format!("until {until}"),
        None => "until a person logs in (--attended)".to_owned(),
    };
    format!("held {end}: {cause}; {left}")
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
        _ => codes,
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
        row.outcome.unwrap_or("unknown"),
        &sent,
        &notes.join(", "),
    ])
}

fn columns([at, method, mode, outcome, sent, notes]: [&str; 6]) -> String {
    let line = format!("{at:<24}  {method:<7}  {mode:<5}  {outcome:<10}  {sent:<14}  {notes}");
    line.trim_end().to_owned()
}
