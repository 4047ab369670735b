//! The words of the report and the error for each way a login can end.

mod held;
mod refused;
mod stopped;

pub(crate) use held::held;
pub(crate) use refused::refused;
pub(crate) use stopped::{AFTER_PUSH, expired, stopped};

use crate::reason::{BreakReason, LoginReason, StopReason};
use crate::report::{LoginReport, LoginState, ReadyBy};
use ib_cli::{Error, Exit, Result};
use ib_webapi::{Session, SessionState};

/// A report, and the error beside it if there is one.
pub(crate) type ReportAndError = (LoginReport, Option<Error>);

/// IBKR accepted the login.
pub(crate) fn accepted(after: &Session, how: ReadyBy) -> ReportAndError {
    let mut report = LoginReport::new(after);
    if after.state == SessionState::Ready {
        report.how = Some(how);
        return (report, None);
    }
    report.reason = Some(BreakReason::NotReady.into());
    let error = after.error();
    (report, error.filter(|error| error.exit != Exit::No))
}

/// The login was sent, and no one can know how it ended.
pub(crate) fn broken_off(before: &Session, error: Error, how: ReadyBy) -> ReportAndError {
    let mut report = LoginReport::new(before);
    let (state, reason): (_, LoginReason) = match error.exit {
        Exit::TimedOut => (LoginState::TimedOut, BreakReason::BrokenOff.into()),
        Exit::Down => (LoginState::Down, BreakReason::BrokenOff.into()),
        Exit::Unavailable => (LoginState::Unavailable, StopReason::Unavailable.into()),
        // The guard lets no further code or notification out: the login that was begun is spent.
        Exit::Held => (LoginState::Held, BreakReason::BrokenOff.into()),
        // Only the source of a code ends a login that was sent with these.
        Exit::Config | Exit::Missing => (LoginState::NotAuthenticated, BreakReason::NoCode.into()),
        Exit::Done
        | Exit::No
        | Exit::Usage
        | Exit::Refused
        | Exit::Unexpected
        | Exit::Competing
        | Exit::Partial => (LoginState::UnknownPage, unexpected(how).into()),
    };
    report.state = state;
    report.reason = Some(reason);
    // It counts as failed, so the caller must not simply call again.
    (report, Some(error.never_again()))
}

/// Without a browser there is no page: it is an answer that is not understood.
fn unexpected(how: ReadyBy) -> BreakReason {
    if how == ReadyBy::Direct {
        BreakReason::UnknownAnswer
    } else {
        BreakReason::BrokenOff
    }
}

/// The login behind the Gateway gave no answer, or none that this tool knows, before anything was sent that counts.
///
/// # Errors
/// The error itself, when it is about this machine and not about the login.
pub(crate) fn unanswered(before: &Session, error: Error) -> Result<ReportAndError> {
    let mut report = LoginReport::new(before);
    report.state = match error.exit {
        Exit::TimedOut => LoginState::TimedOut,
        Exit::Down => LoginState::Down,
        Exit::Unavailable => {
            report.reason = Some(StopReason::Unavailable.into());
            LoginState::Unavailable
        }
        Exit::Unexpected => {
            report.reason = Some(BreakReason::UnknownAnswer.into());
            LoginState::UnknownPage
        }
        Exit::Done
        | Exit::No
        | Exit::Usage
        | Exit::Refused
        | Exit::Missing
        | Exit::Config
        | Exit::Competing
        | Exit::Held
        | Exit::Partial => return Err(error),
    };
    Ok((report, Some(error)))
}

/// IBKR's words on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
