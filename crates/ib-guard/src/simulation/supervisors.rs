//! The supervisors, which run the tool again and again.

use super::machines::QuietHours;
use super::run::Run;
use super::schedule::{Event, Schedule};
use super::{BEGIN, MINUTE, SECOND};
use crate::ledger::LoginMethod;
use crate::limits::DAY;
use ib_cli::Mode;
use std::time::Duration;

/// A supervisor: it runs the tool whenever the session is not ready.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SimulatedSupervisor {
    pub(crate) directory: usize,
    pub(crate) gateway: usize,
    pub(crate) host: usize,
    pub(crate) every: u64,
    /// It waits as long as the tool says.
    pub(crate) is_patient: bool,
    pub(crate) max_failures: u8,
    pub(crate) quiet: Option<QuietHours>,
    pub(crate) method: LoginMethod,
    pub(crate) mode: Mode,
    /// Its login record has a seed, or it logs in without a second factor.
    pub(crate) is_without_push: bool,
    /// Its script has `--forgive`, for when it is held.
    pub(crate) forgives: bool,
    /// Its script has `--attended`.
    pub(crate) is_attended: bool,
    /// Its script has `--force-after-hold`.
    pub(crate) is_forced: bool,
    /// When it comes back, because the tool said so.
    pub(crate) waits_until: u64,
}

impl Schedule {
    pub(crate) fn employ(&mut self, place: usize) {
        let rng = &mut self.rng;
        let directory = place % self.directories.len();
        let from = rng.u64(0..22);
        let mode = [Mode::Live, Mode::Paper][rng.usize(0..2)];
        let supervisor = SimulatedSupervisor {
            directory,
            gateway: directory % self.gateways.len(),
            host: rng.usize(0..self.hosts.len()),
            every: [1, 5, 10, 10, 15, 15, 20, 30, 30, 60][rng.usize(0..10)] * MINUTE,
            is_patient: rng.bool(),
            max_failures: [3, 3, 3, 1, 4, 200][rng.usize(0..6)],
            quiet: (rng.u8(0..4) == 0).then_some(QuietHours { from, to: from + 2 }),
            forgives: self.is_forgiving && rng.u8(0..10) == 0,
            is_attended: rng.u8(0..15) == 0,
            is_forced: rng.u8(0..15) == 0,
            method: [LoginMethod::Browser, LoginMethod::Direct][rng.usize(0..2)],
            mode,
            is_without_push: !self.ibkr.pushing.contains(mode.name()),
            waits_until: 0,
        };
        self.supervisors.push(supervisor);
        let first = BEGIN + rng.u64(0..supervisor.every);
        self.at(first, Event::Tick(self.supervisors.len() - 1));
    }

    pub(crate) fn tick(&mut self, place: usize) {
        let supervisor = self.supervisors[place];
        let is_up = self.now >= self.hosts[supervisor.host].down_until;
        if is_up && self.now >= supervisor.waits_until {
            self.start(Run::of(place, supervisor));
        }
        let hosts = self.hosts.len();
        // Pods move from machine to machine, with their volume.
        if hosts > 1 && self.chance(2) {
            self.supervisors[place].host = self.rng.usize(0..hosts);
        }
        let jitter = self.rng.u64(0..SECOND);
        self.after(supervisor.every + jitter, Event::Tick(place));
    }

    /// The tool said how long to wait.
    pub(crate) fn come_back(&mut self, place: usize, wait: Duration) {
        let wait = u64::try_from(wait.as_millis()).unwrap_or(DAY);
        let supervisor = &mut self.supervisors[place];
        // A hold does not change between two looks: an impatient one need not look each minute.
        let wait = if supervisor.is_patient {
            wait
        } else {
            wait.min(20 * MINUTE)
        };
        supervisor.waits_until = self.now + wait;
    }
}
