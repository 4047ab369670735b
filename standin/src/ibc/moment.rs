//! Moments as IBC writes them. In UTC, where the real one takes the machine's zone.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// `yyyy-MM-dd HH:mm:ss:SSS`, as it begins a line of the log.
pub(crate) fn stamp() -> String {
    let passed = since_1970(SystemTime::now());
    let millis = passed.subsec_millis();
    let (year, month, day) = date(passed.as_secs() / 86_400);
    let (hour, minute) = clock(passed);
    let second = passed.as_secs() % 60;
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}:{millis:03}")
}

/// `hh:mm AM`, of the minute after this one.
pub(crate) fn next_minute() -> String {
    let (hour, minute) = clock(since_1970(SystemTime::now()) + Duration::from_secs(60));
    let half = if hour < 12 { "AM" } else { "PM" };
    let hour = (hour + 11) % 12 + 1;
    format!("{hour:02}:{minute:02} {half}")
}

fn since_1970(moment: SystemTime) -> Duration {
    moment.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn clock(passed: Duration) -> (u64, u64) {
    let minutes = passed.as_secs() / 60;
    (minutes / 60 % 24, minutes % 60)
}

/// The date that is this number of days after 1 January 1970.
fn date(mut days: u64) -> (u64, u64, u64) {
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [
        31,
        28 + u64::from(is_leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let mut month = 1;
    for length in lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn counts_days() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(date(20_783), (2026, 11, 26));
        assert_eq!(date(20_818), (2026, 12, 31));
        assert_eq!(date(20_819), (2027, 1, 1));
    }
}
