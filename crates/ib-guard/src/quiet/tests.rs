use super::*;

fn at(text: &str) -> SystemTime {
    let time: Timestamp = text.parse().unwrap_or_else(|error| panic!("{error}"));
    time.into()
}

/// When the window ends, as UTC; empty outside of all windows.
#[track_caller]
fn ends(quiet: &[&str], now: &str) -> String {
    let parse = |text: &&str| text.parse().unwrap_or_else(|cause| panic!("{cause}"));
    let quiet: Vec<Quiet> = quiet.iter().map(parse).collect();
    let text = |end: SystemTime| Timestamp::try_from(end).map(|end| end.to_string());
    until(&quiet, at(now))
        .map(|end| text(end).unwrap_or_else(|error| panic!("{error}")))
        .unwrap_or_default()
}

#[test]
fn a_week_has_its_window_in_the_zones_own_time() {
    let weekend = &["Fri 23:00-Sat 03:00 America/New_York"];
    // In winter New York is five hours behind UTC, in summer four.
    assert_eq!(ends(weekend, "2026-01-17T03:59:59Z"), "");
    assert_eq!(
        ends(weekend, "2026-01-17T04:00:00Z"),
        "2026-01-17T08:00:00Z"
    );
    assert_eq!(
        ends(weekend, "2026-07-18T03:00:00Z"),
        "2026-07-18T07:00:00Z"
    );
    assert_eq!(ends(weekend, "2026-07-18T07:00:00Z"), "");
    assert_eq!(ends(weekend, "2026-01-14T05:00:00Z"), "");
}

#[test]
fn a_window_without_a_day_comes_each_day_and_over_midnight() {
    let night = &["23:30-00:30 Europe/Zurich"];
    assert_eq!(ends(night, "2026-01-14T22:45:00Z"), "2026-01-14T23:30:00Z");
    assert_eq!(ends(night, "2026-01-14T23:15:00Z"), "2026-01-14T23:30:00Z");
    assert_eq!(ends(night, "2026-01-14T23:30:00Z"), "");
}

#[test]
fn a_window_may_be_longer_than_half_a_week() {
    let long = &["Sat 06:00-Thu 06:00 UTC"];
    assert_eq!(ends(long, "2026-01-13T12:00:00Z"), "2026-01-15T06:00:00Z");
    assert_eq!(ends(long, "2026-01-16T12:00:00Z"), "");
    let all_but_an_hour = &["Mon 06:00-Mon 05:00 UTC"];
    assert_eq!(
        ends(all_but_an_hour, "2026-01-12T04:00:00Z"),
        "2026-01-12T05:00:00Z"
    );
}

#[test]
fn windows_that_meet_are_one() {
    let both = &["10:00-11:00 UTC", "10:30-12:00 UTC"];
    assert_eq!(ends(both, "2026-01-14T10:15:00Z"), "2026-01-14T12:00:00Z");
}

#[test]
fn windows_without_an_end_are_cut_off() {
    let always = &["00:00-12:00 UTC,12:00-00:00 UTC"];
    assert!(!ends(always, "2026-01-14T10:15:00Z").is_empty());
}

#[test]
fn ibkr_resets_have_names() {
    let daily = "2026-01-14T05:30:00Z";
    assert_eq!(ends(&["ibkr-america"], daily), "2026-01-14T06:45:00Z");
    assert_eq!(ends(&["ibkr-europe"], daily), "2026-01-14T06:45:00Z");
    assert_eq!(ends(&["ibkr-weekend"], daily), "");
    assert_eq!(
        ends(&["ibkr-weekend,ibkr-asia"], "2026-01-14T12:30:00Z"),
        "2026-01-14T13:15:00Z"
    );
    // On Saturday only the weekend's.
    assert_eq!(ends(&["ibkr-asia"], "2026-01-17T12:30:00Z"), "");
}

#[test]
fn names_what_is_not_a_window() {
    for (text, words) in [
        ("", "not a window"),
        ("ibkr", "ibkr-weekend"),
        ("Fri 23:00", "not a window"),
        ("Fri 23:00-Sat 25:00 UTC", "not a window"),
        ("Fri 9:00-Sat 09:00 UTC", "not a window"),
        ("Freitag 23:00-Sat 03:00 UTC", "not a window"),
        ("Fri 23:00-03:00 UTC", "both ends"),
        ("10:00-10:00 UTC", "ends when it begins"),
        ("10:00-11:00 Europe/Nowhere", "time zone"),
    ] {
        let cause = text.parse::<Quiet>().err().unwrap_or_default();
        assert!(cause.contains(words), "{text}: {cause}");
    }
}
