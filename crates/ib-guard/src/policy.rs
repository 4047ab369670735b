//! Whether something may be sent: pure functions of the ledger and the time. Their numbers are in `limits.rs`.

use crate::clock::Now;
use crate::hold_reason::HoldReason;
use crate::ledger::{Latch, Ledger, SubmissionOutcome, SubmissionRecord};
use crate::limits::{CEILING, CODES_PER_LOGIN, DAY, HARD_CAP, UNANSWERED_PUSHES};
use crate::rules::{Rule, Rules};
use ib_cli::Mode;
use std::time::SystemTime;

/// What the caller allows.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Failures allowed in any 24 hours; never more than [`HARD_CAP`], whatever is given.
    pub max_failures: u8,
    /// Whether a person lifts the holds after a refusal and after unanswered notifications, having removed the cause.
    pub force_after_hold: bool,
    /// Whether a person is at the terminal.
    pub is_attended: bool,
    /// When the present quiet window ends, by the wall clock; `None` outside of one.
    pub quiet_until: Option<SystemTime>,
    /// Which account; whether a login sends a notification is learned for each mode.
    pub mode: Mode,
    /// Whether the login is expected to send no notification, as long as no earlier login has shown it.
    pub is_without_push: bool,
}

impl Terms {
    /// Whether a person stands behind this run, now or by what was forced.
    #[must_use]
    pub fn has_a_person(&self) -> bool {
        self.is_attended || self.force_after_hold
    }
}

/// Whether a submission may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may.
    Go,
    /// It may not, until then.
    Held {
        /// Why not: of several reasons the one that holds longest.
        why: HoldReason,
        /// When the hold ends, by the wall clock; `None` when only a person ends it.
        until: Option<SystemTime>,
    },
}

/// Whether a one-time code may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeDecision {
    /// It may.
    Go,
    /// Not in this window: wait for the next.
    AnotherWindow,
    /// Not in this login: it has sent as many as it may.
    Spent,
}

/// Decides about one submission.
pub(crate) fn decide(ledger: &Ledger, now: &Now, terms: &Terms, rules: Rules) -> Decision {
    let elapsed = ledger.clock.elapsed(now, rules);
    let timed = |why, wait: u64| (why, Some(now.wall_after(wait)));
    let holds = [
        quiet(terms, now, rules).map(|until| (HoldReason::Quiet, Some(until))),
        unanswered(ledger, elapsed, terms, rules).then_some((HoldReason::UnansweredPushes, None)),
        asked_wait(ledger, elapsed, rules).map(|wait| timed(HoldReason::AskedWait, wait)),
        after_lost_ledger(ledger, elapsed, rules)
            .map(|wait| timed(HoldReason::FailedAfterLostLedger, wait)),
        ceiling(ledger, elapsed, rules).map(|wait| timed(HoldReason::Ceiling, wait)),
        budget(ledger, elapsed, terms, rules).map(|wait| timed(HoldReason::Failures, wait)),
        latch(ledger, elapsed, terms, rules).map(|(why, wait)| timed(why, wait)),
    ];
    // A hold that only a person ends is the longest; of equally long ones the last in the list is the most precise.
    let longest = holds
        .into_iter()
        .flatten()
        .max_by_key(|(_, until)| (until.is_none(), *until));
    match longest {
        None => Decision::Go,
        Some((why, until)) => Decision::Held { why, until },
    }
}

/// Decides about a one-time code of a window, in the submission at a place.
pub(crate) fn decide_code(
    ledger: &Ledger,
    place: usize,
    window: u64,
    rules: Rules,
) -> CodeDecision {
    let sent = ledger
        .submissions
        .get(place)
        .map_or(u8::MAX, |record| record.codes);
    if rules.hold(Rule::CodesPerLogin) && sent >= CODES_PER_LOGIN {
        CodeDecision::Spent
    } else if rules.hold(Rule::CodeWindow) && ledger.code_windows.contains(&window) {
        CodeDecision::AnotherWindow
    } else {
        CodeDecision::Go
    }
}

/// Decides about a notification on the phone, in the submission at a place.
pub(crate) fn decide_push(ledger: &Ledger, place: usize, rules: Rules) -> bool {
    let Some(record) = ledger.submissions.get(place) else {
        return false;
    };
    // A login that was expected to send none was not held for it.
    let is_one_too_many =
        !record.attended && !record.push_counted && ledger.pushes.unanswered >= UNANSWERED_PUSHES;
    let is_second = record.push == Some(true);
    let is_forbidden = rules.hold(Rule::OnePush) && is_second
        || rules.hold(Rule::UnansweredPushes) && is_one_too_many;
    !is_forbidden
}

/// Why a person cannot clear the hold; `None` when a person can.
pub(crate) fn unforgivable(
    ledger: &Ledger,
    now: &Now,
    is_attended: bool,
    rules: Rules,
) -> Option<&'static str> {
    let elapsed = ledger.clock.elapsed(now, rules);
    let latch = ledger.latch.as_ref()?;
    if latch.why != HoldReason::LedgerUnreadable || left(latch.elapsed, elapsed, rules).is_none() {
        return None;
    }
    let is_second = ledger.begun_anew.as_ref().is_none_or(|begun| begun.again);
    if rules.hold(Rule::LostLedgerForgivenOnce) && is_second {
        Some(
            "a ledger could not be understood once more, so the count is not known: wait until the hold ends, \
             then look at the copies beside it and remove them",
        )
    } else if rules.hold(Rule::LostLedgerNeedsAPerson) && !is_attended {
        Some(
            "only a person can forgive a ledger that could not be understood \
             (run it at a terminal, or with --attended)",
        )
    } else {
        None
    }
}

/// How many more failures are allowed at this moment, whatever latch there may be.
pub(crate) fn failures_left(ledger: &Ledger, now: &Now, terms: &Terms, rules: Rules) -> u8 {
    let counted = failures(ledger, ledger.clock.elapsed(now, rules), rules).count();
    allowed(terms, rules).saturating_sub(u8::try_from(counted).unwrap_or(u8::MAX))
}

fn latch(ledger: &Ledger, elapsed: u64, terms: &Terms, rules: Rules) -> Option<(HoldReason, u64)> {
    let latch = ledger.latch.as_ref()?;
    let rule = match latch.why {
        HoldReason::Locked => Rule::Locked,
        HoldReason::LedgerUnreadable => Rule::Unreadable,
        // No other reason than a refusal latches.
        HoldReason::Refused
        | HoldReason::Failures
        | HoldReason::Ceiling
        | HoldReason::UnansweredPushes
        | HoldReason::Quiet
        | HoldReason::FailedAfterLostLedger
        | HoldReason::AskedWait => Rule::Refused,
    };
    let is_lifted = terms.force_after_hold && latch.why == HoldReason::Refused;
    let wait = left(latch.elapsed, elapsed, rules)?;
    (rules.hold(rule) && !is_lifted).then_some((latch.why, wait))
}

/// What is left of the wait that IBKR asked for; a person cannot shorten it.
fn asked_wait(ledger: &Ledger, elapsed: u64, rules: Rules) -> Option<u64> {
    let asked = ledger.asked_wait.as_ref()?;
    let left = asked.elapsed.saturating_add(asked.wait);
    let left = left.checked_sub(elapsed).filter(|left| *left > 0)?;
    rules.hold(Rule::AskedWait).then_some(left)
}

fn budget(ledger: &Ledger, elapsed: u64, terms: &Terms, rules: Rules) -> Option<u64> {
    let failures: Vec<_> = failures(ledger, elapsed, rules).collect();
    let allowed = usize::from(allowed(terms, rules));
    let wait = wait_for_fewer(&failures, allowed, elapsed, rules)?;
    rules.hold(Rule::Budget).then_some(wait)
}

/// What holds after a person has forgiven a ledger that could not be understood: one more failure.
fn after_lost_ledger(ledger: &Ledger, elapsed: u64, rules: Rules) -> Option<u64> {
    let wait = left(ledger.begun_anew.as_ref()?.elapsed, elapsed, rules)?;
    let has_failed = ledger
        .submissions
        .iter()
        .any(|it| counts(it, elapsed, rules));
    (rules.hold(Rule::OneFailureAfterLostLedger) && has_failed).then_some(wait)
}

fn ceiling(ledger: &Ledger, elapsed: u64, rules: Rules) -> Option<u64> {
    let counted = |record: &&SubmissionRecord| counts(record, elapsed, rules);
    let all: Vec<_> = ledger.submissions.iter().filter(counted).collect();
    let wait = wait_for_fewer(&all, CEILING, elapsed, rules)?;
    rules.hold(Rule::Ceiling).then_some(wait)
}

fn unanswered(ledger: &Ledger, elapsed: u64, terms: &Terms, rules: Rules) -> bool {
    // The hold of a lost ledger is the more precise reason, and comes first.
    let is_lost = |latch: &Latch| {
        latch.why == HoldReason::LedgerUnreadable && left(latch.elapsed, elapsed, rules).is_some()
    };
    let is_answered = rules.hold(Rule::PersonEnds) && terms.has_a_person();
    let sends_one = !rules.hold(Rule::OnlyPushes) || ledger.expects_push(terms);
    rules.hold(Rule::UnansweredPushes)
        && ledger.pushes.unanswered >= UNANSWERED_PUSHES
        && !is_answered
        && sends_one
        && !ledger.latch.as_ref().is_some_and(is_lost)
}

fn quiet(terms: &Terms, now: &Now, rules: Rules) -> Option<SystemTime> {
    let until = terms
        .quiet_until
        .filter(|until| *until > now.wall_after(0))?;
    (rules.hold(Rule::Quiet) && !terms.is_attended).then_some(until)
}

fn allowed(terms: &Terms, rules: Rules) -> u8 {
    if rules.hold(Rule::HardCap) {
        terms.max_failures.min(HARD_CAP)
    } else {
        terms.max_failures
    }
}

/// The submissions that count and are not forgiven, oldest first.
fn failures(
    ledger: &Ledger,
    elapsed: u64,
    rules: Rules,
) -> impl Iterator<Item = &SubmissionRecord> {
    let counted =
        move |record: &&SubmissionRecord| !record.forgiven && counts(record, elapsed, rules);
    ledger.submissions.iter().filter(counted)
}

/// Whether a submission counts as failed: not known to have succeeded, less than a day old.
///
/// A success does not reset the count, although IBKR counts only failures in a row (`limits.rs`): that is stricter.
pub(crate) fn counts(record: &SubmissionRecord, elapsed: u64, rules: Rules) -> bool {
    let has_failed = match record.outcome {
        Some(SubmissionOutcome::Succeeded) => false,
        Some(_) => true,
        None => rules.hold(Rule::Unresolved),
    };
    has_failed && left(record.elapsed, elapsed, rules).is_some()
}

/// How long to wait until fewer than `allowed` of these are less than a day old; `None` when that is so already.
fn wait_for_fewer(
    failures: &[&SubmissionRecord],
    allowed: usize,
    elapsed: u64,
    rules: Rules,
) -> Option<u64> {
    let last_to_expire = failures.len().checked_sub(allowed)?;
    // Where nothing is allowed, no wait is long enough: report a day rather than an end in the far future.
    let record = failures.get(last_to_expire);
    Some(record.map_or(DAY, |record| {
        left(record.elapsed, elapsed, rules).unwrap_or_default()
    }))
}

/// What is left of a day that began then; `None` when it is over.
fn left(began: u64, elapsed: u64, rules: Rules) -> Option<u64> {
    if !rules.hold(Rule::DayEnds) {
        return Some(DAY);
    }
    let passed = elapsed.saturating_sub(began);
    DAY.checked_sub(passed).filter(|left| *left > 0)
}

#[cfg(test)]
pub(crate) mod tests;
