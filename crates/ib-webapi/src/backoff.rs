//! How long to wait before asking again.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// The longest wait after the first failure; it doubles with each further one.
const BASE: Duration = Duration::from_millis(500);

/// Any wait up to half a second after the first failure, a second after the second, and so on: "full jitter", so that
/// those who failed together do not come back together (aws.amazon.com, "Exponential Backoff And Jitter").
#[must_use]
pub fn full_jitter(failures: u32) -> Duration {
    let longest = BASE * 2_u32.pow(failures.saturating_sub(1).min(10));
    // std keys its hasher with random numbers of the kernel's.
    let random = RandomState::new().hash_one(failures);
    let milliseconds = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(random % (milliseconds + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_differ_and_grow_and_end() {
        for (failures, longest) in [(0, 500), (1, 500), (2, 1000), (3, 2000), (99, 512_000)] {
            let waits: Vec<Duration> = (0..200).map(|_| full_jitter(failures)).collect();
            let longest = Duration::from_millis(longest);
            assert!(waits.iter().all(|wait| *wait <= longest), "{waits:?}");
            assert!(waits.iter().any(|wait| *wait > longest / 4), "{waits:?}");
            assert!(waits.iter().any(|wait| *wait < longest / 2), "{waits:?}");
        }
    }
}
