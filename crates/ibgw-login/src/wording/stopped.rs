//! What is told of a page that was left alone.

use super::{Reported, one_line};
use crate::ending::Reason;
use crate::report::{LoginReport, LoginState};
use ib_cli::{Error, Exit};
use ib_webapi::Session;
use std::time::Duration;

/// How long to wait after a notification that nobody approved: two would be on the phone at once.
pub const AFTER_PUSH: Duration = Duration::from_secs(10 * 60);

/// What is told of a page, or of a second factor, that was left alone.
pub fn stopped(before: &Session, reason: Reason, text: Option<&str>) -> Reported {
    let mut report = LoginReport::new(before);
    let (state, exit) = outcome(reason);
    report.reason = Some(reason);
    report.state = state;
    let said = text.filter(|text| !text.trim().is_empty()).map(one_line);
    let said = said.map_or_else(String::new, |text| format!(": {text}"));
    let (happened, hint) = words(reason);
    let error = Error::new(exit, format!("{happened}{said} ({hint})"));
    let error = match reason {
        Reason::PushExpired => error.never_again().after(Some(AFTER_PUSH)),
        _ => error,
    };
    (report, Some(error))
}

/// The state, and what the caller does next.
fn outcome(reason: Reason) -> (LoginState, Exit) {
    match reason {
        Reason::AccessDenied => (LoginState::UnknownPage, Exit::Config),
        Reason::Unavailable => (LoginState::Unavailable, Exit::Unavailable),
        Reason::NoSeed | Reason::DeviceAbsent => (LoginState::NotAuthenticated, Exit::Config),
        Reason::PageNotLoaded => (LoginState::TimedOut, Exit::TimedOut),
        Reason::PushExpired => (LoginState::SecondFactorExpired, Exit::TimedOut),
        _ => (LoginState::UnknownPage, Exit::Unexpected),
    }
}

/// What happened, and what a person should do.
fn words(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::UnsoundTerms => (
            "the login wants numbers that are not known to be sound, nothing was sent",
            "see whether it is IBKR that answers; --method browser trusts it",
        ),
        Reason::AccessDenied => (
            "the Gateway denies access",
            "put 127.0.0.1 into ips.allow of its conf.yaml",
        ),
        Reason::Unavailable => (
            "a server's error came in place of the login page",
            "wait: IBKR may be in maintenance",
        ),
        Reason::NoSeed => (
            "the login wants a code of the authenticator app, and the record has no totp_seed",
            "put its seed into the record",
        ),
        Reason::DeviceAbsent => (
            "the second factor asked for is not among those offered",
            "give one of them with --second-factor",
        ),
        Reason::PageNotLoaded => (
            "the login page did not load in time",
            "see whether the Gateway reaches IBKR, then restart it",
        ),
        Reason::FormNotFound => (
            "the login page has no form that is known, nothing was sent",
            "look at it with --screenshot-dir; --page FILE mends what is known of it",
        ),
        Reason::NoToggle => (
            "the page has no Live/Paper toggle, so nobody could know where the login would lead, nothing was sent",
            "look at it with --screenshot-dir; --page FILE mends what is known of it",
        ),
        Reason::FormNotFilled => (
            "the form could not be filled in, or has no button that can be pressed",
            "look at it with --screenshot-dir; --page FILE mends what is known of it",
        ),
        Reason::NothingHappened => (
            "the form was sent and nothing happened",
            "restart the Gateway",
        ),
        Reason::SentBack => (
            "the login page came again after the password was accepted, and says nothing",
            "log in by hand once: IBKR may want something done there; then restart the Gateway",
        ),
        Reason::PushWanted => (
            "the login wants a notification on the phone approved, and none was asked for",
            "give --second-factor push, or set up an authenticator app at IBKR",
        ),
        Reason::ChallengeWanted => (
            "the login wants a challenge answered",
            "give --code-from, and --challenge-out for whoever answers",
        ),
        Reason::OtherCodeWanted => (
            "the login wants a code that no authenticator app makes",
            "give --code-from",
        ),
        Reason::QrCodeWanted => (
            "the login wants a picture read by the phone",
            "give --second-factor push, or set up an authenticator app at IBKR",
        ),
        Reason::PasskeyWanted => (
            "the login wants a passkey",
            "set up an authenticator app at IBKR, or log in by hand",
        ),
        Reason::EmailCodeWanted => (
            "the login wants a code that came by email",
            "log in by hand from this machine once",
        ),
        Reason::VerificationWanted => (
            "IBKR wants something confirmed on a page of its own",
            "log in by hand and confirm it",
        ),
        Reason::UnknownSecondFactor => (
            "the login wants a second factor that is not known",
            "set up an authenticator app at IBKR, or log in by hand",
        ),
        Reason::PushExpired => (
            "nobody approved the notification on the phone in time",
            "have somebody expect the next one: --before-push",
        ),
        _ => (
            "the login led to a page that is not known",
            "look at it with --screenshot-dir, and log in by hand",
        ),
    }
}
