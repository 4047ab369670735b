//! The person who visits now and then.

use super::MINUTE;
use super::ibkr::GatewaySession;
use super::run::Run;
use super::schedule::{CALM, Event, Schedule};
use super::supervisors::SimulatedSupervisor;
use crate::limits::DAY;

impl Schedule {
    /// The person removes faults, and logs in at a terminal if there is no session.
    ///
    /// After the faults have ended, the person comes only when called: other holds must end without one.
    pub(crate) fn visit(&mut self) {
        if self.now >= CALM {
            return self.come_when_called();
        }
        let every = self.person_every;
        let wait = self.rng.u64(every / 2..every);
        self.after(wait, Event::Visit);
        self.trace(|| "a visit".to_owned());
        if self.chance(60) {
            self.repair_causes();
        }
        if self.chance(60) {
            self.repair_disks();
        }
        // The manual page says when copies may be removed.
        if self.now > self.found_spoilt + DAY && self.chance(30) {
            for directory in &self.directories {
                directory.store.has_copies.set(false);
            }
        }
        let supervisor = self.any_supervisor();
        let is_up = self.now >= self.hosts[supervisor.host].down_until;
        let session = self.gateways[supervisor.gateway].session;
        if is_up && session == GatewaySession::Gone {
            self.log_in_by_hand(supervisor);
        }
    }

    /// The person's presence is enough: nothing is forced and nothing forgiven, but as many failures allowed as possible.
    fn come_when_called(&mut self) {
        let supervisor = SimulatedSupervisor {
            max_failures: 4,
            ..self.any_supervisor()
        };
        let session = self.gateways[supervisor.gateway].session;
        if self.called.is_some() && session == GatewaySession::Gone {
            self.trace(|| "a person comes".to_owned());
            self.start(Run::of_person(supervisor));
            self.after(10 * MINUTE, Event::Visit);
        }
    }

    fn any_supervisor(&mut self) -> SimulatedSupervisor {
        self.supervisors[self.rng.usize(0..self.supervisors.len())]
    }

    fn log_in_by_hand(&mut self, supervisor: SimulatedSupervisor) {
        let may_forgive = self.is_forgiving && self.now >= self.person_forgave + DAY;
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
