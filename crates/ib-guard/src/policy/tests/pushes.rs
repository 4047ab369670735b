//! What is sent beside the password: notifications and codes.

use super::*;

#[test]
fn two_notifications_without_an_approval_hold_until_a_person_is_there() {
    let mut ledger = Ledger::empty();
    for at in [0, 30] {
        assert_eq!(decided(&ledger, at, &TERMS), Decision::Go);
        let place = submit(&mut ledger, at, None, &TERMS);
        ledger.saw_push(place, true);
        ledger.resolve(place, SubmissionOutcome::Failed, &hour(at), ALL);
    }
    let why = HoldReason::UnansweredPushes;
    let for_ever = Decision::Held { why, until: None };
    assert_eq!(decided(&ledger, 1000, &TERMS), for_ever);
    assert_eq!(decided(&ledger, 1000, &FORCED), Decision::Go);
    assert_eq!(decided(&ledger, 1000, &ATTENDED), Decision::Go);
    submit(
        &mut ledger,
        1000,
        Some(SubmissionOutcome::Succeeded),
        &ATTENDED,
    );
    assert_eq!(decided(&ledger, 1100, &TERMS), Decision::Go);
}

#[test]
fn a_login_of_the_other_mode_answers_no_notification() {
    let live = Terms {
        mode: Mode::Live,
        ..TERMS
    };
    let mut ledger = Ledger::empty();
    let why = HoldReason::UnansweredPushes;
    let for_ever = Decision::Held { why, until: None };
    for at in [0, 30] {
        let place = submit(&mut ledger, at, None, &live);
        ledger.saw_push(place, true);
        ledger.resolve(place, SubmissionOutcome::Failed, &hour(at), ALL);
        let place = submit(&mut ledger, at, None, &TERMS);
        ledger.record_code(place, at);
        ledger.resolve(place, SubmissionOutcome::Succeeded, &hour(at), ALL);
    }
    assert_eq!(ledger.pushes.unanswered, 2);
    assert_eq!(decided(&ledger, 60, &live), for_ever);
    // It does not hold a login that sends none.
    assert_eq!(decided(&ledger, 60, &TERMS), Decision::Go);
    let place = submit(&mut ledger, 60, None, &TERMS);
    assert!(!decide_push(&ledger, place, ALL));
}

#[test]
fn a_login_that_is_known_to_send_none_is_not_held_for_one() {
    let with_seed = Terms {
        is_without_push: true,
        ..TERMS
    };
    let mut ledger = Ledger::empty();
    for at in [0, 30, 60] {
        assert_eq!(decided(&ledger, at, &with_seed), Decision::Go);
        submit(&mut ledger, at, None, &with_seed);
    }
}

#[test]
fn a_notification_that_a_crash_may_have_sent_counts() {
    let mut unknown = Ledger::empty();
    let mut without = ledger();
    for ledger in [&mut unknown, &mut without] {
        submit(ledger, 0, None, &TERMS);
        submit(ledger, 30, None, &TERMS);
    }
    let why = HoldReason::UnansweredPushes;
    let for_ever = Decision::Held { why, until: None };
    assert_eq!(decided(&unknown, 90, &TERMS), for_ever);
    assert_eq!(decided(&without, 90, &TERMS), Decision::Go);
}

#[test]
fn a_login_without_a_notification_does_not_count_as_unanswered() {
    let mut ledger = Ledger::empty();
    for at in [0, 30, 60] {
        assert_eq!(decided(&ledger, at, &TERMS), Decision::Go);
        let place = submit(&mut ledger, at, None, &TERMS);
        ledger.record_code(place, at);
        ledger.resolve(place, SubmissionOutcome::Failed, &hour(at), ALL);
    }
    assert_eq!(ledger.pushes.unanswered, 0);
}

#[test]
fn one_login_sends_one_notification_and_two_codes_of_two_windows() {
    let mut ledger = ledger();
    let place = submit(&mut ledger, 0, None, &TERMS);
    assert!(decide_push(&ledger, place, ALL));
    ledger.saw_push(place, true);
    assert!(!decide_push(&ledger, place, ALL));
    let code = |ledger: &Ledger, place, window| decide_code(ledger, place, window, ALL);
    ledger.record_code(place, 7);
    assert_eq!(code(&ledger, place, 7), CodeDecision::AnotherWindow);
    assert_eq!(code(&ledger, place, 8), CodeDecision::Go);
    ledger.record_code(place, 8);
    assert_eq!(code(&ledger, place, 9), CodeDecision::Spent);
    let place = submit(&mut ledger, 0, None, &TERMS);
    assert_eq!(code(&ledger, place, 8), CodeDecision::AnotherWindow);
    // A clock that was put back does not free a window.
    assert_eq!(code(&ledger, place, 7), CodeDecision::AnotherWindow);
    assert_eq!(code(&ledger, place, 9), CodeDecision::Go);
}
