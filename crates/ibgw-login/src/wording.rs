//! What is told of each way a login can end: the report's words, the exit, what to do next.

mod held;
mod stopped;

pub use held::held;
pub use stopped::{AFTER_PUSH, stopped};

use crate::ending::Reason;
use crate::report::{LoginReport, LoginState, ReadyBy};
use ib_cli::{Error, Exit, Result};
use ib_webapi::{Session, SessionState};

/// A report, and the error beside it if there is one.
pub type Reported = (LoginReport, Option<Error>);

/// What is told of a login that was accepted.
pub fn accepted(after: &Session, how: ReadyBy) -> Reported {
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
    is_recorded: bool,
) -> Reported {
    let mut report = LoginReport::new(before);
    report.state = LoginState::Refused;
    report.reason = Some(reason);
    let hint = match reason {
        Reason::Locked => "IBKR has locked the username; it opens 24 hours after the last try",
        Reason::PaperNeeded => "the username is one for paper: give --mode paper",
        Reason::LiveNeeded => {
            "the username is one for live: give that of the paper account, or --mode live if you mean it"
        }
        Reason::WrongCode => "check where the code comes from, and this machine's clock",
        Reason::PushDenied => {
            "it was denied on the phone: find out by whom, and that it was this login which sent it"
        }
        Reason::ServerUnproven => {
            "the password is wrong, or what answered is not IBKR: check both before the next try"
        }
        Reason::Blocked => {
            "IBKR's edge turns this address away: see what the machine goes out through, a VPN or a proxy"
        }
        _ => "check username and password by hand before the next try",
    };
    let hold = match reason {
        _ if !is_recorded => "",
        Reason::Locked => "; further logins are held for 24 hours, or until --forgive REASON",
        _ => "; further logins are held for 24 hours, or until --force-after-hold",
    };
    let text = text.map_or_else(|| "no reason given".to_owned(), one_line);
    let message = format!("IBKR refused the login: {text} ({hint}{hold})");
    (report, Some(Error::new(Exit::Refused, message)))
}

/// What is told when nobody can know how a login ended that was sent.
pub fn broken_off(before: &Session, error: Error, how: ReadyBy) -> Reported {
    let mut report = LoginReport::new(before);
    (report.state, report.reason) = match error.exit {
        Exit::TimedOut => (LoginState::TimedOut, Some(Reason::BrokenOff)),
        Exit::Down => (LoginState::Down, Some(Reason::BrokenOff)),
        Exit::Unavailable => (LoginState::Unavailable, Some(Reason::Unavailable)),
        // The guard lets no further code or notification out: the login that was begun is spent.
        Exit::Held => (LoginState::Held, Some(Reason::BrokenOff)),
        // Only what brings a code ends a login that was sent with these.
        Exit::Config | Exit::Missing => (LoginState::NotAuthenticated, Some(Reason::NoCode)),
        _ if how == ReadyBy::Direct => (LoginState::UnknownPage, Some(Reason::UnknownAnswer)),
        _ => (LoginState::UnknownPage, Some(Reason::BrokenOff)),
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
        Exit::TimedOut => (LoginState::TimedOut, None),
        Exit::Down => (LoginState::Down, None),
        Exit::Unavailable => (LoginState::Unavailable, Some(Reason::Unavailable)),
        Exit::Unexpected => (LoginState::UnknownPage, Some(Reason::UnknownAnswer)),
        _ => return Err(error),
    };
    Ok((report, Some(error)))
}

/// The page's words on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
