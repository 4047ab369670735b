//! Times as IBC's config.ini has them.

use std::fmt;
use std::str::FromStr;

/// A time of the day with AM or PM: `AutoRestartTime`. IBC takes one in quotes for a time to log off (IBC#318).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockTime(String);

/// A time of the day from 00:00 to 23:59: `ColdRestartTime`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minute(String);

impl FromStr for ClockTime {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let told = || {
            let (time, half) = text.split_once(' ')?;
            let (hour, minute) = time.split_once(':')?;
            let is_half = matches!(half, "AM" | "PM");
            (is_half && two_digits(hour, 1..=12)? && two_digits(minute, 0..=59)?).then_some(())
        };
        told()
            .map(|()| Self(text.to_owned()))
            .ok_or("not hh:mm AM or hh:mm PM, such as '11:45 PM'")
    }
}

impl FromStr for Minute {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let told = || {
            let (hour, minute) = text.split_once(':')?;
            (two_digits(hour, 0..=23)? && two_digits(minute, 0..=59)?).then_some(())
        };
        told()
            .map(|()| Self(text.to_owned()))
            .ok_or("not HH:MM, such as 13:30")
    }
}

fn two_digits(text: &str, range: std::ops::RangeInclusive<u8>) -> Option<bool> {
    let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    Some(is_number && range.contains(&text.parse().ok()?))
}

impl fmt::Display for ClockTime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Display for Minute {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{ClockTime, Minute};

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
        assert!("13:30".parse::<Minute>().is_ok() && "00:00".parse::<Minute>().is_ok());
        for text in ["24:00", "1:30", "13:60", "01:30 PM", "+1:30"] {
            assert!(text.parse::<Minute>().is_err(), "{text}");
        }
    }
}
