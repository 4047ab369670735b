//! Machines, with their clocks.

use super::HOUR;
use crate::clock::Now;
use crate::ledger::DAY;

pub struct Host {
    name: usize,
    boots: u64,
    boot: String,
    /// Whether the kernel says which boot it is: containers hide it, or make one up each time they start.
    pub is_named: bool,
    booted: u64,
    pub down_until: u64,
    /// How far its wall clock is off, in milliseconds.
    pub offset: i64,
}

impl Host {
    pub fn new(name: usize, booted: u64) -> Self {
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

    pub fn boot(&mut self, at: u64, offset: i64) {
        self.rename();
        (self.booted, self.offset) = (at, offset);
    }

    /// The boot goes by another name, and its clock goes on.
    pub fn rename(&mut self) {
        self.boots += 1;
        self.boot = format!("{}-{}", self.name, self.boots);
    }

    pub fn wall(&self, now: u64) -> u64 {
        now.saturating_add_signed(self.offset)
    }

    pub fn now(&self, now: u64) -> Now {
        Now {
            wall: self.wall(now),
            boot: self.is_named.then(|| self.boot.clone()),
            uptime: now - self.booted,
        }
    }
}

/// A daily quiet window by a wall clock, in hours of the day.
#[derive(Clone, Copy, Debug)]
pub struct QuietHours {
    pub from: u64,
    pub to: u64,
}

impl QuietHours {
    /// When it ends, if it is this window.
    pub fn until(self, wall: u64) -> Option<u64> {
        let midnight = wall - wall % DAY;
        let (from, to) = (midnight + self.from * HOUR, midnight + self.to * HOUR);
        (from <= wall && wall < to).then_some(to)
    }
}
