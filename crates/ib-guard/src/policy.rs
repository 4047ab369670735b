//! Whether a submission may be sent: a pure function of what is recorded and the time.

use crate::ledger::{DAY, Ledger, Outcome, Record, Why, seconds};
use std::time::{Duration, SystemTime};

/// The most failures that `--max-failures` may allow in 24 hours: far from IBKR's ten.
pub const HARD_CAP: u8 = 4;

/// What the caller allows.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Failures allowed in any 24 hours; never more than [`HARD_CAP`], whatever is given.
    pub max_failures: u8,
    /// Whether the hold after a refusal is lifted, because a person has mended what was refused.
    pub force_after_hold: bool,
}

/// Whether a submission may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may.
    Go,
    /// It may not, until then.
    Held {
        /// Why not.
        why: Why,
        /// When the hold ends by itself.
        until: SystemTime,
    },
}

/// Decides about one submission.
#[must_use]
pub fn decide(ledger: &Ledger, now: SystemTime, terms: Terms) -> Decision {
    if let Some(latch) = &ledger.latch {
        let until = time(latch.at) + DAY;
        let is_lifted = terms.force_after_hold && latch.why == Why::Refused;
        if now < until && !is_lifted {
            return Decision::Held {
                why: latch.why,
                until,
            };
        }
    }
    let failures = failures(ledger, now);
    let allowed = usize::from(terms.max_failures.min(HARD_CAP));
    if failures.len() < allowed {
        return Decision::Go;
    }
    // The hold ends when so many of the failures are a day old that one more is allowed.
    let last_to_expire = failures
        .len()
        .checked_sub(allowed.max(1))
        .and_then(|place| failures.get(place));
    let until = last_to_expire.map_or(now + DAY, |record| time(record.at) + DAY);
    Decision::Held {
        why: Why::Failures,
        until,
    }
}

/// How many more failures are allowed at this moment, whatever latch there may be.
#[must_use]
pub fn failures_left(ledger: &Ledger, now: SystemTime, terms: Terms) -> u8 {
    let counted = u8::try_from(failures(ledger, now).len()).unwrap_or(u8::MAX);
    terms.max_failures.min(HARD_CAP).saturating_sub(counted)
}

/// The submissions that count: not known to have succeeded, less than a day old.
///
/// One from the future counts too: a clock that was put back must not clear it.
fn failures(ledger: &Ledger, now: SystemTime) -> Vec<&Record> {
    let has_failed = |record: &&Record| {
        record.outcome != Some(Outcome::Succeeded)
            && seconds(now) < record.at.saturating_add(DAY.as_secs())
    };
    ledger.submissions.iter().filter(has_failed).collect()
}

fn time(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms = Terms {
        max_failures: 3,
        force_after_hold: false,
    };
    const FORCED: Terms = Terms {
        max_failures: 3,
        force_after_hold: true,
    };

    fn hours(count: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + count * 3600)
    }

    fn submit(ledger: &mut Ledger, hour: u64, outcome: Option<Outcome>) {
        let place = ledger.record(hours(hour), "browser", "paper");
        if let Some(outcome) = outcome {
            ledger.resolve(place, outcome, hours(hour));
        }
    }

    #[test]
    fn lets_the_first_submission_go() {
        assert_eq!(decide(&Ledger::empty(), hours(0), TERMS), Decision::Go);
    }

    #[test]
    fn holds_after_three_failures_until_the_first_is_a_day_old() {
        let mut ledger = Ledger::empty();
        for hour in [0, 1, 2] {
            assert_eq!(decide(&ledger, hours(hour), TERMS), Decision::Go);
            submit(&mut ledger, hour, Some(Outcome::Failed));
        }
        let held = Decision::Held {
            why: Why::Failures,
            until: hours(24),
        };
        assert_eq!(decide(&ledger, hours(3), TERMS), held);
        assert_eq!(decide(&ledger, hours(23), FORCED), held);
        assert_eq!(decide(&ledger, hours(24), TERMS), Decision::Go);
    }

    #[test]
    fn counts_a_submission_that_nobody_resolved() {
        let mut ledger = Ledger::empty();
        for hour in [0, 1, 2] {
            submit(&mut ledger, hour, None);
        }
        assert_eq!(failures_left(&ledger, hours(3), TERMS), 0);
        assert!(matches!(
            decide(&ledger, hours(3), TERMS),
            Decision::Held { .. }
        ));
    }

    #[test]
    fn does_not_count_what_succeeded() {
        let mut ledger = Ledger::empty();
        for hour in 0..10 {
            submit(&mut ledger, hour, Some(Outcome::Succeeded));
        }
        assert_eq!(decide(&ledger, hours(10), TERMS), Decision::Go);
        assert_eq!(failures_left(&ledger, hours(10), TERMS), 3);
    }

    #[test]
    fn holds_a_day_after_a_refusal_unless_a_person_forces_it() {
        let mut ledger = Ledger::empty();
        submit(&mut ledger, 0, Some(Outcome::Refused));
        let held = Decision::Held {
            why: Why::Refused,
            until: hours(24),
        };
        assert_eq!(decide(&ledger, hours(1), TERMS), held);
        assert_eq!(decide(&ledger, hours(1), FORCED), Decision::Go);
        assert_eq!(decide(&ledger, hours(24), TERMS), Decision::Go);
    }

    #[test]
    fn holds_a_day_after_a_lock_whatever_a_person_says() {
        let mut ledger = Ledger::empty();
        submit(&mut ledger, 0, Some(Outcome::Locked));
        let held = Decision::Held {
            why: Why::Locked,
            until: hours(24),
        };
        assert_eq!(decide(&ledger, hours(1), FORCED), held);
    }

    #[test]
    fn never_allows_more_than_the_hard_cap() {
        let mut ledger = Ledger::empty();
        for hour in 0..4 {
            submit(&mut ledger, hour, Some(Outcome::Failed));
        }
        let generous = Terms {
            max_failures: 200,
            force_after_hold: true,
        };
        assert!(matches!(
            decide(&ledger, hours(5), generous),
            Decision::Held { .. }
        ));
    }

    #[test]
    fn allows_nothing_when_nothing_is_allowed() {
        let none = Terms {
            max_failures: 0,
            force_after_hold: false,
        };
        assert!(matches!(
            decide(&Ledger::empty(), hours(0), none),
            Decision::Held { .. }
        ));
    }

    #[test]
    fn a_clock_put_back_clears_nothing() {
        let mut ledger = Ledger::empty();
        for hour in [30, 31, 32] {
            submit(&mut ledger, hour, Some(Outcome::Failed));
        }
        assert!(matches!(
            decide(&ledger, hours(0), TERMS),
            Decision::Held { .. }
        ));
    }

    #[test]
    fn a_person_can_forgive_everything() {
        let mut ledger = Ledger::empty();
        submit(&mut ledger, 0, Some(Outcome::Locked));
        ledger.forgive("unlocked by IBKR on the phone", hours(1));
        assert_eq!(decide(&ledger, hours(1), TERMS), Decision::Go);
        assert_eq!(ledger.forgiven[0].reason, "unlocked by IBKR on the phone");
    }
}
