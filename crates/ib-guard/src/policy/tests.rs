mod pushes;

use super::*;
use crate::ledger::LoginMethod;
use std::time::Duration;

pub(crate) const TERMS: Terms = Terms {
    max_failures: 3,
    force_after_hold: false,
    is_attended: false,
    quiet_until: None,
    mode: Mode::Paper,
    is_without_push: false,
};
const FORCED: Terms = Terms {
    force_after_hold: true,
    ..TERMS
};
const ATTENDED: Terms = Terms {
    is_attended: true,
    ..TERMS
};
pub(crate) const ALL: Rules = Rules::ALL;

/// This many hours after a fixed moment, on a machine that is never turned off.
pub(crate) fn hour(count: u64) -> Now {
    Now {
        wall: (1_000_000 + count * 3600) * 1000,
        boot: Some("a".to_owned()),
        uptime: (500 + count * 3600) * 1000,
    }
}

fn wall(count: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + count * 3600)
}

/// A ledger of a username whose logins send no notifications.
pub(crate) fn ledger() -> Ledger {
    let mut ledger = Ledger::empty();
    ledger.pushes.expected.insert("paper".to_owned(), false);
    ledger
}

pub(crate) fn submit(
    ledger: &mut Ledger,
    at: u64,
    outcome: Option<SubmissionOutcome>,
    terms: &Terms,
) -> usize {
    let now = hour(at);
    ledger.clock.see(&now, ALL);
    let (place, _) = ledger.record(&now, LoginMethod::Browser, terms.mode, terms, ALL);
    if let Some(outcome) = outcome {
        ledger.resolve(place, outcome, &now, ALL);
    }
    place
}

pub(crate) fn decided(ledger: &Ledger, at: u64, terms: &Terms) -> Decision {
    decide(ledger, &hour(at), terms, ALL)
}

pub(crate) fn held(why: HoldReason, until: u64) -> Decision {
    let until = Some(wall(until));
    Decision::Held { why, until }
}

#[test]
fn lets_the_first_submission_go() {
    assert_eq!(decided(&Ledger::empty(), 0, &TERMS), Decision::Go);
}

#[test]
fn holds_after_three_failures_until_the_first_is_a_day_old() {
    let mut ledger = ledger();
    for at in [0, 1, 2] {
        assert_eq!(decided(&ledger, at, &TERMS), Decision::Go);
        submit(&mut ledger, at, Some(SubmissionOutcome::Failed), &TERMS);
    }
    assert_eq!(decided(&ledger, 3, &TERMS), held(HoldReason::Failures, 24));
    assert_eq!(
        decided(&ledger, 23, &FORCED),
        held(HoldReason::Failures, 24)
    );
    assert_eq!(decided(&ledger, 24, &TERMS), Decision::Go);
}

#[test]
fn counts_a_submission_whose_end_is_not_recorded() {
    let mut ledger = ledger();
    for at in [0, 1, 2] {
        submit(&mut ledger, at, None, &TERMS);
    }
    assert_eq!(failures_left(&ledger, &hour(3), &TERMS, ALL), 0);
    assert_eq!(decided(&ledger, 3, &TERMS), held(HoldReason::Failures, 24));
}

#[test]
fn does_not_count_what_succeeded() {
    let mut ledger = ledger();
    for at in 0..10 {
        submit(&mut ledger, at, Some(SubmissionOutcome::Succeeded), &TERMS);
    }
    assert_eq!(decided(&ledger, 10, &TERMS), Decision::Go);
    assert_eq!(failures_left(&ledger, &hour(10), &TERMS, ALL), 3);
}

#[test]
fn holds_a_day_after_a_refusal_until_a_person_forces_it() {
    let mut ledger = ledger();
    submit(&mut ledger, 0, Some(SubmissionOutcome::Refused), &TERMS);
    assert_eq!(decided(&ledger, 1, &TERMS), held(HoldReason::Refused, 24));
    assert_eq!(decided(&ledger, 24, &TERMS), Decision::Go);
    assert_eq!(decided(&ledger, 1, &FORCED), Decision::Go);
    submit(&mut ledger, 1, Some(SubmissionOutcome::Succeeded), &FORCED);
    assert_eq!(decided(&ledger, 2, &TERMS), Decision::Go);
}

#[test]
fn holds_a_day_after_a_lock_whatever_a_person_forces() {
    let mut ledger = ledger();
    submit(&mut ledger, 0, Some(SubmissionOutcome::Locked), &TERMS);
    assert_eq!(decided(&ledger, 1, &FORCED), held(HoldReason::Locked, 24));
}

#[test]
fn of_several_holds_the_longest_is_reported() {
    let mut ledger = ledger();
    for at in [0, 1] {
        submit(&mut ledger, at, Some(SubmissionOutcome::Failed), &TERMS);
    }
    submit(&mut ledger, 2, Some(SubmissionOutcome::Refused), &TERMS);
    assert_eq!(decided(&ledger, 3, &TERMS), held(HoldReason::Refused, 26));
    let quiet = Terms {
        quiet_until: Some(wall(30)),
        ..TERMS
    };
    assert_eq!(decided(&ledger, 3, &quiet), held(HoldReason::Quiet, 30));
}

#[test]
fn never_allows_more_than_the_hard_cap() {
    let mut ledger = ledger();
    for at in 0..4 {
        submit(&mut ledger, at, Some(SubmissionOutcome::Failed), &TERMS);
    }
    let generous = Terms {
        max_failures: 200,
        ..FORCED
    };
    assert_eq!(
        decided(&ledger, 5, &generous),
        held(HoldReason::Failures, 24)
    );
}

#[test]
fn allows_nothing_when_nothing_is_allowed() {
    let none = Terms {
        max_failures: 0,
        ..TERMS
    };
    assert_eq!(decided(&ledger(), 0, &none), held(HoldReason::Failures, 24));
}

#[test]
fn a_person_can_forgive_but_not_up_to_the_lock() {
    let mut ledger = ledger();
    let mut sent = 0;
    for at in 0..20 {
        if decided(&ledger, at, &TERMS) == Decision::Go {
            submit(&mut ledger, at, Some(SubmissionOutcome::Locked), &TERMS);
            sent += 1;
        }
        ledger.forgive("alice", "unlocked by phone", &hour(at));
    }
    assert_eq!((sent, CEILING), (8, 8));
    assert_eq!(decided(&ledger, 20, &TERMS), held(HoldReason::Ceiling, 24));
    assert_eq!(ledger.forgiven[0].by, "alice");
}

#[test]
fn a_lost_ledger_that_was_forgiven_allows_one_failure() {
    let mut ledger = ledger();
    ledger.clock.see(&hour(0), ALL);
    ledger.begin_anew(false, &hour(0), ALL);
    assert_eq!(
        decided(&ledger, 1, &FORCED),
        held(HoldReason::LedgerUnreadable, 24)
    );
    assert!(unforgivable(&ledger, &hour(1), false, ALL).is_some());
    assert_eq!(unforgivable(&ledger, &hour(1), true, ALL), None);
    ledger.forgive("alice", "there was one", &hour(1));
    assert_eq!(decided(&ledger, 1, &TERMS), Decision::Go);
    submit(&mut ledger, 1, Some(SubmissionOutcome::Failed), &TERMS);
    assert_eq!(
        decided(&ledger, 2, &TERMS),
        held(HoldReason::FailedAfterLostLedger, 24)
    );
    assert_eq!(decided(&ledger, 24, &TERMS), Decision::Go);
}

#[test]
fn a_ledger_that_was_lost_twice_cannot_be_forgiven() {
    let mut ledger = ledger();
    ledger.clock.see(&hour(0), ALL);
    ledger.begin_anew(true, &hour(0), ALL);
    for is_attended in [false, true] {
        assert!(unforgivable(&ledger, &hour(23), is_attended, ALL).is_some());
        assert_eq!(unforgivable(&ledger, &hour(24), is_attended, ALL), None);
    }
}

#[test]
fn a_quiet_window_does_not_hold_a_person_at_the_terminal() {
    let quiet = Terms {
        quiet_until: Some(wall(2)),
        ..TERMS
    };
    assert_eq!(decided(&ledger(), 0, &quiet), held(HoldReason::Quiet, 2));
    let forced = Terms {
        force_after_hold: true,
        ..quiet
    };
    assert_eq!(decided(&ledger(), 0, &forced), held(HoldReason::Quiet, 2));
    let attended = Terms {
        is_attended: true,
        ..quiet
    };
    assert_eq!(decided(&ledger(), 0, &attended), Decision::Go);
}

#[test]
fn what_was_not_sent_after_all_leaves_the_ledger_as_it_was() {
    let mut before = ledger();
    submit(&mut before, 0, Some(SubmissionOutcome::Refused), &TERMS);
    before.pushes.unanswered = 1;
    for terms in [TERMS, FORCED, ATTENDED] {
        let mut ledger = before.clone();
        let (place, lifted) = ledger.record(&hour(1), LoginMethod::Ibc, terms.mode, &terms, ALL);
        assert_ne!(ledger, before, "{terms:?}");
        ledger.take_back(place, &lifted);
        assert_eq!(ledger, before, "{terms:?}");
    }
}

#[test]
fn two_submissions_of_one_moment_are_told_apart() {
    let mut ledger = ledger();
    let places = [0, 0].map(|at| submit(&mut ledger, at, None, &TERMS));
    let [first, second] = places.map(|place| ledger.submissions[place].elapsed);
    assert!(first < second, "{first} {second}");
}

#[test]
fn waits_for_as_long_as_ibkr_asks_and_no_longer() {
    let mut ledger = ledger();
    submit(&mut ledger, 0, Some(SubmissionOutcome::Failed), &TERMS);
    ledger.wait_as_asked(Some(2 * 3_600_000), &hour(0), ALL);
    for terms in [TERMS, FORCED, ATTENDED] {
        assert_eq!(decided(&ledger, 1, &terms), held(HoldReason::AskedWait, 2));
        assert_eq!(decided(&ledger, 2, &terms), Decision::Go);
    }
    ledger.wait_as_asked(Some(u64::MAX), &hour(2), ALL);
    assert_eq!(decided(&ledger, 3, &TERMS), held(HoldReason::AskedWait, 26));
    ledger.forgive("trader", "it waited", &hour(3));
    assert_eq!(decided(&ledger, 3, &TERMS), Decision::Go);
}
