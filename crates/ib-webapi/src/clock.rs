//! How far this clock and a server's are apart.

use std::time::{Duration, SystemTime};

/// How many seconds this clock is ahead of a `Date` header, negative when it is behind; `None` when that is no date.
pub(crate) fn skew(date: &str, now: SystemTime) -> Option<i64> {
    let theirs = httpdate::parse_http_date(date).ok()?;
    let seconds = |difference: Duration| i64::try_from(difference.as_secs()).ok();
    match now.duration_since(theirs) {
        Ok(ahead) => seconds(ahead),
        Err(behind) => seconds(behind.duration()).map(|seconds| -seconds),
    }
}
