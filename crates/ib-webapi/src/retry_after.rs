//! How long a server asks us to wait.

use std::time::{Duration, SystemTime};

/// Nobody waits longer than a day, whatever a server asks for.
pub(crate) const LONGEST: Duration = Duration::from_secs(24 * 3600);

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
    (!wait.is_zero()).then(|| wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

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
