//! One login, guarded: recorded before it is sent, resolved after.

use crate::args::Args;
use crate::browser::{self, Browser, Task};
use crate::code::Authenticator;
use crate::ending::{Ending, Reason, Verdict};
use crate::mode::Mode;
use crate::record::Login;
use crate::report::{How, LoginReport, State};
use crate::session;
use ib_cli::{Answer, Error, Exit, Result, time};
use ib_guard::policy::{Decision, Terms};
use ib_guard::{Guard, Outcome, Submission, Why};
use ib_proc::Deadline;
use ib_webapi::{Gateway, Session, SessionState};
use std::time::{Duration, SystemTime};

/// A report, and the error beside it if there is one.
pub type Reported = (LoginReport, Option<Error>);

/// Asks the guard and logs in once, if it may be.
///
/// # Errors
/// As [`browser::log_in`], when nothing can be reported.
pub fn log_in(
    args: &Args,
    gateway: &Gateway,
    login: &Login,
    guard: &mut Guard,
    before: &Session,
    deadline: Deadline,
) -> Result<Reported> {
    let terms = args.terms();
    let now = SystemTime::now();
    if let Decision::Held { why, until } = guard.decide(now, terms) {
        return Ok(held(before, guard, terms, why, until));
    }
    let mode = args.mode.or(login.mode).unwrap_or_default();
    let browser = Browser::find(
        args.driver.as_deref(),
        args.browser.as_deref(),
        &args.browser_arg,
    )?;
    let task = Task {
        url: gateway.url(),
        username: &login.username,
        password: &login.password,
        mode,
        authenticator: login
            .totp_seed
            .as_deref()
            .map(|seed| Authenticator::new(seed))
            .transpose()?,
        device: args
            .second_factor
            .clone()
            .or_else(|| login.second_factor.clone()),
        evidence: args.screenshot_dir.clone(),
    };
    let mut sent = None;
    let ended = browser::log_in(&task, &browser, deadline, &mut || {
        sent = Some(guard.record(SystemTime::now(), "browser", mode.name())?);
        Ok(())
    });
    settle(
        args,
        gateway,
        guard,
        ended,
        sent.as_ref(),
        mode,
        before,
        deadline,
    )
}

/// Resolves the submission by what the page and then the session came to.
#[expect(
    clippy::too_many_arguments,
    reason = "all that one login has to do with, once"
)]
fn settle(
    args: &Args,
    gateway: &Gateway,
    guard: &mut Guard,
    ended: Result<Ending>,
    sent: Option<&Submission>,
    mode: Mode,
    before: &Session,
    deadline: Deadline,
) -> Result<Reported> {
    let mut resolve = |outcome| {
        sent.map_or(Ok(()), |sent| {
            guard.resolve(sent, outcome, SystemTime::now())
        })
    };
    let ending = match ended {
        Ok(ending) => ending,
        Err(error) => {
            resolve(Outcome::Failed)?;
            return Err(error);
        }
    };
    let (mut report, error) = match ending.verdict {
        Verdict::Accepted => {
            let after = session::await_bring_up(gateway, args.compete, deadline);
            let is_accepted = matches!(after.state, SessionState::Ready | SessionState::Competing);
            resolve(if is_accepted {
                Outcome::Succeeded
            } else {
                Outcome::Failed
            })?;
            accepted(&after)
        }
        Verdict::Refused(reason) => {
            resolve(if reason == Reason::Locked {
                Outcome::Locked
            } else {
                Outcome::Refused
            })?;
            refused(before, reason, ending.page_text.as_deref(), mode)
        }
        Verdict::Stopped(reason) => {
            resolve(Outcome::Failed)?;
            stopped(before, reason, ending.page_text.as_deref())
        }
    };
    report.mode = Some(mode);
    report.page_text = ending.page_text;
    report.second_factor = ending.second_factor;
    report.screenshot = ending.screenshot;
    report.submissions = u8::from(sent.is_some());
    report.failures_left = Some(guard.failures_left(SystemTime::now(), args.terms()));
    if let Decision::Held { until, .. } = guard.decide(SystemTime::now(), args.terms()) {
        report.hold_until = Some(time(until));
    }
    Ok((report, error))
}

fn accepted(after: &Session) -> Reported {
    let mut report = LoginReport::new(after);
    if after.state == SessionState::Ready {
        report.how = Some(How::Browser);
        return (report, None);
    }
    report.reason = Some(Reason::NotReady);
    let error = after.error();
    (report, Some(error).filter(|error| error.exit != Exit::No))
}

fn refused(before: &Session, reason: Reason, text: Option<&str>, mode: Mode) -> Reported {
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
    let hold = "further logins are held for 24 hours, or until --force-after-hold";
    let message = format!(
        "IBKR refused the login: {} ({hint}; {hold})",
        text.unwrap_or("no reason given")
    );
    (report, Some(Error::new(Exit::Refused, message)))
}

fn stopped(before: &Session, reason: Reason, text: Option<&str>) -> Reported {
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

fn held(before: &Session, guard: &Guard, terms: Terms, why: Why, until: SystemTime) -> Reported {
    let now = SystemTime::now();
    let mut report = LoginReport::new(before);
    report.state = State::Held;
    report.failures_left = Some(guard.failures_left(now, terms));
    report.hold_until = Some(time(until));
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
        Why::LedgerUnreadable => (
            Reason::HeldByLedger,
            "the ledger could not be understood",
            "; --forgive REASON if you know the count",
        ),
    };
    report.reason = Some(reason);
    let wait = until.duration_since(now).unwrap_or(Duration::ZERO);
    let message = format!(
        "nothing was sent: {cause} (held until {}{hint})",
        time(until)
    );
    (
        report,
        Some(Error::new(Exit::Held, message).after(Some(wait))),
    )
}

/// The page's words on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The answer of a report and its error.
pub fn answer((report, error): Reported, elapsed: Duration) -> Answer<crate::report::Outcome> {
    let is_ready = report.state == State::Ready;
    let report = report.finish(elapsed);
    match error {
        Some(error) => Answer::failed(report, error),
        None if is_ready => Answer::done(report),
        None => Answer::no(report),
    }
}
