//! What is told of each way a login can end: the report's words, the exit, what to do next.

use crate::ending::Reason;
use crate::mode::Mode;
use crate::report::{How, LoginReport, State};
use ib_cli::{Error, Exit, time};
use ib_guard::policy::Terms;
use ib_guard::{Guard, Why};
use ib_webapi::{Session, SessionState};
use std::time::SystemTime;

/// A report, and the error beside it if there is one.
pub type Reported = (LoginReport, Option<Error>);

/// What is told of a login that the page accepted.
pub fn accepted(after: &Session) -> Reported {
    let mut report = LoginReport::new(after);
    if after.state == SessionState::Ready {
        report.how = Some(How::Browser);
        return (report, None);
    }
    report.reason = Some(Reason::NotReady);
    let error = after.error();
    (report, Some(error).filter(|error| error.exit != Exit::No))
}

/// What is told of a refusal.
pub fn refused(before: &Session, reason: Reason, text: Option<&str>, mode: Mode) -> Reported {
    let mut report = LoginReport::new(before);
    report.state = State::Refused;
    report.reason = Some(reason);
    let hint = match reason {
        Reason::Locked => {
            "IBKR has locked the username; it opens 24 hours after the last try".to_owned()
        }
        Reason::WrongMode => format!(
            "the username is not one for {}; give the other --mode",
            mode.name()
        ),
        Reason::WrongCode => "check the totp_seed and this machine's clock".to_owned(),
        _ => "check username and password by hand before the next try".to_owned(),
    };
    let hold = match reason {
        Reason::Locked => "further logins are held for 24 hours, or until --forgive REASON",
        _ => "further logins are held for 24 hours, or until --force-after-hold",
    };
    let message = format!(
        "IBKR refused the login: {} ({hint}; {hold})",
        text.unwrap_or("no reason given")
    );
    (report, Some(Error::new(Exit::Refused, message)))
}

/// What is told when nobody can know how a login ended that was sent.
pub fn broken_off(before: &Session, error: Error) -> Reported {
    let mut report = LoginReport::new(before);
    report.reason = Some(Reason::BrokenOff);
    report.state = match error.exit {
        Exit::TimedOut => State::TimedOut,
        _ => State::UnknownPage,
    };
    // It counts as failed, so the same call is not simply to be made again.
    (report, Some(error.never_again()))
}

/// What is told of a page that was left alone.
pub fn stopped(before: &Session, reason: Reason, text: Option<&str>) -> Reported {
    let mut report = LoginReport::new(before);
    report.reason = Some(reason);
    let (state, exit, message) = match reason {
        Reason::AccessDenied => (
            State::UnknownPage,
            Exit::Config,
            "the Gateway denies access (see ips.allow in its conf.yaml)",
        ),
        Reason::Unavailable => (
            State::Unavailable,
            Exit::Unavailable,
            "the login page is not available",
        ),
        Reason::NoSeed => (
            State::NotAuthenticated,
            Exit::Config,
            "the page wants a code, and the record has no totp_seed",
        ),
        Reason::DeviceAbsent => (
            State::NotAuthenticated,
            Exit::Config,
            "the second factor asked for is not among those offered",
        ),
        Reason::PageNotLoaded => (
            State::TimedOut,
            Exit::TimedOut,
            "the login page did not load in time",
        ),
        Reason::FormNotFound => (
            State::UnknownPage,
            Exit::Unexpected,
            "the login page has no form that is known",
        ),
        Reason::NoToggle => (
            State::UnknownPage,
            Exit::Unexpected,
            "the page has no Live/Paper toggle, so nobody could know where the login would lead",
        ),
        Reason::FormNotFilled => (
            State::UnknownPage,
            Exit::Unexpected,
            "the form could not be filled in",
        ),
        Reason::NothingHappened => (
            State::UnknownPage,
            Exit::Unexpected,
            "the form was sent and nothing happened (restart the Gateway)",
        ),
        Reason::PushWanted => (
            State::UnknownPage,
            Exit::Unexpected,
            "the login wants a second factor on the phone",
        ),
        Reason::ChallengeWanted => (
            State::UnknownPage,
            Exit::Unexpected,
            "the login wants a challenge answered",
        ),
        Reason::OtherCodeWanted => (
            State::UnknownPage,
            Exit::Unexpected,
            "the login wants a code that no authenticator app makes",
        ),
        Reason::PasskeyWanted => (
            State::UnknownPage,
            Exit::Unexpected,
            "the login wants a passkey",
        ),
        _ => (
            State::UnknownPage,
            Exit::Unexpected,
            "the login led to a page that is not known",
        ),
    };
    report.state = state;
    let said = text
        .filter(|text| !text.is_empty())
        .map(|text| format!(": {}", one_line(text)));
    (
        report,
        Some(Error::new(
            exit,
            format!("{message}{}", said.unwrap_or_default()),
        )),
    )
}

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

/// The page's words on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
