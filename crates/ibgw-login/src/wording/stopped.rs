//! The words of a login at which the tool stopped.

use super::{ReportAndError, one_line};
use crate::factor::FactorKind;
use crate::reason::StopReason;
use crate::report::{LoginReport, LoginState};
use ib_cli::{Error, Exit};
use ib_webapi::Session;
use std::time::Duration;

/// How long to wait after a notification that expired: otherwise two are on the phone at once.
pub(crate) const AFTER_PUSH: Duration = Duration::from_secs(10 * 60);

/// The tool stopped at a page or a second factor, and touched nothing more.
pub(crate) fn stopped(before: &Session, reason: StopReason, text: Option<&str>) -> ReportAndError {
    let mut report = LoginReport::new(before);
    let (state, exit) = outcome(reason);
    report.reason = Some(reason.into());
    report.state = state;
    let shown = match text {
        Some(text) if !text.trim().is_empty() => format!(": {}", one_line(text)),
        Some(_) | None => String::new(),
    };
    let (happened, hint) = words(reason);
    let error = Error::new(exit, format!("{happened}{shown} ({hint})"));
    if reason == StopReason::SecondFactorExpired {
        return (report, Some(error.never_again().after(Some(AFTER_PUSH))));
    }
    (report, Some(error))
}

/// The second factor was not given before the time was up.
pub(crate) fn expired(
    before: &Session,
    error: Error,
    second_factor: Option<FactorKind>,
) -> ReportAndError {
    if second_factor == Some(FactorKind::Push) {
        return stopped(before, StopReason::SecondFactorExpired, None);
    }
    let mut report = LoginReport::new(before);
    report.state = LoginState::SecondFactorExpired;
    report.reason = Some(StopReason::SecondFactorExpired.into());
    (report, Some(error.never_again()))
}

/// The state, and what the caller does next.
fn outcome(reason: StopReason) -> (LoginState, Exit) {
    match reason {
        StopReason::AccessDenied => (LoginState::UnknownPage, Exit::Config),
        StopReason::Unavailable => (LoginState::Unavailable, Exit::Unavailable),
        StopReason::NoSeed | StopReason::DeviceAbsent => {
            (LoginState::NotAuthenticated, Exit::Config)
        }
        StopReason::PageNotLoaded => (LoginState::TimedOut, Exit::TimedOut),
        StopReason::SecondFactorExpired => (LoginState::SecondFactorExpired, Exit::TimedOut),
        StopReason::PushWanted
        | StopReason::ChallengeWanted
        | StopReason::OtherCodeWanted
        | StopReason::QrCodeWanted
        | StopReason::PasskeyWanted
        | StopReason::EmailCodeWanted
        | StopReason::UnknownSecondFactor
        | StopReason::FormNotFound
        | StopReason::NoToggle
        | StopReason::FormNotFilled
        | StopReason::NothingHappened
        | StopReason::SentBack
        | StopReason::VerificationWanted
        | StopReason::UnknownPage
        | StopReason::UnsoundTerms => (LoginState::UnknownPage, Exit::Unexpected),
    }
}

/// What happened, and what a person should do.
fn words(reason: StopReason) -> (&'static str, &'static str) {
    match reason {
        StopReason::UnsoundTerms => (
            "the login wants numbers that are not known to be sound, nothing was sent",
            "check that it is IBKR that answers; --method browser takes any numbers",
        ),
        StopReason::AccessDenied => (
            "the Gateway denies access",
            "start it with ibgw-start --allow 127.0.0.1, or put your address into ips.allow of its conf.yaml",
        ),
        StopReason::Unavailable => (
            "a server's error came in place of the login page",
            "wait: IBKR may be in maintenance",
        ),
        StopReason::NoSeed => (
            "the login wants a code of the authenticator app, and the record has no totp_seed",
            "put its seed into the record: ibgw-secret --totp-seed file:SEED",
        ),
        StopReason::DeviceAbsent => (
            "the second factor that you named is not offered",
            "give one of them with --second-factor",
        ),
        StopReason::PageNotLoaded => (
            "the login page did not load in time",
            "check that the Gateway reaches IBKR, then restart it: ibgw-start --stop, then ibgw-start",
        ),
        StopReason::FormNotFound => (
            "the login page has no known form, nothing was sent",
            "look at it with --screenshot-dir DIR; --page FILE overrides what the tool knows of it; --method direct needs no page",
        ),
        StopReason::NoToggle => (
            "the page has no Live/Paper toggle, so the tool cannot know where the login would lead, nothing was sent",
            "look at it with --screenshot-dir DIR; --page FILE overrides what the tool knows of it; --method direct needs no page",
        ),
        StopReason::FormNotFilled => (
            "the form could not be filled in, or has no button that can be pressed",
            "look at it with --screenshot-dir DIR; --page FILE overrides what the tool knows of it; --method direct needs no page",
        ),
        StopReason::NothingHappened => (
            "the form was sent and nothing happened",
            "restart the Gateway: ibgw-start --stop, then ibgw-start",
        ),
        StopReason::SentBack => (
            "the login page came again after the password was accepted, and says nothing",
            "log in by hand once, since IBKR may want you to confirm something; then restart the Gateway",
        ),
        StopReason::PushWanted => (
            "the login wants a notification on the phone approved, and the call did not choose it",
            "give --second-factor push, or set up an authenticator app at IBKR",
        ),
        StopReason::ChallengeWanted => (
            "the login wants a challenge answered",
            "give --code-from REF for the answer, and --challenge-out FILE for the challenge",
        ),
        StopReason::OtherCodeWanted => (
            "the login wants a code that no authenticator app makes",
            "give --code-from REF",
        ),
        StopReason::QrCodeWanted => (
            "the login wants a picture read by the phone",
            "give --second-factor push, or set up an authenticator app at IBKR",
        ),
        StopReason::PasskeyWanted => (
            "the login wants a passkey",
            "set up an authenticator app at IBKR, or log in by hand",
        ),
        StopReason::EmailCodeWanted => (
            "the login wants a code that came by email",
            "log in by hand from this machine once",
        ),
        StopReason::VerificationWanted => (
            "IBKR wants something confirmed on a page of its own",
            "log in by hand and confirm it",
        ),
        StopReason::UnknownSecondFactor => (
            "the login wants a second factor that the tool does not know",
            "set up an authenticator app at IBKR, or log in by hand",
        ),
        StopReason::SecondFactorExpired => (
            "no person approved the notification on the phone in time",
            "announce the next one with --before-push CMD, and have the phone ready",
        ),
        StopReason::UnknownPage => (
            "the login led to a page that the tool does not know",
            "look at it with --screenshot-dir DIR, and log in by hand",
        ),
    }
}
