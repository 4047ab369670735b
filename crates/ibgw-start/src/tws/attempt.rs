//! The attempt of a start in the guard's ledger.
//!
//! It is recorded at the last moment at which IBC cannot type yet, and taken back once all that ran is gone and nothing was
//! typed. In between it counts as failed: a supervisor that is killed leaves it counted.

use ib_cli::{Mode, Result, StateDir, warn};
use ib_guard::policy::{Decision, Terms};
use ib_guard::{Guard, LoginMethod, Submission, SubmissionOutcome};
use ib_proc::Deadline;
use std::time::Duration;

/// How long another process may keep the ledger.
const LEDGER: Duration = Duration::from_secs(30);

/// The attempt that is under way.
pub struct GuardedAttempt<'a> {
    state: &'a StateDir,
    /// The ledger's name.
    ledger: String,
    mode: Mode,
    /// `None` once it was taken back.
    submission: Option<Submission>,
    /// Whether it is one that IBC has made of its own accord.
    is_another: bool,
    /// Whether it has logged in.
    pub logged_in: bool,
    /// Whether it sent a notification, once it has logged in.
    pub pushed: Option<bool>,
}

impl<'a> GuardedAttempt<'a> {
    /// Records it, and lets others have the ledger: from here on it counts as failed, until its end is recorded.
    ///
    /// # Errors
    /// `Held` when it may not be sent any more, or cannot be recorded.
    pub fn record(
        mut guard: Guard,
        state: &'a StateDir,
        ledger: &str,
        mode: Mode,
        terms: &Terms,
    ) -> Result<Self> {
        let submission = guard.record(LoginMethod::Ibc, mode, terms)?;
        Ok(Self {
            state,
            ledger: ledger.to_owned(),
            mode,
            submission: Some(submission),
            is_another: false,
            logged_in: false,
            pushed: None,
        })
    }

    /// Whether it is one that IBC has made of its own accord.
    pub fn is_another(&self) -> bool {
        self.is_another
    }

    /// By which others find it in the ledger.
    pub fn id(&self) -> Option<u64> {
        self.submission.as_ref().map(Submission::id)
    }

    /// Nothing was typed: it never was one.
    pub fn take_back(&mut self) {
        if let Some(submission) = self.submission.take() {
            self.with_ledger(|guard| guard.take_back(&submission));
        }
    }

    /// IBC logs in once more of its own accord; whether the guard allows it.
    ///
    /// The login before it has failed when it never completed: IBKR may ask again and again (IbcAlpha/IBC#235).
    ///
    /// # Errors
    /// `Held` when it cannot be recorded.
    pub fn record_another(&mut self, terms: &Terms) -> Result<bool> {
        self.resolve_by_login(self.pushed);
        (self.logged_in, self.pushed) = (false, None);
        let mut guard = Guard::of_ledger(self.state, &self.ledger, Deadline::after(LEDGER))?;
        let (submission, decision) = guard.record_sent(LoginMethod::Ibc, self.mode, terms)?;
        self.submission = Some(submission);
        self.is_another = true;
        Ok(decision == Decision::Go)
    }

    /// Records that it has succeeded if it has logged in, else that it has failed; and whether it sent a notification,
    /// where that is known.
    pub fn resolve_by_login(&self, pushed: Option<bool>) {
        let outcome = if self.logged_in {
            SubmissionOutcome::Succeeded
        } else {
            SubmissionOutcome::Failed
        };
        self.resolve(outcome, |guard, pending| {
            if let Some(pushed) = pushed {
                guard.saw_push(pending, pushed);
            }
        });
    }

    /// Records how it ended, unless that is recorded already.
    pub fn resolve(&self, outcome: SubmissionOutcome, also: impl FnOnce(&mut Guard, &Submission)) {
        let Some(id) = self.id() else { return };
        self.with_ledger(|guard| {
            if let Some(pending) = guard.pending_by(id) {
                also(guard, &pending);
                guard.resolve(&pending, outcome);
            }
        });
    }

    /// Does something to the ledger, whether or not the attempt still counts in it.
    pub fn with_ledger(&self, action: impl FnOnce(&mut Guard)) {
        match Guard::of_ledger(self.state, &self.ledger, Deadline::after(LEDGER)) {
            Ok(mut guard) => action(&mut guard),
            // It counts as failed then.
            Err(error) => warn("attempt_unresolved", &error.to_string()),
        }
    }
}
