//! What is told of a login that the guard holds.

use super::Reported;
use crate::ending::Reason;
use crate::report::{LoginReport, State};
use ib_cli::time;
use ib_guard::policy::Terms;
use ib_guard::{Guard, Why};
use ib_webapi::Session;
use std::time::SystemTime;

/// What is told when the guard sends nothing.
pub fn held(
    before: &Session,
    guard: &Guard,
    terms: &Terms,
    why: Why,
    until: Option<SystemTime>,
) -> Reported {
    let mut report = LoginReport::new(before);
    report.state = State::Held;
    report.failures_left = Some(guard.failures_left(terms));
    report.hold_until = until.map(time);
    report.reason = Some(match why {
        Why::Refused => Reason::HeldAfterRefusal,
        Why::Locked => Reason::HeldAfterLock,
        Why::Failures => Reason::HeldAfterFailures,
        Why::Ceiling => Reason::HeldByCeiling,
        Why::UnansweredPushes => Reason::HeldAfterPushes,
        Why::Quiet => Reason::HeldByQuiet,
        Why::LedgerUnreadable | Why::Vouched => Reason::HeldByLedger,
        Why::AskedWait => Reason::HeldAsIbkrAsks,
    });
    (report, Some(why.error(until)))
}
