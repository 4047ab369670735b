//! How long a server asks us to wait.

use std::time::{Duration, SystemTime};

/// Reads a `Retry-After` header: seconds, or the moment to wait for (RFC 9110 10.2.3).
///
/// A moment that has passed, and anything else, is `None`: nobody knows how long.
pub(crate) fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    httpdate::parse_http_date(header)
        .ok()?
        .duration_since(now)
        .ok()
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
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
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
