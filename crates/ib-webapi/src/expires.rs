//! The two clocks of `EXPIRES`.

use serde_json::{Map, Value};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The clock that a session's end was given by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiresUnit {
    /// Milliseconds since 1970, as the guide to DAM SSO shows it.
    EpochMilliseconds,
    /// Milliseconds that are left, as IBKR's Web API reference and the Gateway have it.
    MillisecondsLeft,
}

/// When a session ends without another call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expires {
    /// The moment, and the clock that it was given by.
    At(SystemTime, ExpiresUnit),
    /// The answer does not say.
    Missing,
    /// The answer says something that is no such moment. Nothing is put in its place: the guide's own example lasts 31
    /// minutes, not the 60 it speaks of.
    Malformed,
}

/// Numbers below are milliseconds left, others milliseconds since 1970: three years, or the year 1973.
const FIRST_EPOCH: u64 = 100_000_000_000;

/// No session of IBKR's had ended when its first clock of milliseconds since 1970 got its 13th digit, in 2001.
const FIRST_END: u64 = 1_000_000_000_000;

/// No session of IBKR's outlasts its nightly reset by days, so that seconds since 1970 are no milliseconds left.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

impl Expires {
    /// Reads the member of an answer that came at `now`.
    pub(crate) fn read(object: &Map<String, Value>, name: &str, now: SystemTime) -> Self {
        let number = match object.get(name) {
            None | Some(Value::Null) => return Self::Missing,
            Some(value) => value.as_u64().filter(|number| *number > 0),
        };
        let found = number
            .filter(|number| !(FIRST_EPOCH..FIRST_END).contains(number))
            .and_then(|number| moment(number, now));
        match found {
            Some((at, unit)) if now.checked_add(LONGEST).is_none_or(|last| at <= last) => {
                Self::At(at, unit)
            }
            _ => Self::Malformed,
        }
    }

    /// Reads the member of an answer of the Gateway, where nothing left is what is left when the session ends just now.
    pub(crate) fn of_gateway(object: &Map<String, Value>, name: &str, now: SystemTime) -> Self {
        match object.get(name).and_then(Value::as_u64) {
            Some(0) => Self::At(now, ExpiresUnit::MillisecondsLeft),
            _ => Self::read(object, name, now),
        }
    }

    /// The moment, if the answer gives one.
    #[must_use]
    pub fn at(self) -> Option<SystemTime> {
        match self {
            Self::At(at, _) => Some(at),
            Self::Missing | Self::Malformed => None,
        }
    }
}

/// Takes time that has passed off a number of milliseconds left; any other value stays as it is.
pub(crate) fn count_down(value: &mut Value, age: Duration) {
    let is_left = |left: &u64| Duration::from_millis(*left) <= LONGEST;
    let Some(left) = value.as_u64().filter(is_left) else {
        return;
    };
    let age = u64::try_from(age.as_millis()).unwrap_or(u64::MAX);
    *value = left.saturating_sub(age).into();
}

/// The moment that a number stands for, and its clock.
fn moment(number: u64, now: SystemTime) -> Option<(SystemTime, ExpiresUnit)> {
    let (from, unit) = if number < FIRST_EPOCH {
        (now, ExpiresUnit::MillisecondsLeft)
    } else {
        (UNIX_EPOCH, ExpiresUnit::EpochMilliseconds)
    };
    Some((from.checked_add(Duration::from_millis(number))?, unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: u64 = 1_666_709_248;

    fn read(number: &str) -> Expires {
        let text = format!(r#"{{"EXPIRES":{number}}}"#);
        let object = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        Expires::read(&object, "EXPIRES", UNIX_EPOCH + Duration::from_secs(NOW))
    }

    proptest! {
        /// Whatever IBKR sends, at whatever time: a moment that a report has room for, or none.
        #[test]
        fn makes_a_time_that_can_be_written_of_every_number(
            number in prop_oneof![
                any::<u64>().prop_map(Value::from),
                any::<i64>().prop_map(Value::from),
                any::<f64>().prop_map(Value::from),
                any::<String>().prop_map(Value::from),
                (0..64_u32).prop_map(|shift| Value::from(u64::MAX >> shift)),
            ],
            now in 0..250_000_000_000_u64,
        ) {
            let now = UNIX_EPOCH + Duration::from_secs(now);
            let object = Map::from_iter([("end".to_owned(), number)]);
            for expires in [Expires::read(&object, "end", now), Expires::of_gateway(&object, "end", now)] {
                if let Some(at) = expires.at() {
                    prop_assert!(at <= now + LONGEST);
                    prop_assert_eq!(ib_cli::time(at).len(), "1970-01-01T00:00:00Z".len());
                }
            }
        }
    }

    #[test]
    fn takes_both_clocks() {
        let at = |milliseconds| UNIX_EPOCH + Duration::from_millis(milliseconds);
        for (number, milliseconds, unit) in [
            // The guide's example, and that of IBKR's reference.
            (
                "1666711150728",
                1_666_711_150_728,
                ExpiresUnit::EpochMilliseconds,
            ),
            (
                "415890",
                NOW * 1000 + 415_890,
                ExpiresUnit::MillisecondsLeft,
            ),
            ("1", NOW * 1000 + 1, ExpiresUnit::MillisecondsLeft),
            (
                "1000000000000",
                1_000_000_000_000,
                ExpiresUnit::EpochMilliseconds,
            ),
        ] {
            assert_eq!(
                read(number),
                Expires::At(at(milliseconds), unit),
                "{number}"
            );
        }
    }

    #[test]
    fn puts_nothing_in_the_place_of_what_is_no_moment() {
        for number in [
            "0",
            "-1",
            "-1666711150728",
            "\"1666711150728\"",
            "415890.5",
            "1.6667e12",
            "true",
            "[]",
            "{}",
            // Seconds since 1970; 1973; 2^63; the year 5138; more than 64 bits.
            "1666711150",
            "100000000000",
            "9223372036854775808",
            "99999999999999",
            "18446744073709551615",
            "36893488147419103232",
            "1e300",
        ] {
            assert_eq!(read(number), Expires::Malformed, "{number}");
        }
        assert_eq!(read("null"), Expires::Missing);
        let nothing = Map::new();
        assert_eq!(
            Expires::read(&nothing, "EXPIRES", UNIX_EPOCH),
            Expires::Missing
        );
    }
}
