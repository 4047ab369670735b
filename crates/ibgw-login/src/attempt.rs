//! One login, guarded: recorded before it is sent, resolved after.

use crate::args::Args;
use crate::browser::{self, AUTHENTICATOR, Browser, Sending, Task};
use crate::code::Authenticator;
use crate::ending::{Ending, Reason, Verdict};
use crate::mode::Mode;
use crate::record::Login;
use crate::report::State;
use crate::session;
use crate::told::{Reported, accepted, broken_off, held, refused, stopped};
use ib_cli::{Answer, Error, Exit, Result, time};
use ib_guard::policy::Decision;
use ib_guard::{Guard, Outcome, Submission};
use ib_proc::Deadline;
use ib_webapi::{Gateway, Session, SessionState};
use std::time::Duration;

/// All that one login has to do with.
pub struct Attempt<'a> {
    /// What this tool was told.
    pub args: &'a Args,
    /// Where to log in.
    pub gateway: &'a Gateway,
    /// Who logs in.
    pub login: &'a Login,
    /// The session as it was before.
    pub before: &'a Session,
    /// When the run must have ended.
    pub deadline: Deadline,
}

impl Attempt<'_> {
    /// Asks the guard and logs in once, if it may be.
    ///
    /// # Errors
    /// As [`browser::log_in`], when nothing can be reported.
    pub fn log_in(&self, guard: &mut Guard) -> Result<Reported> {
        let terms = self.args.terms();
        if let Decision::Held { why, until } = guard.decide(&terms) {
            return Ok(held(self.before, guard, &terms, why, until));
        }
        let browser = Browser::find(
            self.args.driver.as_deref(),
            self.args.browser.as_deref(),
            &self.args.browser_arg,
        )?;
        let (task, mut sent) = (self.task(guard)?, None);
        let driver = browser.start(task.url, task.is_loopback, self.deadline)?;
        let ended = browser::log_in(&task, &driver, self.deadline, &mut |sending| {
            match (sending, &sent) {
                (Sending::Credentials, _) => {
                    sent = Some(guard.record("browser", task.mode.name(), &self.args.terms())?);
                }
                (Sending::Code(window), Some(sent)) => guard.record_code(sent, window)?,
                (Sending::Code(_), None) => {
                    let message = "the page wants a code before username and password (not sent)";
                    return Err(Error::new(Exit::Unexpected, message));
                }
            }
            Ok(())
        });
        // The browser ends while the session comes up.
        driver.begin_to_end();
        self.settle(guard, ended, sent.as_ref())
    }

    fn mode(&self) -> Mode {
        self.args.mode.or(self.login.mode).unwrap_or_default()
    }

    fn task(&self, guard: &Guard) -> Result<Task<'_>> {
        let seed = self.login.totp_seed.as_deref();
        let device = self.args.second_factor.as_ref();
        Ok(Task {
            url: self.gateway.url(),
            is_loopback: self.gateway.is_loopback(),
            username: &self.login.username,
            password: &self.login.password,
            mode: self.mode(),
            authenticator: seed.map(|seed| Authenticator::new(seed)).transpose()?,
            code_windows: guard.ledger().code_windows.clone(),
            device: device
                .or(self.login.second_factor.as_ref())
                .map(|name| known_device(name))
                .transpose()?,
            evidence: self.args.screenshot_dir.clone(),
        })
    }

    /// Resolves the submission by what the page and then the session came to.
    fn settle(
        &self,
        guard: &mut Guard,
        ended: Result<Ending>,
        sent: Option<&Submission>,
    ) -> Result<Reported> {
        let ending = match ended {
            Ok(ending) => ending,
            Err(error) if sent.is_none() => return Err(error),
            Err(error) => Ending::broken_off(error),
        };
        if let (Some(sent), Some(is_sent)) = (sent, ending.push) {
            guard.saw_push(sent, is_sent);
        }
        let mut resolve = |outcome| {
            if let Some(sent) = sent {
                guard.resolve(sent, outcome);
            }
        };
        let text = ending.page_text.as_deref();
        let (mut report, error) = match ending.verdict {
            Verdict::Accepted => {
                let after = session::await_bring_up(self.gateway, self.args.compete, self.deadline);
                resolve(match after.state {
                    SessionState::Ready | SessionState::Competing => Outcome::Succeeded,
                    _ => Outcome::Failed,
                });
                accepted(&after)
            }
            Verdict::Refused(reason) => {
                resolve(match reason {
                    Reason::Locked => Outcome::Locked,
                    _ => Outcome::Refused,
                });
                refused(self.before, reason, text, self.mode())
            }
            Verdict::Stopped(reason) => {
                resolve(Outcome::Failed);
                stopped(self.before, reason, text)
            }
            Verdict::BrokenOff(error) => {
                resolve(Outcome::Failed);
                broken_off(self.before, error)
            }
        };
        let terms = self.args.terms();
        report.mode = Some(self.mode());
        report.page_text = ending.page_text;
        report.second_factor = ending.second_factor;
        report.screenshot = ending.screenshot;
        report.submissions = u8::from(sent.is_some());
        report.failures_left = Some(guard.failures_left(&terms));
        if let Decision::Held { until, .. } = guard.decide(&terms) {
            report.hold_until = until.map(time);
        }
        Ok((report, error))
    }
}

/// The device behind a word that stands for a kind of second factor; any other name as it is.
fn known_device(name: &str) -> Result<String> {
    match name {
        "totp" => Ok(AUTHENTICATOR.to_owned()),
        "sms" | "push" | "challenge" => {
            let message =
                format!("the second factor {name} cannot be used yet (totp can; nothing was sent)");
            Err(Error::new(Exit::Config, message))
        }
        other => Ok(other.to_owned()),
    }
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
