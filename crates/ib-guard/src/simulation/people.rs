//! The person who looks in now and then.

use super::HOUR;
use super::ibkr::Session;
use super::run::Run;
use super::world::{CALM, Event, Supervisor, World};
use crate::ledger::DAY;

impl World {
    /// Mends what is wrong, and logs in at a terminal if nobody else has.
    pub fn visit(&mut self) {
        let every = match self.now < CALM {
            true => self.person_every,
            false => self.person_every.min(4 * HOUR),
        };
        let wait = self.rng.u64(every / 2..every);
        self.after(wait, Event::Visit);
        self.tell(|| "a visit".to_owned());
        if self.chance(60) {
            self.mend_causes();
        }
        if self.chance(60) {
            self.mend_disks();
        }
        // The page says when.
        if self.now > self.found_spoilt + DAY && self.chance(30) {
            for directory in &self.directories {
                directory.store.has_copies.set(false);
            }
        }
        let supervisor = self.supervisors[self.rng.usize(0..self.supervisors.len())];
        let is_up = self.now >= self.hosts[supervisor.host].down_until;
        let session = self.gateways[supervisor.gateway].session;
        if is_up && session == Session::Gone {
            self.log_in_by_hand(supervisor);
        }
    }

    fn log_in_by_hand(&mut self, supervisor: Supervisor) {
        let may_forgive = self.directories.len() == 1 && self.now >= self.person_forgave + DAY;
        let forgives = may_forgive && self.chance(20);
        if forgives {
            self.person_forgave = self.now;
        }
        let mut run = Run::of_person(supervisor);
        run.forgives = forgives;
        run.is_forced = self.chance(50);
        self.start(run);
    }
}
