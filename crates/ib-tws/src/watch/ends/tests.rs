use crate::course::{CourseReason as Reason, Phase};
use crate::ibc_event::IbcEvent as Event;
use crate::watch::tests::{NO_TOKEN, TOKEN, after, at, dialog, end, too_many};
use crate::watch::{Watch, WatchStep};
use std::time::Duration;

#[test]
fn what_cannot_go_on_ends_it_at_once() {
    for (event, phase, reason) in [
        (
            Event::WrongCredentials,
            Phase::Rejected,
            Reason::WrongCredentials,
        ),
        (too_many(None), Phase::Rejected, Reason::Locked),
        (too_many(Some(at(53))), Phase::Stopped, Reason::WaitAsked),
        (
            Event::DeviceAbsent { named: None },
            Phase::Stuck,
            Reason::DeviceAbsent,
        ),
        (Event::PasskeyWanted, Phase::Rejected, Reason::PasskeyWanted),
        (
            Event::SecondFactorExpired,
            Phase::Stopped,
            Reason::SecondFactorExpired,
        ),
        (Event::GaveWay, Phase::Stopped, Reason::GaveWay),
        (Event::ChoiceWanted, Phase::Stuck, Reason::ChoiceWanted),
        (Event::LoginFailed, Phase::Stopped, Reason::LoginFailed),
        (Event::ColdRestart, Phase::Stopped, Reason::ColdRestart),
    ] {
        let mut watch = after(&[NO_TOKEN, Event::Window, Event::Credentials]);
        assert_eq!(watch.observe(&event, at(3)), WatchStep::End, "{event:?}");
        assert_eq!(end(&watch), (phase, Some(reason)), "{event:?}");
        assert_eq!(watch.since, at(3));
    }
}

#[test]
fn an_end_stays() {
    let mut watch = after(&[]);
    watch.observe(&Event::ColdRestart, at(1));
    for event in [Event::LoggedIn, Event::WrongCredentials, Event::Restarting] {
        assert_eq!(
            watch.observe(&event, at(2)),
            WatchStep::Nothing,
            "{event:?}"
        );
    }
    assert_eq!(watch.look(at(9_999)), WatchStep::Nothing);
    assert_eq!(watch.served(at(2)), WatchStep::Nothing);
    assert_eq!(watch.request_end(Reason::Told), WatchStep::Nothing);
    assert_eq!(watch.ended(88, at(2)), WatchStep::Nothing);
    assert_eq!(end(&watch), (Phase::Stopped, Some(Reason::ColdRestart)));
    assert_eq!((watch.since, watch.deadline()), (at(1), None));
}

#[test]
fn credentials_are_never_typed_twice() {
    let typed = [NO_TOKEN, Event::Window, Event::Credentials];
    let by_token = [Event::LoggedIn, TOKEN, Event::Restarting, Event::Window];
    for between in [[].as_slice(), &by_token] {
        let mut watch = after(&[&typed, between].concat());
        assert_eq!(watch.observe(&Event::Credentials, at(9)), WatchStep::End);
        assert_eq!(end(&watch), (Phase::Stopped, Some(Reason::ColdRestart)));
    }
}

#[test]
fn only_a_token_is_tried_again() {
    let mut watch = after(&[NO_TOKEN, Event::Window, Event::Credentials, Event::LoggedIn]);
    assert_eq!(watch.observe(&Event::Restarting, at(9)), WatchStep::End);
    assert_eq!(end(&watch), (Phase::Stopped, Some(Reason::ColdRestart)));
    let mut watch = after(&[NO_TOKEN]);
    assert_eq!(watch.observe(&Event::Restarting, at(60)), WatchStep::End);
    assert_eq!(end(&watch), (Phase::Stuck, Some(Reason::NoWindow)));
}

#[test]
fn the_token_is_tried_three_times_in_ten_minutes_without_a_login() {
    let mut watch = after(&[TOKEN]);
    for second in [1, 2, 3] {
        assert_eq!(
            watch.observe(&Event::Restarting, at(second)),
            WatchStep::Changed
        );
        assert_eq!(watch.phase(), Phase::Restarting);
    }
    assert_eq!(watch.restarts(), 3);
    assert_eq!(watch.observe(&Event::Restarting, at(4)), WatchStep::End);
    assert_eq!(end(&watch), (Phase::Stuck, Some(Reason::TooManyRestarts)));
}

#[test]
fn tries_are_forgotten_after_ten_minutes_or_a_login() {
    let mut watch = after(&[TOKEN]);
    for minutes in 0..20 {
        let step = watch.observe(&Event::Restarting, at(minutes * 240));
        assert_eq!(
            step,
            WatchStep::Changed,
            "after {minutes} times four minutes"
        );
    }
    let mut watch = after(&[TOKEN]);
    for second in 0..20 {
        assert_eq!(
            watch.observe(&Event::Restarting, at(second)),
            WatchStep::Changed
        );
        assert_eq!(
            watch.observe(&Event::LoggedIn, at(second)),
            WatchStep::Changed
        );
    }
    assert_eq!(watch.restarts(), 20);
}

#[test]
fn each_phase_has_its_time() {
    let second_factor = [Event::Window, Event::Credentials, Event::SecondFactor];
    let acked = [Event::SecondFactor, Event::SecondFactorClosed];
    for (events, seconds, phase, reason) in [
        ([].as_slice(), 90, Phase::Stuck, Reason::NoWindow),
        (
            &[TOKEN, Event::Restarting],
            90,
            Phase::Stuck,
            Reason::NoWindow,
        ),
        (&[Event::Window], 120, Phase::Stuck, Reason::NoProgress),
        (
            &[Event::Window, Event::Credentials],
            120,
            Phase::Stuck,
            Reason::NoProgress,
        ),
        (
            &second_factor,
            180,
            Phase::Stopped,
            Reason::SecondFactorExpired,
        ),
        (&acked, 60, Phase::Stuck, Reason::SecondFactorStuck),
        (&[Event::Loading], 120, Phase::Stuck, Reason::NoProgress),
    ] {
        let mut watch = after(events);
        assert_eq!(watch.deadline(), Some(at(seconds)), "{events:?}");
        let before = at(seconds) - Duration::from_nanos(1);
        assert_eq!(watch.look(before), WatchStep::Nothing, "{events:?}");
        assert_eq!(watch.look(at(seconds)), WatchStep::End, "{events:?}");
        assert_eq!(end(&watch), (phase, Some(reason)), "{events:?}");
    }
}

#[test]
fn after_the_login_there_is_no_deadline() {
    let mut watch = after(&[Event::LoggedIn]);
    for _ in 0..2 {
        assert_eq!(
            (watch.deadline(), watch.look(at(9_999))),
            (None, WatchStep::Nothing)
        );
        watch.served(at(1));
    }
}

#[test]
fn an_unknown_dialog_has_thirty_seconds() {
    let mut watch = after(&[Event::Window]);
    assert_eq!(watch.observe(&dialog(true), at(10)), WatchStep::Changed);
    assert_eq!(
        (watch.dialogs(), watch.deadline()),
        (["What".to_owned()].as_slice(), Some(at(40)))
    );
    assert_eq!(watch.look(at(39)), WatchStep::Nothing);
    assert_eq!(watch.look(at(40)), WatchStep::End);
    assert_eq!(end(&watch), (Phase::Stuck, Some(Reason::UnknownDialog)));
    assert_eq!(watch.dialogs(), ["What"]);
}

#[test]
fn what_was_told_to_end_does_not_start_again() {
    for mut watch in [after(&[TOKEN]), Watch::manual(at(0))] {
        watch.request_end(Reason::Told);
        assert_eq!(watch.observe(&Event::Restarting, at(1)), WatchStep::End);
        assert_eq!(end(&watch), (Phase::Stopped, Some(Reason::Told)));
    }
}
