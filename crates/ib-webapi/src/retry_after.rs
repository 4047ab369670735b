//! How long a server asks us to wait.

use crate::pacing::LONGEST_WAIT;
use std::time::{Duration, SystemTime};

/// Reads a `Retry-After` header: seconds, or the moment to wait for (RFC 9110 10.2.3); a day at most.
///
/// No seconds, a moment that has passed, and anything else are `None`: nobody knows how long.
pub(crate) fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    let wait = match header.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(header)
            .ok()?
            .duration_since(now)
            .ok()?,
    };
    (!wait.is_zero()).then(|| wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::UNIX_EPOCH;

    proptest! {
        #[test]
        fn never_waits_longer_than_a_day(
            header in prop_oneof![
                any::<String>(),
                any::<u128>().prop_map(|number| number.to_string()),
                any::<f64>().prop_map(|number| number.to_string()),
                "[A-Z][a-z]{2}, [0-9]{2} (Jan|Feb|Dec) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT",
            ],
            now in 0..250_000_000_000_u64,
        ) {
            let now = UNIX_EPOCH + Duration::from_secs(now);
            let wait = retry_after(&header, now);
            prop_assert!(wait.is_none_or(|wait| !wait.is_zero() && wait <= LONGEST_WAIT));
            let skew = crate::clock::skew(&header, now);
            // Dates end with the year 9999.
            prop_assert!(skew.is_none_or(|skew| skew.unsigned_abs() < 260_000_000_000));
        }
    }

    #[test]
    fn reads_seconds_and_dates_and_nothing_else() {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (header, expected) in [
            ("30", Some(30)),
            (" 7 ", Some(7)),
            ("0", None),
            ("86401", Some(86_400)),
            ("18446744073709551615", Some(86_400)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(86_400)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:49:36 GMT", None),
            ("-1", None),
            ("soon", None),
            ("99999999999999999999", None),
            ("", None),
        ] {
            let expected = expected.map(Duration::from_secs);
            assert_eq!(retry_after(header, now), expected, "{header:?}");
        }
    }
}
