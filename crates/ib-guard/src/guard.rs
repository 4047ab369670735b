//! The guard of the machine: the ledger on disk, its lock, and the machine's clocks.

use crate::book::Book;
use crate::clock::Now;
use crate::ledger::{Ledger, LoginMethod, SubmissionOutcome};
use crate::policy::{Decision, Terms};
use crate::rules::Rules;
use crate::store::Disk;
use crate::submission::Submission;
use ib_cli::{Error, Exit, Lock, Mode, Result, StateDir, warn};
use ib_proc::Deadline;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::time::Duration;

/// The right to log one username in, held by one process at a time.
pub struct Guard {
    book: Book<Disk>,
    now: Now,
    _lock: Lock,
}

impl Guard {
    /// Waits while another process logs this username in, then reads its ledger.
    ///
    /// # Errors
    /// `TimedOut` when another login does not end in time, `Held` when the ledger cannot be read or locked.
    pub fn take(state: &StateDir, username: &str, deadline: Deadline) -> Result<Self> {
        Self::of_ledger(state, &Self::ledger_name(username), deadline)
    }

    /// The same by the name that [`Guard::ledger_name`] gave: a process that only records how a login ended need not know
    /// the username.
    ///
    /// # Errors
    /// As [`Guard::take`].
    pub fn of_ledger(state: &StateDir, name: &str, deadline: Deadline) -> Result<Self> {
        state.create("ledger").map_err(held)?;
        let lock = state
            .lock(format!("ledger/{name}.lock"), deadline)
            .map_err(|error| {
                if error.exit == Exit::TimedOut {
                    error
                } else {
                    held(error)
                }
            })?;
        let now = Now::read()?;
        state.remove_unfinished(format!("ledger/{name}"));
        let disk = Disk::new(state, format!("ledger/{name}.json"));
        Ok(Self {
            book: Book::open(disk, &now, Rules::ALL)?,
            now,
            _lock: lock,
        })
    }

    /// The name of a username's ledger, one for both modes: IBKR locks the username in both. The name does not show it.
    #[must_use]
    pub fn ledger_name(username: &str) -> String {
        let digest = Sha256::digest(username.to_lowercase().as_bytes());
        digest.iter().fold(String::new(), |mut name, byte| {
            // Writing to a string does not fail.
            let _ = write!(name, "{byte:02x}");
            name
        })
    }

    /// The last submission of this method, unless its end is recorded.
    #[must_use]
    pub fn pending(&self, method: LoginMethod) -> Option<Submission> {
        self.book.pending(method)
    }

    /// The submission of this id, unless its end is recorded.
    #[must_use]
    pub fn pending_by(&self, id: u64) -> Option<Submission> {
        self.book.pending_by(id)
    }

    /// What is recorded.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        self.book.ledger()
    }

    /// Whether a submission may be sent.
    #[must_use]
    pub fn decide(&self, terms: &Terms) -> Decision {
        self.book.decide(&self.now(), terms)
    }

    /// How many more failures are allowed.
    #[must_use]
    pub fn failures_left(&self, terms: &Terms) -> u8 {
        self.book.failures_left(&self.now(), terms)
    }

    /// Records a submission that is about to be sent; when this returns, it is on the disk.
    ///
    /// # Errors
    /// `Held` when it may not be sent any more, or cannot be recorded: what cannot be counted is not sent.
    pub fn record(&mut self, method: LoginMethod, mode: Mode, terms: &Terms) -> Result<Submission> {
        let submission = self.book.record(&self.now(), method, mode, terms)?;
        if self.book.is_begun() {
            let message = "there was no ledger of this username, so nothing counts that was sent before \
                           (if it comes again, the state directory is not kept)";
            warn("ledger_begun", message);
        }
        Ok(submission)
    }

    /// Records a submission that another program sent without asking; gives what the guard would have decided.
    ///
    /// # Errors
    /// `Held` when it cannot be recorded.
    pub fn record_sent(
        &mut self,
        method: LoginMethod,
        mode: Mode,
        terms: &Terms,
    ) -> Result<(Submission, Decision)> {
        let decision = self.decide(terms);
        let submission = self.book.record_sent(&self.now(), method, mode, terms)?;
        Ok((submission, decision))
    }

    /// Takes back a submission of which nothing was sent, as if it had never been recorded.
    pub fn take_back(&mut self, submission: &Submission) {
        self.book.take_back(submission, &self.now());
    }

    /// Notes that IBKR reports too many failed submissions: holds further ones for as long as it asks, or for a day.
    pub fn wait_as_asked(&mut self, wait: Option<Duration>) {
        self.book.wait_as_asked(wait, &self.now());
    }

    /// Records how a submission ended.
    ///
    /// An outcome that cannot be recorded is a warning: on disk the submission counts as failed then.
    pub fn resolve(&mut self, submission: &Submission, outcome: SubmissionOutcome) {
        self.book.resolve(submission, outcome, &self.now());
    }

    /// Records that a one-time code of this window is about to be sent: IBKR accepts each window once.
    ///
    /// # Errors
    /// `Held` when it may not be sent, or cannot be recorded.
    pub fn record_code(&mut self, submission: &Submission, window: u64) -> Result<()> {
        self.book.record_code(submission, window, &self.now())
    }

    /// Records that a notification to the phone is about to be sent.
    ///
    /// # Errors
    /// `Held` when it may not be sent, or cannot be recorded.
    pub fn record_push(&mut self, submission: &Submission) -> Result<()> {
        self.book.record_push(submission, &self.now())
    }

    /// Notes whether IBKR has sent a notification unasked, as it does after some passwords.
    pub fn saw_push(&mut self, submission: &Submission, is_sent: bool) {
        self.book.saw_push(submission, is_sent, &self.now());
    }

    /// Notes that a submission ended before a notification: it shows nothing of what other logins send.
    pub fn sent_no_push(&mut self, submission: &Submission) {
        self.book.sent_no_push(submission, &self.now());
    }

    /// Clears every hold but the ceiling, because a person says so; the person's name is recorded too.
    ///
    /// # Errors
    /// `Held` when it cannot be recorded. A ledger that could not be understood can be forgiven by a person alone, once.
    pub fn forgive(&mut self, reason: &str, is_attended: bool) -> Result<()> {
        let by = ib_proc::user::name();
        self.book.forgive(&by, reason, is_attended, &self.now())
    }

    /// This moment. If the clocks cannot be read, the last known one, which makes holds longer.
    fn now(&self) -> Now {
        Now::read().unwrap_or_else(|error| {
            warn("clock_unreadable", &error.to_string());
            self.now.clone()
        })
    }
}

fn held(error: Error) -> Error {
    let hint = "nothing was sent, because what cannot be recorded is not sent";
    Error::from_source(Exit::Held, error.source.context(hint))
}
