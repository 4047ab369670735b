//! What is told of each way the login of an IB Gateway can end.

use crate::ending::Reason;
use crate::report::{LoginReport, LoginState, ReadyBy};
use crate::wording::{AFTER_PUSH, Reported};
use ib_cli::{Error, Exit};
use ib_guard::SubmissionOutcome;
use ib_tws::{Course, CourseReason, Probe};
use std::time::Duration;

/// When the next login may be tried after one that IBKR's servers broke off.
const AFTER_BREAK: Duration = Duration::from_secs(60);

/// What the supervisor knows, in the report's words.
pub fn report(course: &Course, state: LoginState) -> LoginReport {
    for message in course.settings_not_taken() {
        ib_cli::warn("setting_not_taken", &message);
    }
    LoginReport {
        page_text: course.page_text.clone(),
        phase: Some(course.phase),
        mode: Some(course.mode),
        second_factor: course.pushed.filter(|pushed| *pushed).map(|_| "push"),
        screenshot: course.screenshot.clone(),
        // By the start that is followed, since it last began.
        submissions: u8::from(course.has_typed && !course.has_token),
        ..LoginReport::of_kind("tws", state)
    }
}

/// The error when there is no IB Gateway to follow.
pub fn nothing_runs(api_port: u16) -> Error {
    super::down(format!(
        "no IB Gateway was started here for port {api_port} (start it: ibgw-secret ... | ibgw-start --kind tws; or name \
         its --mode or --api-port, and --state-dir)"
    ))
}

/// What is told when our time is up and it still goes on.
pub fn still_going(course: &Course) -> Reported {
    let phase = course.phase.name();
    let next = course.next_action();
    let next = next.map_or_else(|| "run it again to go on waiting".to_owned(), str::to_owned);
    let message = format!("IB Gateway is at {phase}, and goes on ({next})");
    let error = Error::new(Exit::TimedOut, message);
    (report(course, LoginState::TimedOut), Some(error))
}

/// What is told when it is logged in and does not serve us.
pub fn unserved(course: &Course, probe: &Probe) -> Reported {
    let error = probe.error();
    let state = match error.exit {
        Exit::TimedOut => LoginState::TimedOut,
        Exit::Unavailable => LoginState::Unavailable,
        Exit::Down => LoginState::Down,
        _ => LoginState::UnknownPage,
    };
    let mut report = report(course, state);
    report.reason = Some(Reason::NotReady);
    report.how = Some(if course.has_token {
        ReadyBy::Token
    } else {
        ReadyBy::Ibc
    });
    (report, Some(error))
}

/// What is told when the API serves, and what it is to be passed on from is not open.
pub fn unforwarded(course: &Course) -> Reported {
    let forward = course.setup.as_ref().and_then(|setup| setup.forward);
    let forward = forward.map_or_else(String::new, |address| format!(" ({address})"));
    let message = format!(
        "IB Gateway serves its clients, and its supervisor has not opened --forward{forward} in time (does another \
         program have that address?)"
    );
    let mut report = report(course, LoginState::TimedOut);
    report.reason = Some(Reason::NotReady);
    (report, Some(Error::new(Exit::TimedOut, message)))
}

/// What the ledger is to hear of a start that ended so.
pub fn of_ledger(course: &Course) -> SubmissionOutcome {
    match course.reason {
        Some(CourseReason::WrongCredentials) => SubmissionOutcome::Refused,
        Some(CourseReason::Locked) => SubmissionOutcome::Locked,
        // IBKR took the password, and asked which session is to go on.
        Some(CourseReason::GaveWay | CourseReason::ChoiceWanted) => SubmissionOutcome::Succeeded,
        _ => SubmissionOutcome::Failed,
    }
}

/// What is told of a start that has ended, or whose supervisor is gone.
pub fn ended(course: &Course) -> Reported {
    let Some(reason) = course.reason.filter(|_| course.phase.is_end()) else {
        let mut report = report(course, LoginState::Down);
        report.reason = Some(Reason::BrokenOff);
        let message = "the supervisor of IB Gateway is gone, and IB Gateway with it (start it again: ibgw-start --kind tws)";
        return (report, Some(super::down(message.to_owned())));
    };
    let (state, exit, reason, why) = meaning(reason);
    let next = course.next_action();
    let next = next.map_or_else(String::new, |next| format!(" ({next})"));
    let why = match reason {
        Reason::DeviceAbsent => course.device_absent(),
        _ => why.to_owned(),
    };
    let words = course.page_text.as_ref();
    let words = words.map_or_else(String::new, |words| format!(": {words}"));
    let error = Error::new(exit, format!("{why}{words}{}{next}", course.open_dialogs()));
    let error = match state {
        LoginState::SecondFactorExpired => error.never_again().after(Some(AFTER_PUSH)),
        LoginState::Unavailable => {
            let asked = course.wait_seconds.map(Duration::from_secs);
            error.after(Some(asked.unwrap_or(AFTER_BREAK)))
        }
        _ => error,
    };
    let mut report = report(course, state);
    report.reason = Some(reason);
    (report, Some(error))
}

/// The state, what the caller does next, the reason, and the sentence.
fn meaning(reason: CourseReason) -> (LoginState, Exit, Reason, &'static str) {
    match reason {
        CourseReason::WrongCredentials => (
            LoginState::Refused,
            Exit::Refused,
            Reason::WrongCredentials,
            "IBKR refused the login: username and password do not fit",
        ),
        CourseReason::Locked => (
            LoginState::Refused,
            Exit::Refused,
            Reason::Locked,
            "IBKR refused the login: too many have failed",
        ),
        CourseReason::WaitAsked => (
            LoginState::Unavailable,
            Exit::Unavailable,
            Reason::WaitAsked,
            "IBKR says that too many logins have failed, and asks to wait",
        ),
        CourseReason::DeviceAbsent => (
            LoginState::NotAuthenticated,
            Exit::Config,
            Reason::DeviceAbsent,
            "",
        ),
        CourseReason::PasskeyWanted => (
            LoginState::Refused,
            Exit::Refused,
            Reason::PasskeyWanted,
            "IBKR wants a passkey, which IBC cannot give",
        ),
        CourseReason::SecondFactorExpired => (
            LoginState::SecondFactorExpired,
            Exit::TimedOut,
            Reason::PushExpired,
            "nobody approved the notification on the phone in time",
        ),
        CourseReason::SecondFactorStuck => (
            LoginState::SecondFactorExpired,
            Exit::TimedOut,
            Reason::SecondFactorStuck,
            "the second factor was given, and the login did not complete",
        ),
        CourseReason::LoginFailed => (
            LoginState::Unavailable,
            Exit::Unavailable,
            Reason::LoginFailed,
            "IBKR's servers broke the login off (it counts as failed; start again later)",
        ),
        CourseReason::ColdRestart => (
            LoginState::Unavailable,
            Exit::Unavailable,
            Reason::ColdRestart,
            "IBC wanted to log in again by itself, which is for the guard to allow (start it again)",
        ),
        CourseReason::GaveWay => (
            LoginState::Competing,
            Exit::Competing,
            Reason::GaveWay,
            "another session has the username, and this one gave way to it",
        ),
        CourseReason::ChoiceWanted => (
            LoginState::Competing,
            Exit::Competing,
            Reason::ChoiceWanted,
            "another session has the username, and the window asks which is to go on",
        ),
        CourseReason::Told => (
            LoginState::Down,
            Exit::Down,
            Reason::Told,
            "IB Gateway was told to end",
        ),
        CourseReason::Paused => (
            LoginState::Down,
            Exit::Down,
            Reason::Paused,
            "IB Gateway was told to pause",
        ),
        CourseReason::Ended => (
            LoginState::Down,
            Exit::Down,
            Reason::Ended,
            "IB Gateway ended by itself (ibc.log of the instance has its words)",
        ),
        CourseReason::TokenRefused => (
            LoginState::UnknownPage,
            Exit::Unexpected,
            Reason::TokenRefused,
            "IBKR does not renew the session without a password; the next start logs in anew",
        ),
        CourseReason::TooManyRestarts => (
            LoginState::UnknownPage,
            Exit::Unexpected,
            Reason::TooManyRestarts,
            "IB Gateway was started again over and over, and did not log in",
        ),
        CourseReason::NoWindow => (
            LoginState::UnknownPage,
            Exit::Unexpected,
            Reason::NoWindow,
            "the login window of IB Gateway did not come",
        ),
        CourseReason::NoProgress => (
            LoginState::UnknownPage,
            Exit::Unexpected,
            Reason::NoProgress,
            "IB Gateway did not go on in time",
        ),
        CourseReason::UnknownDialog => (
            LoginState::UnknownPage,
            Exit::Unexpected,
            Reason::UnknownDialog,
            "a dialog that is not known waits for an answer",
        ),
    }
}
