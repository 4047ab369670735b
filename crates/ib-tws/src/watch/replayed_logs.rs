//! Whole logs, as IBC 3.24 writes them, replayed to the watch.

use super::tests::{at, started};
use super::{Watch, WatchStep};
use crate::course::{CourseReason, Phase};
use crate::ibc_log::event_of;

/// Replays a log, one line a second, until it is over or the watch ends it; gives the phases in order, and how many lines
/// are left.
fn replay(log: &str) -> (Watch, Vec<Phase>, usize) {
    let mut watch = started();
    let mut phases = vec![watch.phase()];
    let mut lines = log.lines();
    for second in 0.. {
        let Some(line) = lines.next() else { break };
        let step = event_of(line).map_or(WatchStep::Nothing, |event| {
            watch.observe(&event, at(second))
        });
        if phases.last() != Some(&watch.phase()) {
            phases.push(watch.phase());
        }
        if step == WatchStep::End {
            break;
        }
    }
    (watch, phases, lines.count())
}

const PAPER: [Phase; 5] = [
    Phase::Starting,
    Phase::Window,
    Phase::Credentials,
    Phase::Loading,
    Phase::LoggedIn,
];

#[test]
fn a_paper_login_goes_through_its_phases() {
    let (watch, phases, left) = replay(include_str!("../ibc_log/paper_login.log"));
    assert_eq!((phases.as_slice(), left), (PAPER.as_slice(), 0));
    assert_eq!((watch.reason(), watch.pushed()), (None, Some(false)));
    assert_eq!(watch.dialogs(), [""; 0]);
}

#[test]
fn the_harmless_trace_changes_nothing() {
    let (watch, phases, left) = replay(include_str!("../ibc_log/gstat_trace.log"));
    assert_eq!((phases.as_slice(), left), (PAPER.as_slice(), 0));
    assert_eq!(watch.reason(), None);
}

#[test]
fn a_live_login_is_logged_in_once_the_phone_approves() {
    let (watch, phases, left) = replay(include_str!("../ibc_log/live_approved.log"));
    let expected = [
        Phase::Starting,
        Phase::Window,
        Phase::Credentials,
        Phase::SecondFactor,
        Phase::SecondFactorAcked,
        Phase::Loading,
        Phase::LoggedIn,
    ];
    assert_eq!((phases.as_slice(), left), (expected.as_slice(), 0));
    assert_eq!((watch.reason(), watch.pushed()), (None, Some(true)));
}

#[test]
fn a_notification_without_an_answer_ends_it() {
    let (watch, _, _) = replay(include_str!("../ibc_log/live_expired.log"));
    let end = (watch.phase(), watch.reason());
    assert_eq!(
        end,
        (Phase::Stopped, Some(CourseReason::SecondFactorExpired))
    );
    assert_eq!(watch.pushed(), Some(true));
}

#[test]
fn a_wrong_password_is_refused_at_once() {
    let (watch, _, left) = replay(include_str!("../ibc_log/wrong_password.log"));
    let end = (watch.phase(), watch.reason());
    assert_eq!(end, (Phase::Rejected, Some(CourseReason::WrongCredentials)));
    assert_eq!((left, watch.pushed()), (0, None));
}

#[test]
fn a_failed_login_ends_before_the_credentials_are_typed_again() {
    let log = include_str!("../ibc_log/login_failed.log");
    let (watch, phases, left) = replay(log);
    let end = (watch.phase(), watch.reason());
    assert_eq!(end, (Phase::Stopped, Some(CourseReason::LoginFailed)));
    assert_eq!(
        phases
            .iter()
            .filter(|&&phase| phase == Phase::Credentials)
            .count(),
        1
    );
    let rest: Vec<_> = log.lines().rev().take(left).collect();
    assert!(rest.iter().any(|line| line.contains("Login attempt")));
}

#[test]
fn a_start_by_token_types_nothing() {
    let (watch, phases, left) = replay(include_str!("../ibc_log/token_restart.log"));
    let again = [
        Phase::Restarting,
        Phase::Window,
        Phase::Loading,
        Phase::LoggedIn,
    ];
    let expected = [PAPER.as_slice(), &again].concat();
    assert_eq!((phases, left), (expected, 0));
    let said = (watch.restarts(), watch.has_token(), watch.reason());
    assert_eq!(said, (1, true, None));
}

#[test]
fn a_stale_token_is_told_from_a_wrong_password() {
    let (watch, _, _) = replay(include_str!("../ibc_log/stale_token.log"));
    let end = (watch.phase(), watch.reason());
    assert_eq!(end, (Phase::Rejected, Some(CourseReason::TokenRefused)));
    assert!(watch.has_token());
}

#[test]
fn it_gives_way_to_another_session_and_ends() {
    let (watch, _, _) = replay(include_str!("../ibc_log/gave_way.log"));
    let end = (watch.phase(), watch.reason());
    assert_eq!(end, (Phase::Stopped, Some(CourseReason::GaveWay)));
    assert_eq!(watch.dialogs(), ["Existing session detected"]);
}

#[test]
fn no_event_ends_a_login_by_hand() {
    for log in [
        include_str!("../ibc_log/live_expired.log"),
        include_str!("../ibc_log/wrong_password.log"),
        include_str!("../ibc_log/login_failed.log"),
        include_str!("../ibc_log/stale_token.log"),
        include_str!("../ibc_log/gave_way.log"),
    ] {
        let mut watch = Watch::manual(at(0));
        for event in log.lines().filter_map(event_of) {
            assert_ne!(watch.observe(&event, at(1)), WatchStep::End, "{event:?}");
        }
        assert!(!watch.phase().is_end(), "{log}");
        assert_eq!(watch.deadline(), None, "{log}");
        assert_eq!(watch.look(at(86_400)), WatchStep::Nothing, "{log}");
    }
}
