//! The attempt of a start in the guard's ledger.
//!
//! It is recorded at the last moment before IBC can type. If nothing was typed, it is taken back once all programs have
//! ended. In between it counts as failed: if the supervisor is killed, it stays counted.

use ib_cli::{Mode, Result, StateDir, warn};
use ib_guard::policy::{Decision, Terms};
use ib_guard::{Guard, LoginMethod, Submission, SubmissionOutcome};
use ib_proc::Deadline;
use std::time::Duration;

/// How long another process may keep the ledger.
const LEDGER: Duration = Duration::from_secs(30);

/// The attempt that is under way.
pub(crate) struct GuardedAttempt<'a> {
    state: &'a StateDir,
    /// The ledger's name.
    ledger: String,
    mode: Mode,
    /// `None` once it was taken back.
    submission: Option<Submission>,
    /// Whether IBC made it on its own, after the one that was allowed.
    is_another: bool,
    /// Whether it has logged in.
    pub(crate) logged_in: bool,
    /// Whether it sent a notification, once it has logged in.
    pub(crate) pushed: Option<bool>,
}

impl<'a> GuardedAttempt<'a> {
    /// Records it, and releases the ledger. From here on it counts as failed, until its end is recorded.
    ///
    /// # Errors
    /// `Held` when it may no longer be sent, or cannot be recorded.
    pub(crate) fn record(
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

    /// Whether IBC made it on its own, after the one that was allowed.
    pub(crate) fn is_another(&self) -> bool {
        self.is_another
    }

    /// Its number in the ledger, for other runs.
    pub(crate) fn id(&self) -> Option<u64> {
        self.submission.as_ref().map(Submission::id)
    }

    /// Removes it from the ledger: nothing was typed.
    pub(crate) fn take_back(&mut self) {
        if let Some(submission) = self.submission.take() {
            self.with_ledger(|guard| guard.take_back(&submission));
        }
    }

    /// Records that IBC logs in once more on its own; the value says whether the guard allows it.
    ///
    /// A login before it that never completed has failed: IBKR may ask again and again (IbcAlpha/IBC#235).
    ///
    /// # Errors
    /// `Held` when it cannot be recorded.
    pub(crate) fn record_another(&mut self, terms: &Terms) -> Result<bool> {
        self.resolve_by_login(self.pushed);
        self.logged_in = false;
        self.pushed = None;
        let mut guard = Guard::of_ledger(self.state, &self.ledger, Deadline::after(LEDGER))?;
        let (submission, decision) = guard.record_sent(LoginMethod::Ibc, self.mode, terms)?;
        self.submission = Some(submission);
        self.is_another = true;
        Ok(decision == Decision::Go)
    }

    /// Records that it succeeded, if it has logged in, and otherwise that it failed. Records whether it sent a
    /// notification, if that is known.
    pub(crate) fn resolve_by_login(&self, pushed: Option<bool>) {
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
    pub(crate) fn resolve(
        &self,
        outcome: SubmissionOutcome,
        also: impl FnOnce(&mut Guard, &Submission),
    ) {
        let Some(id) = self.id() else { return };
        self.with_ledger(|guard| {
            if let Some(pending) = guard.pending_by(id) {
                also(guard, &pending);
                guard.resolve(&pending, outcome);
            }
        });
    }

    /// Changes the ledger, whether or not the attempt still counts in it.
    pub(crate) fn with_ledger(&self, action: impl FnOnce(&mut Guard)) {
        match Guard::of_ledger(self.state, &self.ledger, Deadline::after(LEDGER)) {
            Ok(mut guard) => action(&mut guard),
            // Then it counts as failed.
            Err(error) => warn("attempt_unresolved", &error.to_string()),
        }
    }
}
