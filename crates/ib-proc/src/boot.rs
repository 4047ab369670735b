//! The clock that no user can set: how long the machine has been up, asleep or not.

use nix::time::{ClockId, clock_gettime};
use std::io;
use std::time::Duration;

/// One boot of the machine, and how long ago it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boot {
    /// What tells this boot from any other; `None` when the kernel does not say.
    pub id: Option<String>,
    /// Since when, sleep included: `CLOCK_BOOTTIME`, which no step of the wall clock touches (clock_gettime(2)).
    pub uptime: Duration,
}

impl Boot {
    /// This boot, at this moment.
    ///
    /// # Errors
    /// When the kernel has no such clock, which every Linux since 2.6.39 has.
    pub fn now() -> io::Result<Self> {
        // Containers see the machine's: a boot is the kernel's, not theirs (random(4)).
        let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok();
        Ok(Self {
            id: id
                .map(|id| id.trim().to_owned())
                .filter(|id| !id.is_empty()),
            uptime: clock_gettime(ClockId::CLOCK_BOOTTIME)?.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_boot_has_one_name_and_its_time_goes_on() {
        let read = || Boot::now().unwrap_or_else(|error| panic!("{error}"));
        let (first, second) = (read(), read());
        assert_eq!(first.id, second.id);
        assert!(!first.uptime.is_zero() && first.uptime <= second.uptime);
    }
}
