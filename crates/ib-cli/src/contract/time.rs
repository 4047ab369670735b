//! Times and durations as every report writes them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The end of the year 9999, in seconds since 1970: RFC 3339 cannot write a later time.
const LAST: u64 = 253_402_300_799;

/// A time as every report has it: RFC 3339, UTC, with `Z`.
///
/// A time before 1970 or after the year 9999 becomes the first or the last that can be written.
#[must_use]
pub fn time(at: SystemTime) -> String {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    time_since_1970(since.as_secs())
}

/// The same for a number of seconds since 1970, whatever the number.
#[must_use]
pub fn time_since_1970(seconds: u64) -> String {
    // humantime panics outside these bounds.
    let at = UNIX_EPOCH + Duration::from_secs(seconds.min(LAST));
    humantime::format_rfc3339_seconds(at).to_string()
}

/// A duration as every report has it: seconds, with up to three decimals.
#[must_use]
pub fn rounded_seconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_a_time_for_every_number() {
        for (seconds, written) in [
            (0, "1970-01-01T00:00:00Z"),
            (1_790_000_000, "2026-09-21T14:13:20Z"),
            (LAST, "9999-12-31T23:59:59Z"),
            (LAST + 1, "9999-12-31T23:59:59Z"),
            (1 << 63, "9999-12-31T23:59:59Z"),
            (u64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(time_since_1970(seconds), written);
            let at = UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
            if let Some(at) = at {
                assert_eq!(time(at), written);
            }
        }
        let before = UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(time(before), "1970-01-01T00:00:00Z");
    }
}
