//! Quiet windows: the times of the week in which nothing unattended is sent.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::str::FromStr;
use std::time::SystemTime;

/// The quiet windows of one `--quiet`.
#[derive(Clone, Debug)]
pub struct Quiet(Vec<Window>);

/// One window, which comes each day or each week.
#[derive(Clone, Debug)]
struct Window {
    from: Edge,
    to: Edge,
    zone: TimeZone,
}

/// Where a window begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edge {
    /// `None` for each day.
    day: Option<Weekday>,
    time: Time,
}

/// How many windows that meet are joined to one: more than a week has of any kind.
const MEETING: usize = 16;

/// The names of the resets that IBKR publishes: "System Status" of interactivebrokers.com, "Server Reset Times". There are
/// daily ones from Sunday to Friday in each region, and one at the weekend for all.
const PUBLISHED: [&str; 4] = ["ibkr-weekend", "ibkr-america", "ibkr-europe", "ibkr-asia"];

/// When the quiet window of this moment ends, windows that meet taken together; `None` outside of all windows.
#[must_use]
pub fn until(quiet: &[Quiet], now: SystemTime) -> Option<SystemTime> {
    let windows = || quiet.iter().flat_map(|quiet| &quiet.0);
    let now = Timestamp::try_from(now).ok()?;
    let mut end = now;
    for _ in 0..MEETING {
        match windows().filter_map(|window| window.end_after(end)).max() {
            Some(later) if later > end => end = later,
            _ => break,
        }
    }
    (end > now).then(|| end.into())
}

impl Window {
    /// When it ends, if this moment is in it.
    fn end_after(&self, now: Timestamp) -> Option<Timestamp> {
        let today = now.to_zoned(self.zone.clone()).date();
        // A window of today, or one that began on a day of the week before and goes on.
        (0..=7).find_map(|days| {
            let began = today.checked_sub(jiff::Span::new().days(days)).ok()?;
            let (from, to) = self.on(began)?;
            (from.timestamp() <= now && now < to.timestamp()).then(|| to.timestamp())
        })
    }

    /// Its two ends, if it begins on this day.
    ///
    /// An hour that the clocks leave out, or have twice, is taken as RFC 5545 takes it.
    fn on(&self, began: Date) -> Option<(Zoned, Zoned)> {
        if self.from.day.is_some_and(|day| day != began.weekday()) {
            return None;
        }
        let days = match self.to.day {
            Some(day) => {
                let days = began.weekday().until(day);
                // The same day, earlier: a week later.
                let is_over = days == 0 && self.to.time <= self.from.time;
                if is_over { 7 } else { days }
            }
            None => i8::from(self.to.time <= self.from.time),
        };
        let ended = began.checked_add(jiff::Span::new().days(days)).ok()?;
        let at = |day: Date, time| day.to_datetime(time).to_zoned(self.zone.clone()).ok();
        Some((at(began, self.from.time)?, at(ended, self.to.time)?))
    }
}

impl FromStr for Quiet {
    type Err = String;

    /// Reads `[DAY] HH:MM-[DAY] HH:MM ZONE`, the name of a published reset, or several of both with commas between.
    fn from_str(text: &str) -> Result<Self, String> {
        let parse = |part: &str| match published(part.trim()) {
            Some(windows) => windows.iter().map(|window| window.parse()).collect(),
            None => Ok(vec![part.trim().parse::<Window>()?]),
        };
        let windows: Result<Vec<Vec<Window>>, String> = text.split(',').map(parse).collect();
        Ok(Self(windows?.concat()))
    }
}

impl FromStr for Window {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = PUBLISHED.join(", ");
        let form = || {
            format!(
                "{text:?} is not a window (such as 'Fri 23:00-Sat 03:00 America/New_York', or one of {names})"
            )
        };
        let (times, zone) = text.rsplit_once(' ').ok_or_else(form)?;
        let (from, to) = times.split_once('-').ok_or_else(form)?;
        let from = edge(from).ok_or_else(form)?;
        let to = edge(to).ok_or_else(form)?;
        if from.day.is_some() != to.day.is_some() {
            return Err("it needs a day at both ends, or at none".to_owned());
        }
        if from == to {
            return Err("it ends when it begins".to_owned());
        }
        let zone = TimeZone::get(zone)
            .map_err(|_| format!("there is no time zone {zone:?} (such as America/New_York)"))?;
        Ok(Self { from, to, zone })
    }
}

/// The windows of a published reset; `None` for any other name.
fn published(name: &str) -> Option<Vec<String>> {
    if name == "ibkr-weekend" {
        return Some(vec!["Fri 23:00-Sat 03:00 America/New_York".to_owned()]);
    }
    let times: &[(&str, &str)] = match name {
        "ibkr-america" => &[("00:15-01:45", "America/New_York")],
        "ibkr-europe" => &[("06:25-07:45", "Europe/Zurich")],
        "ibkr-asia" => &[
            ("04:45-06:05", "Asia/Hong_Kong"),
            ("20:15-21:15", "Asia/Hong_Kong"),
        ],
        _ => return None,
    };
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri"];
    let on = |day: &str| {
        let window = move |(time, zone): &(&str, &str)| {
            let (from, to) = time.split_once('-').unwrap_or_default();
            format!("{day} {from}-{day} {to} {zone}")
        };
        times.iter().map(window).collect::<Vec<_>>()
    };
    Some(days.into_iter().flat_map(on).collect())
}

fn edge(text: &str) -> Option<Edge> {
    let text = text.trim();
    let (day, time) = match text.split_once(' ') {
        Some((day, time)) => (Some(weekday(day)?), time.trim()),
        None => (None, text),
    };
    let (hour, minute) = time.split_once(':')?;
    let number = |digits: &str| (digits.len() == 2).then(|| digits.parse::<i8>().ok())?;
    let time = Time::new(number(hour)?, number(minute)?, 0, 0).ok()?;
    Some(Edge { day, time })
}

fn weekday(name: &str) -> Option<Weekday> {
    match &*name.to_lowercase() {
        "mon" => Some(Weekday::Monday),
        "tue" => Some(Weekday::Tuesday),
        "wed" => Some(Weekday::Wednesday),
        "thu" => Some(Weekday::Thursday),
        "fri" => Some(Weekday::Friday),
        "sat" => Some(Weekday::Saturday),
        "sun" => Some(Weekday::Sunday),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
