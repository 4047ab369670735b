//! The words of a login that the guard holds.

use super::ReportAndError;
use crate::reason::LoginReason;
use crate::report::{LoginReport, LoginState};
use ib_cli::time;
use ib_guard::policy::Terms;
use ib_guard::{Guard, HoldReason};
use ib_webapi::Session;
use std::time::SystemTime;

/// The guard sends nothing.
pub(crate) fn held(
    before: &Session,
    guard: &Guard,
    terms: &Terms,
    why: HoldReason,
    until: Option<SystemTime>,
) -> ReportAndError {
    let mut report = LoginReport::new(before);
    report.state = LoginState::Held;
    report.failures_left = Some(guard.failures_left(terms));
    report.hold_until = until.map(time);
    report.reason = Some(LoginReason::Hold(why));
    (report, Some(why.error(until)))
}
