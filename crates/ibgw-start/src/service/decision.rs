//! What a start would do, decided before anything is written or run.
//!
//! A start and --check use the same decision. So --check calls good only what starts, and refuses in the same words.

use ib_cli::{Answer, Error, Report};

/// What a start would do: with the report of what was seen, or with what the start needs.
pub(crate) enum StartDecision<R, P> {
    /// The gateway runs already. There is nothing to start.
    Up(R),
    /// The start is refused for a reason that can be seen beforehand. The report says what was read.
    Refused(R, Error),
    /// Everything is there.
    Start(P),
}

impl<R: Report, P> StartDecision<R, P> {
    /// The answer of --check; `report` makes the report of a gateway that could be started.
    pub(crate) fn checked(self, report: impl FnOnce(P) -> R) -> Answer<R> {
        match self {
            Self::Up(report) => Answer::done(report),
            Self::Refused(report, error) => Answer::failed(report, error),
            Self::Start(plan) => Answer::done(report(plan)),
        }
    }
}
