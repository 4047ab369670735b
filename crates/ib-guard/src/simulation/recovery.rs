//! When the session is ready again, and whether a person must come for that.

use super::directory::Directory;
use super::ibkr::GatewaySession;
use super::schedule::{CALM, Event, Schedule};
use super::supervisors::SimulatedSupervisor;
use super::{Broken, HOUR};
use crate::limits::DAY;

/// How long a system without faults may take, without a person: a day's hold, a slow supervisor, and a quiet window.
const PATIENCE: u64 = DAY + 6 * HOUR;

/// How long it may take once a person was called.
const VISIT: u64 = HOUR;

impl Schedule {
    /// Notes when the session goes and comes.
    pub(crate) fn watch(&mut self) -> Result<(), Broken> {
        let is_ready = self
            .gateways
            .iter()
            .any(|it| it.session == GatewaySession::Ready);
        match self.lost {
            None if !is_ready => self.lost = Some(self.now),
            Some(since) if is_ready => {
                self.outcome.until_ready.push(self.now - since);
                self.lost = None;
                if self.now > CALM && self.called.is_none() {
                    let healthy = since.max(self.healthy());
                    let took = self.now.saturating_sub(healthy);
                    self.outcome.after_calm = self.outcome.after_calm.max(took);
                }
            }
            Some(since) if self.now > since.max(self.healthy()) + PATIENCE => self.miss()?,
            None | Some(_) => {}
        }
        Ok(())
    }

    /// The session did not come back within the policy's time: right only where the policy needs a person.
    fn miss(&mut self) -> Result<(), Broken> {
        let waits = |it: &SimulatedSupervisor| {
            let truth = &self.directories[it.directory].truth;
            !it.is_attended && !it.is_forced && truth.may_wait(it)
        };
        match self.called {
            Some(at) if self.now > at + VISIT => Err(Broken::new("a person ended no hold", at)),
            Some(_) => Ok(()),
            None if self.supervisors.iter().all(waits) => {
                self.called = Some(self.now);
                self.outcome.needed_a_person = true;
                self.after(0, Event::Visit);
                Ok(())
            }
            None => Err(Broken::new("a healthy system was not logged in", self.now)),
        }
    }

    /// Since when there is no fault, and every ledger has been read since: time that a wrong clock may have hidden before
    /// does not count as passed.
    fn healthy(&self) -> u64 {
        let looked_at = |it: &Directory| it.looked_at.unwrap_or(self.now);
        let looked_at = self.directories.iter().map(looked_at).max();
        looked_at
            .unwrap_or(CALM)
            .max(self.ibkr.locked_until)
            .max(self.found_spoilt)
            .max(self.found_pushing)
    }
}
