//! The words of the report and the error for each way the login of an IB Gateway can end.

use crate::factor::FactorKind;
use crate::reason::{BreakReason, LoginReason};
use crate::report::{LoginReport, LoginState, ReadyBy};
use crate::wording::{AFTER_PUSH, ReportAndError};
use ib_cli::{Error, Exit, GatewayKind};
use ib_guard::SubmissionOutcome;
use ib_tws::{Course, CourseReason, Probe, ProbeState};
use std::time::Duration;

/// When you may try the next login after one that IBKR's servers broke off.
const AFTER_BREAK: Duration = Duration::from_secs(60);

/// The report of what the supervisor knows.
pub(crate) fn report(course: &Course, state: LoginState) -> LoginReport {
    for message in course.settings_not_taken() {
        ib_cli::warn("setting_not_taken", &message);
    }
    LoginReport {
        page_text: course.page_text.clone(),
        phase: Some(course.phase),
        mode: Some(course.mode),
        second_factor: (course.pushed == Some(true)).then_some(FactorKind::Push),
        screenshot: course.screenshot.clone(),
        // By the start that is followed, since it last began.
        submissions: u8::from(course.has_typed && !course.has_token),
        ..LoginReport::of_kind(GatewayKind::Tws, state)
    }
}

/// There is no IB Gateway to follow.
pub(crate) fn nothing_runs(api_port: u16) -> Error {
    let message = format!(
        "no IB Gateway was started here for port {api_port} (start it: ibgw-secret ... | ibgw-start --kind tws; or name \
         its --mode or --api-port, and --state-dir)"
    );
    Error::new(Exit::Down, message)
}

/// The time is up, and the login still goes on.
pub(crate) fn still_going(course: &Course) -> ReportAndError {
    let phase = course.phase.name();
    let next = course
        .next_action()
        .unwrap_or("run it again to go on waiting");
    let message = format!("IB Gateway is at {phase}, and goes on ({next})");
    let error = Error::new(Exit::TimedOut, message);
    (report(course, LoginState::TimedOut), Some(error))
}

/// IB Gateway is logged in, and its API does not serve us.
pub(crate) fn unserved(course: &Course, probe: &Probe) -> ReportAndError {
    let state = match probe.state {
        ProbeState::TimedOut => LoginState::TimedOut,
        ProbeState::Unavailable => LoginState::Unavailable,
        ProbeState::Down => LoginState::Down,
        ProbeState::Unknown => LoginState::Unexpected,
        // It serves, and the record of its start cannot be read at this moment: nothing says that all of it serves.
        ProbeState::Ready => return still_going(course),
    };
    let mut report = report(course, state);
    report.reason = Some(BreakReason::NotReady.into());
    report.how = Some(ready_by(course));
    (report, probe.error())
}

/// What made the session ready, or has logged in at least.
pub(crate) fn ready_by(course: &Course) -> ReadyBy {
    if course.has_token {
        ReadyBy::Token
    } else {
        ReadyBy::Ibc
    }
}

/// The API serves, and `--forward` is not open.
pub(crate) fn unforwarded(course: &Course) -> ReportAndError {
    let forward = course.setup.as_ref().and_then(|setup| setup.forward);
    let forward = forward.map_or_else(String::new, |address| format!(" ({address})"));
    let message = format!(
        "IB Gateway serves its clients, and its supervisor has not opened --forward{forward} in time (does another \
         program have that address?)"
    );
    let mut report = report(course, LoginState::TimedOut);
    report.reason = Some(BreakReason::NotReady.into());
    (report, Some(Error::new(Exit::TimedOut, message)))
}

/// What the ledger records of a start that ended for this reason.
pub(crate) fn submission_outcome(course: &Course) -> SubmissionOutcome {
    match course.reason {
        Some(CourseReason::WrongCredentials) => SubmissionOutcome::Refused,
        Some(CourseReason::Locked) => SubmissionOutcome::Locked,
        // IBKR took the password, and asked which session is to go on.
        Some(CourseReason::GaveWay | CourseReason::ChoiceWanted) => SubmissionOutcome::Succeeded,
        Some(
            CourseReason::TokenRefused
            | CourseReason::WaitAsked
            | CourseReason::PasskeyWanted
            | CourseReason::DeviceAbsent
            | CourseReason::SecondFactorExpired
            | CourseReason::SecondFactorStuck
            | CourseReason::LoginFailed
            | CourseReason::ColdRestart
            | CourseReason::TooManyRestarts
            | CourseReason::NoWindow
            | CourseReason::NoProgress
            | CourseReason::UnknownDialog
            | CourseReason::Ended
            | CourseReason::Told
            | CourseReason::Paused,
        )
        | None => SubmissionOutcome::Failed,
    }
}

/// The start has ended, or its supervisor is gone.
pub(crate) fn ended(course: &Course) -> ReportAndError {
    let Some(reason) = course.reason.filter(|_| course.phase.is_end()) else {
        return supervisor_gone(course);
    };
    let (state, exit) = outcome(reason);
    let why = sentence(reason, course);
    let text = match &course.page_text {
        Some(text) => format!(": {text}"),
        None => String::new(),
    };
    let next = match course.next_action() {
        Some(next) => format!(" ({next})"),
        None => String::new(),
    };
    let message = format!("{why}{text}{}{next}", course.open_dialogs());
    let mut report = report(course, state);
    report.reason = Some(LoginReason::Course(reason));
    (
        report,
        Some(with_wait(Error::new(exit, message), state, course)),
    )
}

fn supervisor_gone(course: &Course) -> ReportAndError {
    let mut report = report(course, LoginState::Down);
    report.reason = Some(BreakReason::BrokenOff.into());
    let message = "the supervisor of IB Gateway is gone, and IB Gateway with it (start it again: ibgw-start --kind tws)";
    (report, Some(Error::new(Exit::Down, message)))
}

/// The error with the wait that follows such a state.
fn with_wait(error: Error, state: LoginState, course: &Course) -> Error {
    if state == LoginState::SecondFactorExpired {
        return error.never_again().after(Some(AFTER_PUSH));
    }
    if state == LoginState::Unavailable {
        let asked = course.wait_seconds.map(Duration::from_secs);
        return error.after(Some(asked.unwrap_or(AFTER_BREAK)));
    }
    error
}

/// The state, and what the caller does next.
fn outcome(reason: CourseReason) -> (LoginState, Exit) {
    match reason {
        CourseReason::WrongCredentials | CourseReason::Locked | CourseReason::PasskeyWanted => {
            (LoginState::Refused, Exit::Refused)
        }
        CourseReason::WaitAsked | CourseReason::LoginFailed | CourseReason::ColdRestart => {
            (LoginState::Unavailable, Exit::Unavailable)
        }
        CourseReason::DeviceAbsent => (LoginState::NotAuthenticated, Exit::Config),
        CourseReason::SecondFactorExpired | CourseReason::SecondFactorStuck => {
            (LoginState::SecondFactorExpired, Exit::TimedOut)
        }
        CourseReason::GaveWay | CourseReason::ChoiceWanted => {
            (LoginState::Competing, Exit::Competing)
        }
        CourseReason::Told | CourseReason::Paused | CourseReason::Ended => {
            (LoginState::Down, Exit::Down)
        }
        CourseReason::TokenRefused
        | CourseReason::TooManyRestarts
        | CourseReason::NoWindow
        | CourseReason::NoProgress
        | CourseReason::UnknownDialog => (LoginState::Unexpected, Exit::Unexpected),
    }
}

fn sentence(reason: CourseReason, course: &Course) -> String {
    let sentence = match reason {
        CourseReason::DeviceAbsent => return course.device_absent(),
        CourseReason::WrongCredentials => {
            "IBKR refused the login: username and password do not fit"
        }
        CourseReason::Locked => "IBKR refused the login: too many have failed",
        CourseReason::WaitAsked => "IBKR says that too many logins have failed, and asks to wait",
        CourseReason::PasskeyWanted => "IBKR wants a passkey, which IBC cannot give",
        CourseReason::SecondFactorExpired => {
            "no person approved the notification on the phone in time"
        }
        CourseReason::SecondFactorStuck => {
            "the second factor was given, and the login did not complete"
        }
        CourseReason::LoginFailed => {
            "IBKR's servers broke the login off (it counts as failed; start again later)"
        }
        CourseReason::ColdRestart => {
            "IBC wanted to log in again, which the guard decides (start it again)"
        }
        CourseReason::GaveWay => "another session has the username, and this one gave way to it",
        CourseReason::ChoiceWanted => {
            "another session has the username, and the window asks which one goes on"
        }
        CourseReason::Told => "a stop of IB Gateway was asked for",
        CourseReason::Paused => "a pause of IB Gateway was asked for",
        CourseReason::Ended => "IB Gateway ended (ibc.log of the instance has its words)",
        CourseReason::TokenRefused => {
            "IBKR does not renew the session without a password; the next start logs in with the password"
        }
        CourseReason::TooManyRestarts => {
            "IB Gateway was started again over and over, and did not log in"
        }
        CourseReason::NoWindow => "the login window of IB Gateway did not come",
        CourseReason::NoProgress => "IB Gateway did not go on in time",
        CourseReason::UnknownDialog => "an unknown dialog waits for an answer",
    };
    sentence.to_owned()
}
