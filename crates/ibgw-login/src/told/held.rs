//! What is told of a login that the guard holds.

use super::Reported;
use crate::ending::Reason;
use crate::report::{LoginReport, State};
use ib_cli::{Error, Exit, time};
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
    let (reason, cause, hint) = match why {
        Why::Refused => (
            Reason::HeldAfterRefusal,
            "IBKR refused the last login",
            "; --force-after-hold once it is mended",
        ),
        Why::Locked => (Reason::HeldAfterLock, "IBKR has locked the username", ""),
        Why::Failures => (
            Reason::HeldAfterFailures,
            "too many logins failed in 24 hours",
            "",
        ),
        Why::Ceiling => (
            Reason::HeldByCeiling,
            "too many logins failed in 24 hours, and were forgiven: ten would lock the username",
            "",
        ),
        Why::UnansweredPushes => (
            Reason::HeldAfterPushes,
            "the last two logins sent a notification, or may have, that nobody approved",
            "run it at a terminal, or with --attended, and approve the next",
        ),
        Why::Quiet => (
            Reason::HeldByQuiet,
            "it is a quiet window",
            "; --attended when a person is there",
        ),
        Why::LedgerUnreadable => (
            Reason::HeldByLedger,
            "the ledger could not be understood",
            "; --forgive REASON if you know the count",
        ),
        Why::Vouched => (
            Reason::HeldByLedger,
            "a ledger that could not be understood was forgiven, and a login has failed since",
            "",
        ),
    };
    report.reason = Some(reason);
    let end = until.map_or_else(String::new, |until| format!("held until {}", time(until)));
    let message = format!("nothing was sent: {cause} ({end}{hint})");
    let wait = |until: SystemTime| until.duration_since(SystemTime::now()).unwrap_or_default();
    (
        report,
        Some(Error::new(Exit::Held, message).after(until.map(wait))),
    )
}
