//! A submission: recorded, then sent to IBKR.

use super::ibkr::{Factor, LoginReply};
use super::run::{LoginPhase, Next, Run};
use super::schedule::{CALM, Schedule};
use super::supervisors::SimulatedSupervisor;
use super::{Broken, MINUTE, SECOND};

impl Schedule {
    /// Records, then sends.
    pub(crate) fn submit(&mut self, run: &mut Run) -> Result<Next, Broken> {
        let now = self.clocks(run);
        let terms = self.terms(run);
        let SimulatedSupervisor { method, mode, .. } = run.supervisor;
        let Some(book) = &mut run.book else {
            return Ok(Next::End);
        };
        let Ok(submission) = book.record(&now, method, mode, &terms) else {
            return Ok(Next::End);
        };
        run.submission = Some(submission);
        let truth = &mut self.directories[run.supervisor.directory].truth;
        let before = truth.clone();
        truth.record(self.now, &run.supervisor, run.is_forced, run.is_attended);
        if self.dies() {
            return Ok(Next::End);
        }
        if self.now < CALM && self.chance(3) {
            self.take_back(run, before);
            return Ok(Next::End);
        }
        self.promises_of_a_submission(run, &terms)?;
        let gateway = &self.gateways[run.supervisor.gateway];
        let answer = self
            .ibkr
            .submit(self.now, mode.name(), self.now < gateway.wedged_until);
        self.promises_of_a_day()?;
        self.outcome.submissions += 1;
        run.sent_at = self.now;
        let is_pushed = self.ibkr.factor(mode.name()) == Factor::Push { is_unasked: true };
        if is_pushed && answer == LoginReply::SecondFactor {
            let shown = &self.directories[run.supervisor.directory].truth.shown;
            let shown = shown.get(mode.name()).copied();
            let is_expected = shown.unwrap_or(!run.supervisor.is_without_push);
            self.promises_of_a_push(run, !is_expected)?;
        }
        let wait = match answer {
            LoginReply::NoReaction => MINUTE,
            LoginReply::Refused
            | LoginReply::Locked
            | LoginReply::AsksToWait(_)
            | LoginReply::SecondFactor
            | LoginReply::Accepted => self.rng.u64(SECOND..10 * SECOND),
        };
        Ok(Next::After(wait, LoginPhase::Page(answer)))
    }
}
