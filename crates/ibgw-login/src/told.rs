//! What is told of each way a login can end: the report's words, the exit, what to do next.

use crate::ending::Reason;
use crate::mode::Mode;
use crate::report::{How, LoginReport, State};
use ib_cli::{Error, Exit, Result, time};
use ib_guard::policy::Terms;
use ib_guard::{Guard, Why};
use ib_webapi::{Session, SessionState};
use std::time::{Duration, SystemTime};

/// A report, and the error beside it if there is one.
pub type Reported = (LoginReport, Option<Error>);

/// How long to wait after a notification that nobody approved: two would be on the phone at once.
const AFTER_PUSH: Duration = Duration::from_secs(10 * 60);

/// What is told of a login that was accepted.
pub fn accepted(after: &Session, how: How) -> Reported {
    let mut report = LoginReport::new(after);
    if after.state == SessionState::Ready {
        report.how = Some(how);
        return (report, None);
    }
    report.reason = Some(Reason::NotReady);
    let error = after.error();
    (report, Some(error).filter(|error| error.exit != Exit::No))
}

/// What is told of a refusal; one before anything that counts was sent holds nothing.
pub fn refused(
    before: &Session,
    reason: Reason,
    text: Option<&str>,
    mode: Mode,
    is_recorded: bool,
) -> Reported {
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
        Reason::WrongCode => "check where the code comes from, and this machine's clock".to_owned(),
        Reason::ServerUnproven => {
            "the password is wrong, or what answered is not IBKR: check both before the next try"
                .to_owned()
        }
        _ => "check username and password by hand before the next try".to_owned(),
    };
    let hold = match reason {
        _ if !is_recorded => "",
        Reason::Locked => "; further logins are held for 24 hours, or until --forgive REASON",
        _ => "; further logins are held for 24 hours, or until --force-after-hold",
    };
    let text = text.unwrap_or("no reason given");
    let message = format!("IBKR refused the login: {text} ({hint}{hold})");
    (report, Some(Error::new(Exit::Refused, message)))
}

/// What is told when nobody can know how a login ended that was sent.
pub fn broken_off(before: &Session, error: Error, how: How) -> Reported {
    let mut report = LoginReport::new(before);
    (report.state, report.reason) = match error.exit {
        Exit::TimedOut => (State::TimedOut, Some(Reason::BrokenOff)),
        Exit::Down => (State::Down, Some(Reason::BrokenOff)),
        Exit::Unavailable => (State::Unavailable, Some(Reason::Unavailable)),
        // The guard lets no further code or notification out: the login that was begun is spent.
        Exit::Held => (State::Held, Some(Reason::BrokenOff)),
        // Only what brings a code ends a login that was sent with these.
        Exit::Config | Exit::Missing => (State::NotAuthenticated, Some(Reason::NoCode)),
        _ if how == How::Direct => (State::UnknownPage, Some(Reason::UnknownAnswer)),
        _ => (State::UnknownPage, Some(Reason::BrokenOff)),
    };
    // It counts as failed, so the same call is not simply to be made again.
    (report, Some(error.never_again()))
}

/// What is told when the login behind the Gateway did not answer, or not in a way that is known, before anything that
/// counts was sent.
///
/// # Errors
/// The error itself, when it is about this machine and not about the login.
pub fn unanswered(before: &Session, error: Error) -> Result<Reported> {
    let mut report = LoginReport::new(before);
    (report.state, report.reason) = match error.exit {
        Exit::TimedOut => (State::TimedOut, None),
        Exit::Down => (State::Down, None),
        Exit::Unavailable => (State::Unavailable, Some(Reason::Unavailable)),
        Exit::Unexpected => (State::UnknownPage, Some(Reason::UnknownAnswer)),
        _ => return Err(error),
    };
    Ok((report, Some(error)))
}

/// What is told of a page that was left alone.
pub fn stopped(before: &Session, reason: Reason, text: Option<&str>) -> Reported {
    let mut report = LoginReport::new(before);
    report.reason = Some(reason);
    let (state, exit, message) = match reason {
        Reason::UnsoundTerms => (
            State::UnknownPage,
            Exit::Unexpected,
            "the login wants numbers that are not known to be sound, nothing was sent (see whether it is IBKR that \
             answers; --method browser trusts it)",
        ),
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
        Reason::EmailCodeWanted => (
            State::UnknownPage,
            Exit::Unexpected,
            "the login wants a code that comes by email",
        ),
        Reason::UnknownSecondFactor => (
            State::UnknownPage,
            Exit::Unexpected,
            "the login wants a second factor that is not known",
        ),
        Reason::PushExpired => (
            State::SecondFactorExpired,
            Exit::TimedOut,
            "nobody approved the notification on the phone in time",
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
    let error = Error::new(exit, format!("{message}{}", said.unwrap_or_default()));
    let error = match reason {
        Reason::PushExpired => error.never_again().after(Some(AFTER_PUSH)),
        _ => error,
    };
    (report, Some(error))
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

/// The page's words on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
