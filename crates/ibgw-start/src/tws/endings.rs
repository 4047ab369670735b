//! The exit and the error of a start that has ended.

use crate::tws::report::TwsReport;
use ib_cli::{Answer, Error, Exit};
use ib_tws::{Course, CourseReason, GatewayLauncher, Ibc};

/// The answer for the course of a start.
pub(crate) fn answer(report: TwsReport, course: &Course) -> Answer<TwsReport> {
    match error(&report.address, course) {
        Some(error) => Answer::failed(report, error),
        None => Answer::done(report),
    }
}

/// The error of a start that has ended; `None` while it runs, or when it was ordered to end.
pub(crate) fn error(address: &str, course: &Course) -> Option<Error> {
    let reason = course.reason.filter(|_| course.phase.is_end())?;
    if reason.is_as_ordered() {
        return None;
    }
    let (exit, why) = exit_and_cause(course, reason);
    let next = course.next_action();
    let next = next.map_or_else(String::new, |next| format!(" ({next})"));
    let dialogs = course.open_dialogs();
    let words = course.page_text.as_ref();
    let words = words.map_or_else(String::new, |words| format!(": {words}"));
    let message = format!("IB Gateway at {address}: {why}{words}{dialogs}{next}");
    Some(Error::new(exit, message))
}

fn exit_and_cause(course: &Course, reason: CourseReason) -> (Exit, String) {
    let (exit, why) = match reason {
        CourseReason::WrongCredentials => (Exit::Refused, "IBKR refuses username and password"),
        CourseReason::Locked => (
            Exit::Refused,
            "IBKR says that there were too many failed logins",
        ),
        CourseReason::WaitAsked => (
            Exit::Unexpected,
            "IBKR says that there were too many failed logins, and asks to wait",
        ),
        CourseReason::PasskeyWanted => (Exit::Refused, "IBKR wants a passkey"),
        CourseReason::DeviceAbsent => return (Exit::Config, course.device_absent()),
        CourseReason::TokenRefused => (
            Exit::Unexpected,
            "IBKR does not renew the session without a password; the next start logs in with the password",
        ),
        CourseReason::SecondFactorExpired => {
            (Exit::TimedOut, "no person gave the second factor in time")
        }
        CourseReason::SecondFactorStuck => (
            Exit::TimedOut,
            "the second factor was given, and the login did not complete",
        ),
        CourseReason::LoginFailed => (Exit::Unexpected, "IBKR's servers broke the login off"),
        CourseReason::GaveWay => (
            Exit::Unexpected,
            "another session has the username, and this one gave way to it",
        ),
        CourseReason::ChoiceWanted => (
            Exit::Unexpected,
            "another session has the username, and IB Gateway asks which one goes on",
        ),
        CourseReason::ColdRestart => (
            Exit::Unexpected,
            "IBC wanted to log in again, which the guard decides",
        ),
        CourseReason::TooManyRestarts => (
            Exit::Unexpected,
            "it was started again over and over, and did not log in",
        ),
        CourseReason::NoWindow => (Exit::Unexpected, "its login window does not come"),
        CourseReason::NoProgress => (Exit::Unexpected, "it does not go on"),
        CourseReason::UnknownDialog => (Exit::Unexpected, "an unknown dialog waits for an answer"),
        CourseReason::Ended | CourseReason::Told | CourseReason::Paused => {
            return ended(course);
        }
    };
    (exit, why.to_owned())
}

/// The meaning of the script's status, when there is no other reason.
fn ended(course: &Course) -> (Exit, String) {
    match course.ibc_exit {
        Some(status) => {
            let (exit, why) = Ibc.meaning(status);
            // IB Gateway was meant to stay.
            let exit = if exit == Exit::Done {
                Exit::Unexpected
            } else {
                exit
            };
            (exit, format!("it ended with status {status}: {why}"))
        }
        None => (Exit::Unexpected, "it ended".to_owned()),
    }
}
