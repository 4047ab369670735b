//! When the tool asks the token host again within one run.
//!
//! After a 429 the wait is the one that IBKR names in `Retry-After`. A 429 without that header ends the run, and the
//! error asks the caller to wait for [`ib_webapi::PENALTY`]. After other failures the wait is [`full_jitter`].

use ib_webapi::{RetryAdvice, full_jitter};
use std::time::Duration;

/// How many attempts one run makes at most.
const ATTEMPTS: u32 = 3;

/// The attempts of this run so far.
#[derive(Default)]
pub(crate) struct Tries {
    made: u32,
    /// How many of them were sent and had an unknown outcome.
    unclear: u32,
}

impl Tries {
    /// How much of the time left the next attempt may take.
    ///
    /// A silent server must leave time for the attempt after it. A slow server needs time: IBKR may issue a token for
    /// an attempt that the tool cuts off, and that token is lost.
    pub(crate) fn share(&self, left: Duration) -> Duration {
        let is_last = self.made + 1 == ATTEMPTS || self.unclear > 0;
        if is_last { left } else { left / 2 }
    }

    /// How long to wait before the next attempt; `None` when there is none.
    pub(crate) fn next(&mut self, retry: RetryAdvice, left: Duration) -> Option<Duration> {
        self.made += 1;
        let wait = match retry {
            RetryAdvice::Never => return None,
            RetryAdvice::Backoff => full_jitter(self.made),
            RetryAdvice::Once => {
                self.unclear += 1;
                // IBKR may have issued a lost token for each of them. After two, the tool stops.
                if self.unclear > 1 {
                    return None;
                }
                full_jitter(self.made)
            }
            RetryAdvice::After(wait) => wait,
        };
        (self.made < ATTEMPTS && wait < left).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    /// How many attempts are made when each ends like this, one after the other.
    fn attempts(ends: &[RetryAdvice], left: Duration) -> usize {
        let mut tries = Tries::default();
        let goes_on = ends
            .iter()
            .take_while(|end| tries.next(**end, left).is_some());
        1 + goes_on.count()
    }

    #[test]
    fn asks_as_often_as_may_help_and_no_more() {
        use RetryAdvice::{After, Backoff, Never, Once};
        let soon = After(Duration::from_secs(7));
        for (ends, expected) in [
            (&[Never; 9], 1),
            (&[Backoff; 9], 3),
            (&[Once; 9], 2),
            (&[soon; 9], 3),
            (&[After(MINUTE); 9], 1),
            (
                &[
                    Backoff, Once, Once, Never, Never, Never, Never, Never, Never,
                ],
                3,
            ),
            (
                &[
                    Once, Backoff, Once, Never, Never, Never, Never, Never, Never,
                ],
                3,
            ),
            (&[Once, Never, Once, Once, Once, Once, Once, Once, Once], 2),
        ] {
            assert_eq!(attempts(ends, MINUTE), expected, "{ends:?}");
        }
        assert_eq!(attempts(&[Backoff; 9], Duration::ZERO), 1);
    }

    #[test]
    fn gives_the_last_attempt_all_that_is_left_and_the_others_half() {
        let half = MINUTE / 2;
        for (ends, shares) in [
            (&[][..], half),
            (&[RetryAdvice::Backoff], half),
            (&[RetryAdvice::Once], MINUTE),
            (&[RetryAdvice::Backoff, RetryAdvice::Backoff], MINUTE),
        ] {
            let mut tries = Tries::default();
            for end in ends {
                tries.next(*end, MINUTE);
            }
            assert_eq!(tries.share(MINUTE), shares, "{ends:?}");
        }
    }

    #[test]
    fn waits_as_long_as_ibkr_asks() {
        let seven = Duration::from_secs(7);
        assert_eq!(
            Tries::default().next(RetryAdvice::After(seven), MINUTE),
            Some(seven)
        );
    }
}
