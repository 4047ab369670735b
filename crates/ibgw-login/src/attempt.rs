//! One login under the guard: recorded before it is sent, resolved after.

use crate::args::{LoginArgs, Method};
use crate::authenticator::Authenticator;
use crate::browser::{self, Browser};
use crate::direct::{self, browser_id};
use crate::ending::{LoginEnding, Verdict};
use crate::factor::WantedFactor;
use crate::known_page::KnownPage;
use crate::reason::Refusal;
use crate::report::ReadyBy;
use crate::task::{Sending, Task};
use crate::way::Way;
use crate::wording::{ReportAndError, held};
use ib_cli::{Error, Exit, Login, Mode, Result, SecretText, StateDir, log, warn};
use ib_guard::policy::{Decision, Terms};
use ib_guard::{Guard, LoginMethod, Submission, SubmissionOutcome};
use ib_proc::Deadline;
use ib_webapi::{Gateway, LoginHost, Session};
use std::time::SystemTime;

/// Everything that one login needs.
pub(crate) struct LoginAttempt<'a> {
    /// The flags of this run.
    pub args: &'a LoginArgs,
    /// Where the tool keeps ledgers and browsers' names.
    pub state: &'a StateDir,
    /// Where to log in.
    pub gateway: &'a Gateway,
    /// The login record.
    pub login: &'a Login,
    /// What the tool knows of the login page.
    pub page: &'a KnownPage,
    /// The session before the login.
    pub before: &'a Session,
    /// When the run must have ended.
    pub deadline: Deadline,
}

/// How one login ended, and its record in the ledger: `None` when nothing was sent that counts.
pub(crate) struct TriedLogin {
    pub mode: Mode,
    pub how: ReadyBy,
    /// The browser that opened, and its version; `None` when none did.
    pub browser: Option<String>,
    pub ended: Result<LoginEnding>,
    pub sent: Option<Submission>,
    /// How often username and password were sent, counting an earlier mode too.
    pub submissions: u8,
}

impl LoginAttempt<'_> {
    /// Asks the guard, and logs in once if it allows that. Logs in to paper after that where you allowed it and IBKR asks
    /// for it.
    ///
    /// # Errors
    /// As [`direct::log_in`] and [`browser::log_in`], when nothing can be reported.
    pub(crate) fn log_in(&self, guard: &mut Guard) -> Result<ReportAndError> {
        let mode = self.args.mode(self.login);
        let terms = self.terms(mode);
        if let Decision::Held { why, until } = guard.decide(&terms) {
            return Ok(held(self.before, guard, &terms, why, until));
        }
        let mut tried = self.log_in_to(mode, guard)?;
        if self.may_switch_to_paper(&tried, guard) {
            tried = self.switch_to_paper(&tried, guard)?;
        }
        self.settle(guard, tried)
    }

    /// What the guard may allow in a mode.
    pub(crate) fn terms(&self, mode: Mode) -> Terms {
        self.args.terms(self.login, mode)
    }

    fn log_in_to(&self, mode: Mode, guard: &mut Guard) -> Result<TriedLogin> {
        let task = self.task(mode, guard)?;
        match Way::of(self.args, &task)? {
            Way::Browser(browser) => self.on_the_page(guard, &task, &browser),
            Way::Direct { fallback } => {
                let tried = self.directly(guard, &task)?;
                // An answer that the tool does not understand may come from a newer page, and nothing was sent that counts.
                if let (Err(error), Some(browser)) = (&tried.ended, fallback)
                    && tried.sent.is_none()
                    && error.exit == Exit::Unexpected
                {
                    warn("direct_failed", &error.to_string());
                    return self.on_the_page(guard, &task, &browser);
                }
                Ok(tried)
            }
        }
    }

    fn may_switch_to_paper(&self, tried: &TriedLogin, guard: &Guard) -> bool {
        let is_wanted = matches!(
            &tried.ended,
            Ok(ending) if matches!(ending.verdict, Verdict::Refused(Refusal::PaperNeeded))
        );
        // What was sent counts as failed already, so this is what is left after it.
        let is_allowed = guard.failures_left(&self.terms(Mode::Paper)) > 0;
        self.args.may_switch_to_paper() && tried.mode == Mode::Live && is_wanted && is_allowed
    }

    /// Logs in to paper after IBKR said that the username is one for paper. It is a submission of its own.
    fn switch_to_paper(&self, tried: &TriedLogin, guard: &mut Guard) -> Result<TriedLogin> {
        let message = "IBKR says that the username is one for paper, so paper is logged in to (give --mode paper: the \
                       first try counts as failed)";
        warn("switched_to_paper", message);
        if let Some(sent) = &tried.sent {
            guard.saw_push(sent, false);
            // Only the mode was wrong, so it counts and does not hold.
            guard.resolve(sent, SubmissionOutcome::Failed);
        }
        let again = self.log_in_to(Mode::Paper, guard)?;
        let submissions = tried.submissions + again.submissions;
        Ok(TriedLogin {
            submissions,
            ..again
        })
    }

    fn directly(&self, guard: &mut Guard, task: &Task<'_>) -> Result<TriedLogin> {
        let host = LoginHost::new(&self.args.gateway)?;
        let how = ReadyBy::Direct;
        let mut sent = None;
        let username = self.login.username.to_lowercase();
        let id = browser_id::of(self.state, &username, SystemTime::now())?;
        let ended = direct::log_in(task, &host, &id, self.deadline, &mut |sending| {
            self.record(guard, sending, (task.mode, LoginMethod::Direct), &mut sent)
        });
        Ok(TriedLogin::new(task.mode, how, ended, sent))
    }

    /// Logs in on the page. Tries once more in another browser when the tab was lost and nothing was sent that counts.
    fn on_the_page(
        &self,
        guard: &mut Guard,
        task: &Task<'_>,
        browser: &Browser,
    ) -> Result<TriedLogin> {
        let tried = self.in_a_browser(guard, task, browser)?;
        if let Err(error) = &tried.ended
            && tried.sent.is_none()
            && browser::is_of_a_lost_tab(error)
        {
            log("info", "tab_lost", &error.to_string());
            return self.in_a_browser(guard, task, browser);
        }
        Ok(tried)
    }

    fn in_a_browser(
        &self,
        guard: &mut Guard,
        task: &Task<'_>,
        browser: &Browser,
    ) -> Result<TriedLogin> {
        let how = ReadyBy::Browser;
        let mut sent = None;
        let driver = browser.start(task.url, task.local_address.is_some(), self.deadline)?;
        let ended = browser::log_in(task, &driver, self.deadline, &mut |sending| {
            self.record(guard, sending, (task.mode, LoginMethod::Browser), &mut sent)
        });
        // The browser ends while the tool waits for the session.
        driver.begin_to_end();
        Ok(TriedLogin {
            browser: driver.browser_name(),
            ..TriedLogin::new(task.mode, how, ended, sent)
        })
    }

    /// Records what the login is about to send, or forbids it.
    fn record(
        &self,
        guard: &mut Guard,
        sending: Sending,
        (mode, method): (Mode, LoginMethod),
        sent: &mut Option<Submission>,
    ) -> Result<()> {
        match (sending, &sent) {
            (Sending::Credentials, None) => {
                *sent = Some(guard.record(method, mode, &self.terms(mode))?);
                Ok(())
            }
            (Sending::Code(window), Some(sent)) => guard.record_code(sent, window),
            (Sending::Push, Some(sent)) => guard.record_push(sent),
            (Sending::Pushed, Some(sent)) => {
                guard.saw_push(sent, true);
                Ok(())
            }
            (Sending::Credentials, Some(_)) => Err(Error::new(
                Exit::Unexpected,
                "the login wants username and password a second time (not sent)",
            )),
            (Sending::Code(_) | Sending::Push | Sending::Pushed, None) => Err(Error::new(
                Exit::Unexpected,
                "the login wants a second factor before username and password (not sent)",
            )),
        }
    }

    fn task(&self, mode: Mode, guard: &Guard) -> Result<Task<'_>> {
        let seed = self.login.totp_seed.as_ref().map(SecretText::expose);
        let wanted = self.args.second_factor.as_ref();
        let pushes = &guard.ledger().pushes;
        let has_pushed = pushes.expected.get(mode.name()).copied();
        Ok(Task {
            url: self.gateway.url(),
            local_address: self.gateway.local_address(),
            username: &self.login.username,
            password: &self.login.password,
            mode,
            may_switch_to_paper: self.args.may_switch_to_paper() && mode == Mode::Live,
            page: self.page,
            authenticator: seed.map(Authenticator::new).transpose()?,
            code_windows: guard.ledger().code_windows.clone(),
            wanted: wanted
                .or(self.login.second_factor.as_ref())
                .map(|name| WantedFactor::of(name)),
            evidence: self.args.screenshot_dir.clone(),
            code_from: self.args.code_from.as_ref(),
            challenge_out: self.args.challenge_out.as_deref(),
            push_wait: self.args.push_wait,
            may_push_directly: self.args.method == Method::Direct,
            expects_push: has_pushed.unwrap_or(!self.terms(mode).is_without_push),
            before_push: self.args.before_push.as_ref(),
        })
    }
}

impl TriedLogin {
    fn new(mode: Mode, how: ReadyBy, ended: Result<LoginEnding>, sent: Option<Submission>) -> Self {
        let submissions = u8::from(sent.is_some());
        Self {
            mode,
            how,
            browser: None,
            ended,
            sent,
            submissions,
        }
    }
}
