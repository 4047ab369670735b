use super::*;
use crate::policy::failures_left;
use crate::policy::tests::{ALL, TERMS, hour, ledger, submit};

#[test]
fn what_counts_is_never_dropped_and_what_does_not_is() {
    let mut ledger = ledger();
    for at in [0, 1] {
        submit(&mut ledger, at, Some(SubmissionOutcome::Failed), &TERMS);
    }
    for _ in 0..200 {
        submit(&mut ledger, 2, Some(SubmissionOutcome::Succeeded), &TERMS);
    }
    assert_eq!(ledger.submissions.len(), 32);
    assert_eq!(failures_left(&ledger, &hour(3), &TERMS, ALL), 1);
    submit(&mut ledger, 200, Some(SubmissionOutcome::Succeeded), &TERMS);
    assert_eq!(ledger.submissions.len(), 1);
}

#[test]
fn a_full_ledger_is_a_small_file() {
    let mut ledger = ledger();
    for at in 0..200 {
        let place = submit(&mut ledger, 2, Some(SubmissionOutcome::Succeeded), &TERMS);
        ledger.record_code(place, at);
        ledger.forgive("alice", &"why ".repeat(1000), &hour(2));
    }
    let size = ledger.to_bytes().map(|bytes| bytes.len());
    assert!(size.is_ok_and(|size| size < 20_000));
}

#[test]
fn what_is_no_ledger_is_not_read() {
    for unknown in ["", "{}", r#"{"schema":"ib-ledger/3"}"#, "null"] {
        assert!(Ledger::from_bytes(unknown.as_bytes()).is_err(), "{unknown}");
    }
    let bytes = ledger().to_bytes().unwrap_or_default();
    assert_eq!(Ledger::from_bytes(&bytes).ok(), Some(ledger()));
}

#[test]
fn a_method_or_mode_of_another_version_stays_as_it_is() {
    let mut ledger = ledger();
    submit(&mut ledger, 0, None, &TERMS);
    let bytes = ledger.to_bytes().expect("bytes");
    let text = String::from_utf8(bytes).expect("text");
    let known = r#""method":"browser","mode":"paper""#;
    assert!(text.contains(known), "{text}");
    let other = text.replace(known, r#""method":"passkey","mode":"demo""#);
    let ledger = Ledger::from_bytes(other.as_bytes()).expect("a ledger");
    assert_eq!(
        ledger.to_bytes().expect("bytes"),
        other.as_bytes(),
        "{other}"
    );
}
