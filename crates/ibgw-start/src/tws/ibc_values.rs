//! Values as IBC's config.ini has them.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// A time of the day with AM or PM: `AutoRestartTime`. IBC takes a time in quotes for a time to log off (IBC#318).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClockTime(String);

/// A time of the day from 00:00 to 23:59: `ColdRestartTime`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DayMinute(String);

impl FromStr for ClockTime {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let time = text
            .strip_suffix(" AM")
            .or_else(|| text.strip_suffix(" PM"));
        if time.is_some_and(|time| is_time(time, 1..=12)) {
            Ok(Self(text.to_owned()))
        } else {
            Err("not hh:mm AM or hh:mm PM, such as '11:45 PM'")
        }
    }
}

impl FromStr for DayMinute {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_time(text, 0..=23) {
            Ok(Self(text.to_owned()))
        } else {
            Err("not HH:MM, such as 13:30")
        }
    }
}

fn is_time(text: &str, hours: RangeInclusive<u8>) -> bool {
    let is_in = |digits: &str, range: RangeInclusive<u8>| {
        let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number && digits.parse().is_ok_and(|number| range.contains(&number))
    };
    text.split_once(':')
        .is_some_and(|(hour, minute)| is_in(hour, hours) && is_in(minute, 0..=59))
}

/// A yes or a no of IBC's.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum YesNo {
    /// Clients only read.
    Yes,
    /// Clients may trade.
    No,
}

impl YesNo {
    /// The value for this.
    pub(crate) fn of(is_yes: bool) -> Self {
        if is_yes { Self::Yes } else { Self::No }
    }

    /// The value as the flag and IBC have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Display for DayMinute {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{ClockTime, DayMinute};

    #[test]
    fn takes_times_as_ibc_reads_them_and_no_others() {
        for text in ["11:45 PM", "01:00 AM", "12:00 AM"] {
            assert!(text.parse::<ClockTime>().is_ok(), "{text}");
        }
        for text in [
            "\"11:45 PM\"",
            "23:45",
            "11:45PM",
            "11:45 pm",
            "13:00 PM",
            "1:00 AM",
            "00:10 AM",
            "",
        ] {
            assert!(text.parse::<ClockTime>().is_err(), "{text}");
        }
        assert!("13:30".parse::<DayMinute>().is_ok() && "00:00".parse::<DayMinute>().is_ok());
        for text in ["24:00", "1:30", "13:60", "01:30 PM", "+1:30"] {
            assert!(text.parse::<DayMinute>().is_err(), "{text}");
        }
    }
}
