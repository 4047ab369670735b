//! The second factor, and a session that is renewed with one.

use super::*;

#[test]
fn reports_whether_the_phone_was_asked() {
    assert_eq!(after(&[Event::Window, Event::Credentials]).pushed(), None);
    assert_eq!(
        after(&[Event::Credentials, Event::LoggedIn]).pushed(),
        Some(false)
    );
    let asked = [
        Event::SecondFactor,
        Event::SecondFactorAsked,
        Event::LoggedIn,
    ];
    assert_eq!(after(&asked).pushed(), Some(true));
    // IBC chose a device, or a person did: the same window goes on.
    let mut chosen = after(&[Event::Credentials, Event::SecondFactor]);
    assert_eq!(chosen.observe(&Event::Confirmed, at(1)), WatchStep::Changed);
    assert_eq!(chosen.pushed(), Some(true));
    let by_hand = [Event::SecondFactor, Event::LoggedIn];
    assert_eq!(after(&by_hand).pushed(), Some(true));
    let of_another_window = [Event::Credentials, Event::Confirmed, Event::LoggedIn];
    assert_eq!(after(&of_another_window).pushed(), Some(false));
}

#[test]
fn a_list_of_devices_is_no_notification() {
    let named = Some("12345678".to_owned());
    let mut watch = after(&[Event::Credentials, Event::SecondFactor]);
    assert_eq!(watch.pushed(), None);
    assert_eq!(
        watch.observe(&Event::DeviceAbsent { named }, at(1)),
        WatchStep::End
    );
    assert_eq!(end(&watch), (Phase::Stuck, Some(Reason::DeviceAbsent)));
    assert_eq!(watch.pushed(), None);
    let findings = watch.findings();
    assert_eq!(findings.absent_device.as_deref(), Some("12345678"));
}

#[test]
fn a_session_that_is_to_be_renewed_is_a_login_under_way() {
    let in_it = [
        Event::Credentials,
        Event::SecondFactorAsked,
        Event::LoggedIn,
    ];
    let mut watch = after(&in_it);
    assert_eq!(watch.observe(&Event::Relogin, at(9)), WatchStep::Changed);
    assert_eq!(
        (watch.phase(), watch.pushed(), watch.deadline()),
        (Phase::Credentials, None, Some(at(129)))
    );
    watch.observe(&Event::LoggedIn, at(10));
    assert_eq!(
        (watch.phase(), watch.pushed()),
        (Phase::LoggedIn, Some(false))
    );
    // Refused, it is not the password's fault, which was right.
    watch.observe(&Event::Relogin, at(20));
    watch.observe(&Event::WrongCredentials, at(21));
    assert_eq!(end(&watch), (Phase::Rejected, Some(Reason::TokenRefused)));
    assert!(!watch.has_useless_token(), "nothing is there to remove");
}

/// Of a TWS, whose main window is open, IBC says no second time that the login has completed.
#[test]
fn a_good_probe_says_that_a_session_has_been_renewed() {
    let in_it = [Event::Credentials, Event::LoggedIn, Event::Relogin];
    let mut watch = after(&in_it);
    assert_eq!(watch.served(at(14)), WatchStep::Nothing, "it may fail yet");
    assert_eq!(watch.served(at(15)), WatchStep::Changed);
    assert_eq!(watch.phase(), Phase::Ready);
    // The phone is asked only after that.
    watch.observe(&Event::SecondFactorAsked, at(20));
    watch.observe(&Event::SecondFactorClosed, at(30));
    assert_eq!(watch.served(at(45)), WatchStep::Changed);
    let mut asks = after(&in_it);
    asks.observe(&Event::SecondFactorAsked, at(1));
    assert_eq!(asks.served(at(170)), WatchStep::Nothing, "it was not given");
    asks.observe(&Event::SecondFactorClosed, at(171));
    assert_eq!(asks.served(at(186)), WatchStep::Changed);
    assert_eq!(asks.pushed(), Some(true));
    let mut waits = after(&in_it);
    waits.observe(&dialog(true), at(1));
    assert_eq!(
        waits.served(at(20)),
        WatchStep::Nothing,
        "it waits for an answer"
    );
    // Without a session before it there is nothing to renew.
    let mut first = after(&[TOKEN, Event::Relogin]);
    assert_eq!(first.served(at(20)), WatchStep::Nothing);
}

#[test]
fn a_device_may_be_chosen_before_the_phone_is_asked() {
    let mut watch = after(&[Event::SecondFactor, Event::SecondFactorClosed]);
    assert_eq!(
        watch.observe(&Event::SecondFactor, at(2)),
        WatchStep::Changed
    );
    assert_eq!(watch.phase(), Phase::SecondFactor);
    assert_eq!(watch.deadline(), Some(at(182)));
}
