//! What must be true of everything that is sent, by what truly happened and not by what the ledger says.

use super::Broken;
use super::ibkr::Session;
use super::run::Run;
use super::world::World;
use crate::policy::Terms;

impl World {
    pub fn promises_of_a_submission(&mut self, run: &Run, terms: &Terms) -> Result<(), Broken> {
        let broken = |what| Err(Broken::new(what, self.now));
        let supervisor = run.supervisor;
        if self.gateways[supervisor.gateway].session == Session::Ready
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
        self.directories[supervisor.directory].send(self.now, supervisor.max_failures)
    }

    /// One that surprises, since no login before has sent any, is counted once it is seen.
    pub fn promises_of_a_push(&mut self, run: &mut Run, is_surprise: bool) -> Result<(), Broken> {
        run.pushes += 1;
        if run.pushes > 1 {
            return Err(Broken::new("two notifications in one login", self.now));
        }
        run.is_surprised = is_surprise;
        if !run.has_a_person() && !is_surprise {
            let unanswered = &mut self.directories[run.supervisor.directory].unanswered;
            *unanswered += 1;
            if *unanswered > 2 {
                return Err(Broken::new("three notifications for nobody", self.now));
            }
        }
        Ok(())
    }
}
