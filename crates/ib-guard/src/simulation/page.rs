//! What follows the password: a refusal, a session, or codes and notifications as long as the guard allows them.

use super::ibkr::{Factor, GatewaySession, LoginReply};
use super::run::{LoginPhase, Next, PUSH_WAIT, Run};
use super::schedule::Schedule;
use super::truth::TrueHistory;
use super::{Broken, SECOND};
use crate::ledger::SubmissionOutcome;
use crate::policy::CodeDecision;
use crate::rules::Rule;
use std::time::Duration;

impl Schedule {
    pub(crate) fn read_page(&mut self, run: &mut Run, answer: LoginReply) -> Next {
        let resolve = |outcome| Next::After(1, LoginPhase::Resolve(outcome));
        match (answer, self.ibkr.factor(run.supervisor.mode.name())) {
            (LoginReply::NoReaction, _) => resolve(SubmissionOutcome::Failed),
            (LoginReply::Refused, _) => resolve(SubmissionOutcome::Refused),
            (LoginReply::Locked, _) => resolve(SubmissionOutcome::Locked),
            (LoginReply::AsksToWait(wait), _) => {
                let now = self.clocks(run);
                let before = self.writes(run);
                if let Some(book) = &mut run.book {
                    book.wait_as_asked(Some(Duration::from_millis(wait)), &now);
                }
                if self.writes(run) > before {
                    let until = self.now + wait;
                    self.truth(run).asked_until = until;
                }
                resolve(SubmissionOutcome::Failed)
            }
            (LoginReply::Accepted, _) | (_, Factor::Nothing) => self.bring_up(run),
            (_, Factor::Code) => Next::After(SECOND, LoginPhase::Code),
            (_, Factor::Push { is_unasked: false }) => Next::After(SECOND, LoginPhase::Push),
            (_, Factor::Push { is_unasked: true }) => {
                let now = self.clocks(run);
                let before = self.writes(run);
                if let (Some(book), Some(submission)) = (&mut run.book, &run.submission) {
                    book.saw_push(submission, true, &now);
                }
                let is_written = self.writes(run) > before;
                let truth = self.truth(run);
                if is_written && !run.has_a_person() {
                    truth.unanswered += u8::from(run.is_surprised);
                    truth.push(run.sent_at);
                }
                self.show(run, true, is_written);
                Next::After(self.rng.u64(SECOND..PUSH_WAIT), LoginPhase::Pushed)
            }
        }
    }

    /// The page says that the login succeeded; mostly the session becomes ready.
    pub(crate) fn bring_up(&mut self, run: &mut Run) -> Next {
        let wait = self.rng.u64(SECOND..20 * SECOND);
        if self.now < super::schedule::CALM && self.chance(3) {
            return Next::After(wait, LoginPhase::Resolve(SubmissionOutcome::Failed));
        }
        for gateway in &mut self.gateways {
            if gateway.session == GatewaySession::Ready {
                gateway.session = GatewaySession::Competing;
            }
        }
        self.gateways[run.supervisor.gateway].session = GatewaySession::Ready;
        self.ibkr.succeed(run.sent_at);
        self.truth(run).succeed(run.sent_at, run.pushes > 0);
        Next::After(wait, LoginPhase::Resolve(SubmissionOutcome::Succeeded))
    }

    pub(crate) fn resolve(&mut self, run: &mut Run, outcome: SubmissionOutcome) {
        let now = self.clocks(run);
        let before = self.writes(run);
        if let (Some(book), Some(submission)) = (&mut run.book, run.submission.take()) {
            book.resolve(&submission, outcome, &now);
        }
        let at = self.now;
        let is_written = self.writes(run) > before;
        if is_written {
            let has_pushed = run.pushes > 0;
            self.truth(run)
                .resolve(run.sent_at, outcome, has_pushed, at);
        }
        if outcome == SubmissionOutcome::Succeeded && run.pushes == 0 {
            run.shows = Some(false);
        }
        if let Some(pushes) = run.shows {
            self.show(run, pushes, is_written);
        }
    }

    /// The submission is not sent: the window does not come, or a person ends the run before.
    pub(crate) fn take_back(&mut self, run: &mut Run, before: TrueHistory) {
        let now = self.clocks(run);
        let writes = self.writes(run);
        if let (Some(book), Some(submission)) = (&mut run.book, run.submission.take()) {
            book.take_back(&submission, &now);
        }
        // With that rule broken nothing is written, and still nothing was sent.
        if self.writes(run) > writes || !self.rules.hold(Rule::TakenBack) {
            *self.truth(run) = before;
        }
    }

    fn truth(&mut self, run: &Run) -> &mut TrueHistory {
        &mut self.directories[run.supervisor.directory].truth
    }

    fn writes(&self, run: &Run) -> u64 {
        self.directories[run.supervisor.directory]
            .store
            .writes
            .get()
    }

    /// Whether a login sent a notification is known once it is written.
    fn show(&mut self, run: &mut Run, pushes: bool, is_written: bool) {
        run.shows = Some(pushes);
        self.truth(run)
            .show(run.supervisor.mode.name(), pushes, is_written);
    }

    /// Sends codes as long as the guard allows it.
    pub(crate) fn send_code(&mut self, run: &mut Run) -> Result<Next, Broken> {
        let now = self.clocks(run);
        let window = now.wall / 30_000;
        let (Some(book), Some(submission)) = (&mut run.book, &run.submission) else {
            return Ok(Next::End);
        };
        match book.decide_code(submission, window) {
            CodeDecision::Spent => {
                return Ok(Next::After(
                    1,
                    LoginPhase::Resolve(SubmissionOutcome::Refused),
                ));
            }
            CodeDecision::AnotherWindow => {
                return Ok(Next::After(30_000 - now.wall % 30_000, LoginPhase::Code));
            }
            CodeDecision::Go => {}
        }
        let is_recorded = book.record_code(submission, window, &now).is_ok();
        self.show(run, false, is_recorded);
        if !is_recorded {
            return Ok(Next::After(
                1,
                LoginPhase::Resolve(SubmissionOutcome::Failed),
            ));
        }
        self.truth(run).show_none(run.sent_at);
        run.codes += 1;
        if run.codes > 2 {
            return Err(Broken::new("three codes in one login", self.now));
        }
        let at = self.now;
        self.truth(run).send_code(window, run.sent_at, at)?;
        if self.ibkr.takes(window, self.now) {
            return Ok(self.bring_up(run));
        }
        Ok(Next::After(2 * SECOND, LoginPhase::Code))
    }

    /// Sends notifications as long as the guard allows it.
    pub(crate) fn send_push(&mut self, run: &mut Run) -> Result<Next, Broken> {
        let now = self.clocks(run);
        let (Some(book), Some(submission)) = (&mut run.book, &run.submission) else {
            return Ok(Next::End);
        };
        let is_recorded = book.record_push(submission, &now).is_ok();
        self.show(run, true, is_recorded);
        if !is_recorded {
            self.found_pushing = self.now;
            return Ok(Next::After(
                1,
                LoginPhase::Resolve(SubmissionOutcome::Failed),
            ));
        }
        if !run.has_a_person() {
            self.truth(run).push(run.sent_at);
        }
        self.promises_of_a_push(run, false)?;
        Ok(Next::After(
            self.rng.u64(SECOND..PUSH_WAIT),
            LoginPhase::Pushed,
        ))
    }

    pub(crate) fn await_push(&mut self, run: &mut Run) -> Next {
        if run.is_attended || self.person_approves {
            return self.bring_up(run);
        }
        let next = match self.ibkr.factor(run.supervisor.mode.name()) {
            // It tries once more: the guard must not allow it.
            Factor::Push { is_unasked: false } => LoginPhase::Push,
            Factor::Push { is_unasked: true } | Factor::Nothing | Factor::Code => {
                LoginPhase::Resolve(SubmissionOutcome::Failed)
            }
        };
        Next::After(PUSH_WAIT, next)
    }
}
