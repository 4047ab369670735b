//! The ledger on disk: one per username, one login at a time.

use crate::ledger::{Ledger, Outcome, Why};
use crate::policy::{Decision, Terms, decide, failures_left};
use ib_cli::{Error, Exit, Lock, OrExit, Result, StateDir, warn};
use ib_proc::Deadline;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::time::SystemTime;

/// The right to log one username in, held by one process at a time.
pub struct Guard {
    state: StateDir,
    file: String,
    ledger: Ledger,
    _lock: Lock,
}

/// One recorded submission that is still to be resolved; left alone it counts as failed.
#[must_use = "a submission that is not resolved counts as failed"]
pub struct Submission(usize);

impl Guard {
    /// Waits for whoever is logging this username in, then reads its ledger.
    ///
    /// # Errors
    /// `TimedOut` when another login does not end in time, `Held` when the ledger cannot be read or locked.
    pub fn take(state: &StateDir, username: &str, deadline: Deadline) -> Result<Self> {
        let name = name(username);
        state.create("ledger").map_err(held)?;
        let lock = state
            .lock(format!("ledger/{name}.lock"), deadline)
            .map_err(|error| match error.exit {
                Exit::TimedOut => error,
                _ => held(error),
            })?;
        let file = format!("ledger/{name}.json");
        let ledger = match state
            .read(&file)
            .map_err(held)?
            .map(|bytes| Ledger::from_bytes(&bytes))
        {
            None => Ledger::empty(),
            Some(Ok(ledger)) => ledger,
            Some(Err(cause)) => latched(state, &file, &cause)?,
        };
        Ok(Self {
            state: state.clone(),
            file,
            ledger,
            _lock: lock,
        })
    }

    /// What is recorded.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Whether a submission may be sent.
    #[must_use]
    pub fn decide(&self, now: SystemTime, terms: Terms) -> Decision {
        decide(&self.ledger, now, terms)
    }

    /// How many more failures are allowed.
    #[must_use]
    pub fn failures_left(&self, now: SystemTime, terms: Terms) -> u8 {
        failures_left(&self.ledger, now, terms)
    }

    /// Records a submission that is about to be sent; when this returns, it is on the disk.
    ///
    /// # Errors
    /// `Held` when it cannot be recorded: what cannot be counted is not sent.
    pub fn record(&mut self, now: SystemTime, method: &str, mode: &str) -> Result<Submission> {
        let place = self.ledger.record(now, method, mode);
        self.save().map_err(held)?;
        Ok(Submission(place))
    }

    /// Says how a submission ended.
    ///
    /// An outcome that cannot be recorded is a warning: on disk the submission counts as failed then.
    pub fn resolve(&mut self, submission: &Submission, outcome: Outcome, now: SystemTime) {
        self.ledger.resolve(submission.0, outcome, now);
        if let Err(error) = self.save() {
            warn("outcome_unrecorded", &error.to_string());
        }
    }

    /// Records that a one-time code of this window is about to be sent: IBKR takes no second one of it.
    ///
    /// # Errors
    /// `Held` when it cannot be recorded: what cannot be counted is not sent.
    pub fn record_code(&mut self, window: u64) -> Result<()> {
        self.ledger.code_window = Some(window);
        self.save().map_err(held)
    }

    /// Clears every hold, because a person says so.
    ///
    /// # Errors
    /// `Held` when it cannot be recorded.
    pub fn forgive(&mut self, reason: &str, now: SystemTime) -> Result<()> {
        self.ledger.forgive(reason, now);
        self.save().map_err(held)
    }

    fn save(&self) -> Result<()> {
        self.state
            .write(&self.file, &self.ledger.to_bytes().or_exit(Exit::Held)?)
    }
}

/// A ledger in place of one that cannot be understood: nothing is sent for a day.
fn latched(state: &StateDir, file: &str, cause: &anyhow::Error) -> Result<Ledger> {
    let aside = state.copy_aside(file).map_err(held)?.display().to_string();
    warn(
        "ledger_unreadable",
        &format!("the ledger cannot be understood ({cause}); it is kept as {aside}"),
    );
    let mut ledger = Ledger::empty();
    ledger.latch(Why::LedgerUnreadable, SystemTime::now());
    state
        .write(file, &ledger.to_bytes().or_exit(Exit::Held)?)
        .map_err(held)?;
    Ok(ledger)
}

/// IBKR locks the username, whatever the mode, so that names the ledger; it is not written out.
fn name(username: &str) -> String {
    let digest = Sha256::digest(username.to_lowercase().as_bytes());
    digest.iter().fold(String::new(), |mut name, byte| {
        // Writing to a string does not fail.
        let _ = write!(name, "{byte:02x}");
        name
    })
}

fn held(error: Error) -> Error {
    let hint = "nothing was sent, because what cannot be recorded is not sent";
    Error::from_source(Exit::Held, error.source.context(hint))
}
