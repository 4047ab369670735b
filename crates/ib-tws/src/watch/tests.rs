mod second_factor;

use super::*;
use CourseReason as Reason;
use IbcEvent as Event;

pub(super) fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(super) fn started() -> Watch {
    Watch::new(Limits::default(), at(0))
}

/// A start after these events, all at its beginning.
pub(super) fn after(events: &[Event]) -> Watch {
    let mut watch = started();
    for event in events {
        assert_ne!(watch.observe(event, at(0)), WatchStep::End, "{event:?}");
    }
    watch
}

pub(super) fn end(watch: &Watch) -> (Phase, Option<Reason>) {
    (watch.phase(), watch.reason())
}

pub(super) fn dialog(is_open: bool) -> Event {
    let title = "What".to_owned();
    Event::Dialog { title, is_open }
}

pub(super) fn too_many(wait: Option<Duration>) -> Event {
    let text = "Too many failed login attempts.".to_owned();
    Event::TooManyAttempts { text, wait }
}

pub(super) const TOKEN: Event = Event::Starting { has_token: true };
pub(super) const NO_TOKEN: Event = Event::Starting { has_token: false };

#[test]
fn a_repeated_event_changes_nothing() {
    let mut watch = after(&[Event::Window, Event::Credentials, Event::SecondFactor]);
    assert_eq!(watch.observe(&Event::Window, at(5)), WatchStep::Nothing);
    assert_eq!(
        watch.observe(&Event::SecondFactor, at(5)),
        WatchStep::Nothing
    );
    assert_eq!(watch.deadline(), Some(at(180)));
    watch.observe(&Event::Loading, at(6));
    assert_eq!(watch.observe(&Event::Loading, at(7)), WatchStep::Nothing);
    assert_eq!(watch.since, at(6));
    watch.observe(&Event::LoggedIn, at(8));
    for event in [Event::LoggedIn, Event::Loading, Event::SecondFactorClosed] {
        assert_eq!(
            watch.observe(&event, at(9)),
            WatchStep::Nothing,
            "{event:?}"
        );
    }
    assert_eq!(watch.phase(), Phase::LoggedIn);
}

#[test]
fn what_ibc_did_not_take_is_kept_once_and_ends_nothing() {
    let untaken = |words: &str| {
        let words = words.to_owned();
        Event::SettingNotTaken { words }
    };
    let mut watch = after(&[Event::Window, untaken("a"), untaken("b")]);
    assert_eq!(watch.observe(&untaken("a"), at(1)), WatchStep::Nothing);
    assert_eq!(watch.observe(&untaken("c"), at(1)), WatchStep::Changed);
    assert_eq!(watch.findings().settings_not_taken, ["a", "b", "c"]);
    assert_eq!(watch.phase(), Phase::Window);
}

#[test]
fn a_dialog_that_closes_is_forgotten() {
    let mut watch = after(&[Event::Window, dialog(true), dialog(true)]);
    assert_eq!(watch.observe(&dialog(false), at(1)), WatchStep::Changed);
    assert_eq!(watch.dialogs(), ["What"]);
    watch.observe(&dialog(false), at(1));
    assert_eq!(
        (watch.dialogs().len(), watch.deadline()),
        (0, Some(at(120)))
    );
    assert_eq!(watch.observe(&dialog(false), at(2)), WatchStep::Nothing);
    let watch = after(&[TOKEN, dialog(true), Event::Restarting]);
    assert_eq!(watch.dialogs(), [""; 0], "it ended with its program");
}

#[test]
fn dialogs_without_end_take_no_more_room() {
    let mut watch = after(&[Event::LoggedIn]);
    for _ in 0..1000 {
        watch.observe(&dialog(true), at(1));
    }
    assert_eq!(watch.dialogs().len(), 32);
}

#[test]
fn after_the_login_a_dialog_is_only_listed() {
    let mut watch = after(&[Event::LoggedIn, dialog(true)]);
    assert_eq!(
        (watch.deadline(), watch.look(at(9_999))),
        (None, WatchStep::Nothing)
    );
    assert_eq!(watch.dialogs(), ["What"]);
}

#[test]
fn the_probe_says_whether_it_is_ready() {
    let mut watch = after(&[Event::Loading]);
    assert_eq!(
        watch.served(at(1)),
        WatchStep::Nothing,
        "not before the login"
    );
    watch.observe(&Event::LoggedIn, at(2));
    assert_eq!(
        watch.not_served(at(3)),
        WatchStep::Nothing,
        "it never was ready"
    );
    assert_eq!(
        (watch.served(at(4)), watch.phase()),
        (WatchStep::Changed, Phase::Ready)
    );
    assert_eq!(watch.served(at(5)), WatchStep::Nothing);
    assert_eq!(
        (watch.not_served(at(6)), watch.phase()),
        (WatchStep::Changed, Phase::Degraded)
    );
    assert_eq!(watch.not_served(at(7)), WatchStep::Nothing);
    assert_eq!(
        (watch.served(at(8)), watch.phase()),
        (WatchStep::Changed, Phase::Ready)
    );
}

#[test]
fn the_reason_it_was_given_is_why_it_ended() {
    let mut watch = after(&[Event::Window]);
    assert_eq!(watch.request_end(Reason::Told), WatchStep::Changed);
    assert_eq!(watch.request_end(Reason::Told), WatchStep::Nothing);
    assert_eq!(end(&watch), (Phase::Window, Some(Reason::Told)));
    assert_eq!(
        (watch.deadline(), watch.look(at(9_999))),
        (None, WatchStep::Nothing)
    );
    assert_eq!(watch.ended(143, at(5)), WatchStep::End);
    assert_eq!(end(&watch), (Phase::Stopped, Some(Reason::Told)));
}

#[test]
fn the_log_shows_a_request_to_end_too() {
    for (event, reason) in [
        (Event::ToldToStop, Reason::Told),
        (Event::Paused, Reason::Paused),
    ] {
        let mut watch = after(&[Event::LoggedIn]);
        assert_eq!(
            watch.observe(&event, at(1)),
            WatchStep::Changed,
            "{event:?}"
        );
        assert_eq!(watch.observe(&Event::Finished, at(1)), WatchStep::Nothing);
        assert_eq!(watch.ended(0, at(2)), WatchStep::End);
        assert_eq!(end(&watch), (Phase::Stopped, Some(reason)));
    }
}

#[test]
fn the_first_command_is_pending_until_it_is_done() {
    let mut watch = after(&[Event::LoggedIn]);
    let restart = Event::CommandPending(PendingCommand::Restart);
    assert_eq!(watch.observe(&restart, at(1)), WatchStep::Changed);
    let pause = Event::CommandPending(PendingCommand::Pause);
    assert_eq!(watch.observe(&pause, at(2)), WatchStep::Nothing);
    assert_eq!(watch.pending(), Some(PendingCommand::Restart));
    let token = Event::Starting { has_token: true };
    watch.observe(&token, at(60));
    watch.observe(&Event::Restarting, at(60));
    assert_eq!(watch.pending(), None);
}

#[test]
fn a_status_says_why_it_ended_by_itself() {
    for (status, phase, reason) in [
        (0, Phase::Stopped, Reason::Ended),
        (4, Phase::Stopped, Reason::Ended),
        (87, Phase::Stuck, Reason::SecondFactorStuck),
        (88, Phase::Stuck, Reason::NoWindow),
        (137, Phase::Stopped, Reason::Ended),
    ] {
        for mut watch in [after(&[Event::Window]), Watch::manual(at(0))] {
            assert_eq!(watch.ended(status, at(1)), WatchStep::End, "{status}");
            assert_eq!(end(&watch), (phase, Some(reason)), "{status}");
        }
    }
}

#[test]
fn a_person_may_try_as_often_as_it_takes() {
    let mut watch = Watch::manual(at(0));
    for event in [
        Event::Window,
        Event::WrongCredentials,
        Event::Restarting,
        Event::Window,
    ] {
        assert_ne!(watch.observe(&event, at(1)), WatchStep::End, "{event:?}");
    }
    assert_eq!(watch.observe(&Event::LoggedIn, at(999)), WatchStep::Changed);
    assert_eq!(watch.served(at(1_000)), WatchStep::Changed);
    assert_eq!(end(&watch), (Phase::Ready, None));
}
