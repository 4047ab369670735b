//! Asking again, when nothing of what was asked has been sent.

use crate::backoff::full_jitter;
use crate::failure::Failure;
use ib_proc::Deadline;

/// How often something is asked at most.
const ATTEMPTS: u32 = 3;

/// Makes up to three attempts, but no further one once anything may have been sent.
pub(crate) fn while_unsent<T>(
    deadline: Deadline,
    mut attempt: impl FnMut() -> Result<T, Failure>,
) -> Result<T, Failure> {
    for failures in 1..ATTEMPTS {
        match attempt() {
            Err(failure) if is_worth_another(&failure) && deadline.pause(full_jitter(failures)) => {
            }
            done => return done,
        }
    }
    attempt()
}

/// A certificate that is not accepted is not accepted a second later either.
fn is_worth_another(failure: &Failure) -> bool {
    !failure.may_have_been_sent() && !matches!(failure, Failure::Untrusted(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn attempts(failure: fn() -> Failure, timeout: Duration) -> usize {
        let mut count = 0;
        let done: Result<(), Failure> = while_unsent(Deadline::after(timeout), || {
            count += 1;
            Err(failure())
        });
        assert!(done.is_err());
        count
    }

    #[test]
    fn makes_three_attempts_while_nothing_is_sent() {
        for failure in [
            || Failure::Down(String::new()),
            || Failure::Tls(String::new()),
            || Failure::TimedOut { connected: false },
        ] {
            assert_eq!(attempts(failure, Duration::from_secs(60)), 3);
        }
    }

    #[test]
    fn makes_one_attempt_once_anything_may_have_been_sent_or_nothing_would_heal_it() {
        for failure in [
            || Failure::TimedOut { connected: true },
            || Failure::Untrusted(String::new()),
            || Failure::Garbled(String::new()),
        ] {
            assert_eq!(attempts(failure, Duration::from_secs(60)), 1);
        }
    }

    #[test]
    fn makes_no_further_attempt_once_the_deadline_has_passed() {
        let down = || Failure::Down(String::new());
        assert_eq!(attempts(down, Duration::ZERO), 1);
    }
}
