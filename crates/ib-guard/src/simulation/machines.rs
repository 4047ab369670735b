//! Machines, with their clocks.

use super::HOUR;
use crate::clock::Now;
use crate::limits::DAY;

pub(crate) struct Host {
    name: usize,
    boots: u64,
    boot: String,
    /// Whether the kernel names the boot: containers hide the name, or make up another at each start.
    pub(crate) is_named: bool,
    booted: u64,
    pub(crate) down_until: u64,
    /// How far its wall clock is off, in milliseconds.
    pub(crate) offset: i64,
}

impl Host {
    pub(crate) fn new(name: usize, booted: u64) -> Self {
        let mut host = Self {
            name,
            boots: 0,
            boot: String::new(),
            is_named: true,
            booted,
            down_until: 0,
            offset: 0,
        };
        host.boot(booted, 0);
        host
    }

    pub(crate) fn boot(&mut self, at: u64, offset: i64) {
        self.rename();
        (self.booted, self.offset) = (at, offset);
    }

    /// The boot gets another name, and its clock goes on.
    pub(crate) fn rename(&mut self) {
        self.boots += 1;
        self.boot = format!("{}-{}", self.name, self.boots);
    }

    pub(crate) fn wall(&self, now: u64) -> u64 {
        now.saturating_add_signed(self.offset)
    }

    pub(crate) fn now(&self, now: u64) -> Now {
        Now {
            wall: self.wall(now),
            boot: self.is_named.then(|| self.boot.clone()),
            uptime: now - self.booted,
        }
    }
}

/// A daily quiet window by a wall clock, in hours of the day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QuietHours {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl QuietHours {
    /// When the window ends, if this moment is in it.
    pub(crate) fn until(self, wall: u64) -> Option<u64> {
        let midnight = wall - wall % DAY;
        let from = midnight + self.from * HOUR;
        let to = midnight + self.to * HOUR;
        (from <= wall && wall < to).then_some(to)
    }
}
