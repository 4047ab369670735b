//! One login, guarded: recorded before it is sent, resolved after.

use crate::args::{Args, Method};
use crate::browser::{self, Browser};
use crate::code::Authenticator;
use crate::direct::{self, browser_id};
use crate::ending::{Ending, Reason, Verdict};
use crate::factor::Wanted;
use crate::mode::Mode;
use crate::record::Login;
use crate::report::{How, State};
use crate::session;
use crate::task::{Sending, Task};
use crate::told::{Reported, accepted, broken_off, held, refused, stopped, unanswered};
use crate::way::Way;
use ib_cli::{Answer, Error, Exit, Result, StateDir, time, warn};
use ib_guard::policy::Decision;
use ib_guard::{Guard, Outcome, Submission};
use ib_proc::Deadline;
use ib_webapi::{Gateway, LoginHost, Session, SessionState};
use std::time::{Duration, SystemTime};

/// All that one login has to do with.
pub struct Attempt<'a> {
    /// What this tool was told.
    pub args: &'a Args,
    /// Where ledgers and browsers' names are kept.
    pub state: &'a StateDir,
    /// Where to log in.
    pub gateway: &'a Gateway,
    /// Who logs in.
    pub login: &'a Login,
    /// The session as it was before.
    pub before: &'a Session,
    /// When the run must have ended.
    pub deadline: Deadline,
}

/// How one way to log in ended, and what was recorded of it: nothing when nothing that counts was sent.
struct Tried {
    how: How,
    ended: Result<Ending>,
    sent: Option<Submission>,
}

impl Attempt<'_> {
    /// Asks the guard and logs in once, if it may be.
    ///
    /// # Errors
    /// As [`direct::log_in`] and [`browser::log_in`], when nothing can be reported.
    pub fn log_in(&self, guard: &mut Guard) -> Result<Reported> {
        let terms = self.args.terms(self.login);
        if let Decision::Held { why, until } = guard.decide(&terms) {
            return Ok(held(self.before, guard, &terms, why, until));
        }
        let task = self.task(guard)?;
        let tried = match Way::of(self.args, &task)? {
            Way::Browser(browser) => self.on_the_page(guard, &task, &browser)?,
            Way::Direct { fallback } => {
                let tried = self.directly(guard, &task)?;
                match (&tried.ended, fallback) {
                    // What is not understood may be a newer page, and nothing that counts was sent.
                    (Err(error), Some(browser))
                        if tried.sent.is_none() && error.exit == Exit::Unexpected =>
                    {
                        warn("direct_failed", &error.to_string());
                        self.on_the_page(guard, &task, &browser)?
                    }
                    _ => tried,
                }
            }
        };
        // A hold that began meanwhile is told as any other.
        if let (Err(error), None) = (&tried.ended, &tried.sent)
            && error.exit == Exit::Held
            && let terms = self.args.terms(self.login)
            && let Decision::Held { why, until } = guard.decide(&terms)
        {
            return Ok(held(self.before, guard, &terms, why, until));
        }
        self.settle(guard, tried)
    }

    fn directly(&self, guard: &mut Guard, task: &Task<'_>) -> Result<Tried> {
        let (host, how, mut sent) = (LoginHost::new(&self.args.gateway)?, How::Direct, None);
        let username = self.login.username.to_lowercase();
        let id = browser_id::of(self.state, &username, SystemTime::now())?;
        let ended = direct::log_in(task, &host, &id, self.deadline, &mut |sending| {
            self.record(guard, sending, how, &mut sent)
        });
        Ok(Tried { how, ended, sent })
    }

    fn on_the_page(&self, guard: &mut Guard, task: &Task<'_>, browser: &Browser) -> Result<Tried> {
        let (how, mut sent) = (How::Browser, None);
        let driver = browser.start(task.url, task.is_loopback, self.deadline)?;
        let ended = browser::log_in(task, &driver, self.deadline, &mut |sending| {
            self.record(guard, sending, how, &mut sent)
        });
        // The browser ends while the session comes up.
        driver.begin_to_end();
        Ok(Tried { how, ended, sent })
    }

    /// Records what is about to be sent, or forbids it.
    fn record(
        &self,
        guard: &mut Guard,
        sending: Sending,
        how: How,
        sent: &mut Option<Submission>,
    ) -> Result<()> {
        match (sending, &sent) {
            (Sending::Credentials, _) => {
                let terms = self.args.terms(self.login);
                *sent = Some(guard.record(how.name(), self.mode().name(), &terms)?);
                Ok(())
            }
            (Sending::Code(window), Some(sent)) => guard.record_code(sent, window),
            (Sending::Push, Some(sent)) => guard.record_push(sent),
            (Sending::Code(_) | Sending::Push, None) => Err(Error::new(
                Exit::Unexpected,
                "the login wants a second factor before username and password (not sent)",
            )),
        }
    }

    fn mode(&self) -> Mode {
        self.args.mode(self.login)
    }

    fn task(&self, guard: &Guard) -> Result<Task<'_>> {
        let seed = self.login.totp_seed.as_deref();
        let wanted = self.args.second_factor.as_ref();
        Ok(Task {
            url: self.gateway.url(),
            is_loopback: self.gateway.is_loopback(),
            username: &self.login.username,
            password: &self.login.password,
            mode: self.mode(),
            authenticator: seed.map(|seed| Authenticator::new(seed)).transpose()?,
            code_windows: guard.ledger().code_windows.clone(),
            wanted: wanted
                .or(self.login.second_factor.as_ref())
                .map(|name| Wanted::of(name)),
            evidence: self.args.screenshot_dir.clone(),
            code_from: self.args.code_from.as_ref(),
            challenge_out: self.args.challenge_out.as_deref(),
            push_wait: self.args.push_wait,
            may_push: self.args.method == Method::Direct,
            before_push: self.args.before_push.as_ref(),
        })
    }

    /// Resolves the submission by what the login and then the session came to.
    fn settle(&self, guard: &mut Guard, tried: Tried) -> Result<Reported> {
        let Tried { how, ended, sent } = tried;
        let ending = match ended {
            Ok(ending) => ending,
            Err(error) if sent.is_some() => Ending::of(Verdict::BrokenOff(error)),
            Err(error) if how == How::Direct => Ending::of(Verdict::Unanswered(error)),
            Err(error) => return Err(error),
        };
        if let (Some(sent), Some(is_sent)) = (&sent, ending.push) {
            guard.saw_push(sent, is_sent);
        }
        let mut resolve = |outcome| {
            if let Some(sent) = &sent {
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
                accepted(&after, how)
            }
            Verdict::Refused(reason) => {
                resolve(match reason {
                    Reason::Locked => Outcome::Locked,
                    _ => Outcome::Refused,
                });
                refused(self.before, reason, text, self.mode(), sent.is_some())
            }
            Verdict::Stopped(reason) => {
                resolve(Outcome::Failed);
                stopped(self.before, reason, text)
            }
            Verdict::BrokenOff(error) => {
                resolve(Outcome::Failed);
                broken_off(self.before, error, how)
            }
            Verdict::Unanswered(error) => unanswered(self.before, error)?,
        };
        let terms = self.args.terms(self.login);
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
