//! The moment by which a run must have ended.

use std::thread;
use std::time::{Duration, Instant};

/// The moment by which a run must have ended, whatever it is waiting for.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Instant);

impl Deadline {
    /// The deadline that is `wait` from this moment.
    #[must_use]
    pub fn after(wait: Duration) -> Self {
        // A wait longer than the clock can count becomes one of a year: no run lasts that long.
        let now = Instant::now();
        let year = Duration::from_secs(365 * 24 * 3600);
        Self(now.checked_add(wait).unwrap_or(now + year))
    }

    /// What is left; zero when the deadline has passed.
    #[must_use]
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Whether the deadline has passed.
    #[must_use]
    pub fn has_passed(self) -> bool {
        self.remaining().is_zero()
    }

    /// This deadline, or `wait` from this moment if that is sooner.
    #[must_use]
    pub fn or_after(self, wait: Duration) -> Self {
        Self(self.0.min(Self::after(wait).0))
    }

    /// Sleeps for `pause`, or until the deadline; false when the deadline has passed.
    pub fn pause(self, pause: Duration) -> bool {
        thread::sleep(pause.min(self.remaining()));
        !self.has_passed()
    }
}
