//! What must be true of everything that is sent, judged by what truly happened and not by the ledger.

use super::Broken;
use super::ibkr::{GatewaySession, LOCKING};
use super::run::Run;
use super::schedule::Schedule;
use super::truth::Sent;
use crate::limits::DAY;
use crate::policy::Terms;
use std::time::Duration;

/// The failures that one ledger allows in a day, at most. Stated again, as all promises are.
pub(crate) const CAP: u8 = 4;

impl Schedule {
    pub(crate) fn promises_of_a_submission(
        &mut self,
        run: &Run,
        terms: &Terms,
    ) -> Result<(), Broken> {
        let broken = |what| Err(Broken::new(what, self.now));
        let supervisor = run.supervisor;
        if self.gateways[supervisor.gateway].session == GatewaySession::Ready
            && self.directories.len() == 1
        {
            return broken("a submission although the session is ready");
        }
        let is_under_way = |other: &Run| {
            other.supervisor.directory == supervisor.directory && other.submission.is_some()
        };
        if self.runs.iter().flatten().any(is_under_way) {
            return broken("two submissions at once");
        }
        if !run.is_attended && terms.quiet_until.is_some() {
            return broken("an unattended submission in a quiet window");
        }
        let wall = self.clocks(run).wall / 1000;
        let directory = &mut self.directories[supervisor.directory];
        if !directory.has_recorded() {
            return broken("a submission that is not on the disk");
        }
        if !run.has_a_person() && directory.truth.must_wait(&supervisor) {
            return broken("a submission that waits for a person");
        }
        let sent = Sent {
            at: self.now,
            wall,
            method: supervisor.method.name(),
            mode: supervisor.mode.name(),
            is_attended: run.has_a_person(),
            codes: 0,
            outcome: None,
            is_forgiven: false,
            has_made_a_session: false,
            stands: true,
        };
        directory.truth.send(sent, supervisor.max_failures)
    }

    /// The failures of separate ledgers add up, those of directories that were lost within the day included. Two ledgers
    /// together do not yet allow as many as lock.
    pub(crate) fn promises_of_a_day(&mut self) -> Result<(), Broken> {
        let failures = self.ibkr.failures();
        // Unless a person forgives.
        let allowed = self.ledgers() * usize::from(CAP);
        self.outcome.most_failures = self.outcome.most_failures.max(failures);
        if failures >= LOCKING && allowed < LOCKING {
            return Err(Broken::new("the username is locked", self.now));
        }
        if !self.is_forgiving && failures > allowed {
            return Err(Broken::new(
                "more failures than the ledgers allow",
                self.now,
            ));
        }
        Ok(())
    }

    /// How many ledgers there are or were within the last day.
    pub(crate) fn ledgers(&self) -> usize {
        let lately = self.losses.iter().filter(|at| self.now - **at < DAY);
        self.directories.len() + lately.count()
    }

    /// A hold is over in a day, or when the quiet window ends. Only a hold for notifications without an approval has no end.
    pub(crate) fn promises_of_a_hold(
        &self,
        run: &Run,
        wait: Option<Duration>,
    ) -> Result<(), Broken> {
        let truth = &self.directories[run.supervisor.directory].truth;
        match wait {
            None if run.has_a_person() || !truth.may_wait(&run.supervisor) => {
                Err(Broken::new("a hold without an end", self.now))
            }
            Some(wait) if wait > Duration::from_millis(DAY) => {
                Err(Broken::new("a hold of more than a day", self.now))
            }
            None | Some(_) => Ok(()),
        }
    }

    /// A notification that could not be expected, since no earlier login sent one, is counted once it is seen.
    pub(crate) fn promises_of_a_push(
        &mut self,
        run: &mut Run,
        is_surprise: bool,
    ) -> Result<(), Broken> {
        run.pushes += 1;
        if run.pushes > 1 {
            return Err(Broken::new("two notifications in one login", self.now));
        }
        run.is_surprised = is_surprise;
        if !run.has_a_person() && !is_surprise {
            let unanswered = &mut self.directories[run.supervisor.directory].truth.unanswered;
            *unanswered += 1;
            if *unanswered > 2 {
                return Err(Broken::new(
                    "three notifications without an answer",
                    self.now,
                ));
            }
        }
        Ok(())
    }
}
