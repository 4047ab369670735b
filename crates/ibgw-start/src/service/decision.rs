//! What a start would come to, found before anything is written or run.
//!
//! A start and --check both go through one function that decides, so that what --check calls good starts, and what a
//! start refuses for a reason that can be seen before, --check refuses in the same words.

use ib_cli::{Answer, Error, Report};

/// What a start would come to: the report of what was seen, or what a start needs.
pub enum StartDecision<R, P> {
    /// It runs already: there is nothing to start.
    Up(R),
    /// Something that can be seen speaks against it; the report says what was read.
    Refused(R, Error),
    /// Everything is there.
    Start(P),
}

impl<R: Report, P> StartDecision<R, P> {
    /// What a start needs; the answer when nothing is to be started.
    pub fn or_answer(self) -> Result<P, Box<Answer<R>>> {
        match self {
            Self::Up(report) => Err(Box::new(Answer::done(report))),
            Self::Refused(report, error) => Err(Box::new(Answer::failed(report, error))),
            Self::Start(plan) => Ok(plan),
        }
    }

    /// The same as --check answers it; `report` is that of something that could be started.
    pub fn checked(self, report: impl FnOnce(P) -> R) -> Answer<R> {
        match self.or_answer() {
            Ok(plan) => Answer::done(report(plan)),
            Err(answer) => *answer,
        }
    }
}
