//! What is told of a login that the guard holds.

use super::Reported;
use crate::ending::Reason;
use crate::report::{LoginReport, LoginState};
use ib_cli::time;
use ib_guard::policy::Terms;
use ib_guard::{Guard, HoldReason};
use ib_webapi::Session;
use std::time::SystemTime;

/// What is told when the guard sends nothing.
pub fn held(
    before: &Session,
    guard: &Guard,
    terms: &Terms,
    why: HoldReason,
    until: Option<SystemTime>,
) -> Reported {
    let mut report = LoginReport::new(before);
    report.state = LoginState::Held;
    report.failures_left = Some(guard.failures_left(terms));
    report.hold_until = until.map(time);
    report.reason = Some(match why {
        HoldReason::Refused => Reason::HeldAfterRefusal,
        HoldReason::Locked => Reason::HeldAfterLock,
        HoldReason::Failures => Reason::HeldAfterFailures,
        HoldReason::Ceiling => Reason::HeldByCeiling,
        HoldReason::UnansweredPushes => Reason::HeldAfterPushes,
        HoldReason::Quiet => Reason::HeldByQuiet,
        HoldReason::LedgerUnreadable | HoldReason::Vouched => Reason::HeldByLedger,
        HoldReason::AskedWait => Reason::HeldAsIbkrAsks,
    });
    (report, Some(why.error(until)))
}
