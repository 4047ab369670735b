//! When IBKR may be asked again: a pure function of the stored answer and the time.

use ib_webapi::{Expires, Reply, SsoState, TokenValidation, VALIDATE_PACE};
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The last call for one token, as it is stored.
#[derive(Serialize, Deserialize)]
pub(crate) struct LastValidation {
    pub(crate) schema: String,
    /// When the call was made, or answered.
    pub(crate) asked_at_ms: u64,
    /// IBKR's answer; `None` when there was none, or an unknown one.
    pub(crate) reply: Option<Reply>,
}

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PaceDecision {
    /// Ask IBKR.
    Ask,
    /// Use the answer that IBKR gave at this moment.
    Take(SystemTime),
    /// Wait for this time, then ask.
    Wait(Duration),
}

pub(crate) const SCHEMA: &str = "ibsso-validate-pace/1";

impl LastValidation {
    pub(crate) fn new(at: SystemTime, reply: Option<Reply>) -> Self {
        let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            schema: SCHEMA.to_owned(),
            asked_at_ms: u64::try_from(since.as_millis()).unwrap_or_default(),
            reply,
        }
    }

    pub(crate) fn asked_at(&self) -> SystemTime {
        let since = Duration::from_millis(self.asked_at_ms);
        UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
    }
}

/// What to do when the last call was made at `asked_at` and `last` was its answer; `None` is an unknown one.
pub(crate) fn decide(
    asked_at: SystemTime,
    last: Option<&TokenValidation>,
    now: SystemTime,
) -> PaceDecision {
    let known = last.filter(|last| is_known(last));
    let hold = known
        .and_then(|last| last.outcome.retry_after)
        .unwrap_or_default()
        .max(VALIDATE_PACE);
    match (rest(asked_at, hold, now), known) {
        (None, _) => PaceDecision::Ask,
        (Some(_), Some(last)) if !is_over(last, now) => PaceDecision::Take(asked_at),
        (Some(rest), _) => PaceDecision::Wait(rest),
    }
}

/// The rest of a wait that began at `since`; `None` when it is over.
pub(crate) fn rest(since: SystemTime, wait: Duration, now: SystemTime) -> Option<Duration> {
    let age = match now.duration_since(since) {
        Ok(age) => age,
        // The clock was set back. If only a little, the wait counts from now. If more, its beginning is unknown.
        Err(ahead) if ahead.duration() <= wait => Duration::ZERO,
        Err(_) => return None,
    };
    wait.checked_sub(age).filter(|rest| !rest.is_zero())
}

/// Whether this is an answer of IBKR's that holds for a minute.
pub(crate) fn is_known(validation: &TokenValidation) -> bool {
    matches!(
        validation.outcome.state,
        SsoState::Valid | SsoState::Invalid | SsoState::Refused | SsoState::Unavailable
    )
}

/// Whether a token that was valid has ended since.
fn is_over(validation: &TokenValidation, now: SystemTime) -> bool {
    let expires = validation.about.as_ref().map(|about| about.expires);
    matches!(expires, Some(Expires::At(end, _)) if end <= now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ib_webapi::TokenOutcome;

    const NOW: u64 = 1_700_000_000;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn outcome(state: SsoState, retry_after: Option<u64>) -> TokenValidation {
        TokenValidation {
            outcome: TokenOutcome::new(state, "").after(retry_after.map(Duration::from_secs)),
            about: None,
        }
    }

    /// The decision this many seconds after the last call.
    fn after(seconds: i64, last: Option<&TokenValidation>) -> PaceDecision {
        decide(at(NOW), last, at(NOW.saturating_add_signed(seconds)))
    }

    #[test]
    fn asks_once_a_minute() {
        let valid = outcome(SsoState::Valid, None);
        assert_eq!(after(0, Some(&valid)), PaceDecision::Take(at(NOW)));
        assert_eq!(after(59, Some(&valid)), PaceDecision::Take(at(NOW)));
        assert_eq!(after(60, Some(&valid)), PaceDecision::Ask);
        assert_eq!(after(59, None), PaceDecision::Wait(Duration::from_secs(1)));
        assert_eq!(after(60, None), PaceDecision::Ask);
    }

    #[test]
    fn takes_what_is_known_and_waits_after_what_is_not() {
        for (state, takes) in [
            (SsoState::Valid, true),
            (SsoState::Invalid, true),
            (SsoState::Refused, true),
            (SsoState::Unavailable, true),
            (SsoState::Unknown, false),
            (SsoState::TimedOut, false),
        ] {
            let decision = after(10, Some(&outcome(state, None)));
            let expected = if takes {
                PaceDecision::Take(at(NOW))
            } else {
                PaceDecision::Wait(Duration::from_secs(50))
            };
            assert_eq!(decision, expected, "{state:?}");
        }
    }

    #[test]
    fn waits_as_long_as_ibkr_asks_and_never_less_than_the_minute() {
        let penalty = outcome(SsoState::Unavailable, Some(900));
        assert_eq!(after(899, Some(&penalty)), PaceDecision::Take(at(NOW)));
        assert_eq!(after(900, Some(&penalty)), PaceDecision::Ask);
        let soon = outcome(SsoState::Unavailable, Some(7));
        assert_eq!(after(59, Some(&soon)), PaceDecision::Take(at(NOW)));
    }

    #[test]
    fn is_not_held_for_ever_by_a_clock_that_was_put_back() {
        let valid = outcome(SsoState::Valid, None);
        assert_eq!(after(-1, None), PaceDecision::Wait(Duration::from_secs(60)));
        assert_eq!(after(-60, Some(&valid)), PaceDecision::Take(at(NOW)));
        assert_eq!(after(-61, Some(&valid)), PaceDecision::Ask);
        assert_eq!(after(-86_400, None), PaceDecision::Ask);
    }
}
