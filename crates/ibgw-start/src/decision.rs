//! What a start would come to, found before anything is written or run.
//!
//! A start and --check both go through one function that decides, so that what --check calls good starts, and what a
//! start refuses for a reason that can be seen before, --check refuses in the same words.

use ib_cli::{Answer, Error, Report};

/// What a start would come to.
pub enum Decision<R, P> {
    /// It runs already: there is nothing to start.
    Up(R),
    /// Something that can be seen speaks against it; the report says what was read.
    Refused(R, Error),
    /// Everything is there.
    Start(P),
}

impl<R: Report, P> Decision<R, P> {
    /// The same as --check answers it; `report` is that of something that could be started.
    pub fn checked(self, report: impl FnOnce(P) -> R) -> Answer<R> {
        match self {
            Self::Up(report) => Answer::done(report),
            Self::Refused(report, error) => Answer::failed(report, error),
            Self::Start(plan) => Answer::done(report(plan)),
        }
    }
}
