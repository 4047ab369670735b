//! One `sso/validate` a minute for each token, whoever runs: what is stored, and the lock on it.

use crate::pace::{LastValidation, SCHEMA};
use crate::state_files::{self, FOLDER, StateFile, lock_for, remove_old};
use anyhow::Context;
use ib_cli::{Error, Exit, Lock, OrExit, Result, StateArgs, StateDir, warn};
use ib_proc::Deadline;
use ib_webapi::{Api, Reply, SsoState};
use std::fs;
use std::time::{Duration, SystemTime};

/// The right to validate one token, held by one process at a time.
pub(crate) struct TokenLock {
    state: StateDir,
    file: String,
    /// What is stored of the last call.
    pub(crate) record: Option<LastValidation>,
    _lock: Lock,
}

impl TokenLock {
    /// Waits for whoever validates this token, then reads what is stored.
    ///
    /// # Errors
    /// `TimedOut` when another run does not end in time, `Config` when the state directory cannot be used.
    pub(crate) fn take(args: &StateArgs, api: &Api, deadline: Deadline) -> Result<Self> {
        let state = StateDir::open(args)?;
        state.create(FOLDER)?;
        // What one host said of a token is not what another one says.
        let name = state_files::name(&[api.address().as_bytes(), api.token().expose()]);
        let lock = lock_for(&name);
        let taken = state.lock(&lock, deadline).map_err(with_hint)?;
        let file = format!("{FOLDER}/{name}.json");
        let record =
            match state_files::read(&state, &file, |it: &LastValidation| it.schema == SCHEMA)? {
                StateFile::Missing => None,
                StateFile::Record(record) => Some(record),
                // A file that cannot be understood is a call that was made when it was written.
                StateFile::Damaged(written) => {
                    let record = LastValidation::new(written, None);
                    state_files::write(&state, &file, &record)?;
                    Some(record)
                }
            };
        remove_old(&state, &lock);
        Ok(Self {
            state,
            file,
            record,
            _lock: taken,
        })
    }

    /// Stores that a call is made at `now`, or what it came to.
    ///
    /// # Errors
    /// `Config` when it cannot be stored: what cannot be counted is not sent.
    pub(crate) fn store(&self, now: SystemTime, reply: Option<&Reply>) -> Result<()> {
        let record = LastValidation::new(now, reply.map(Reply::storable));
        state_files::write(&self.state, &self.file, &record)
    }

    /// Puts back what was stored before, since nothing has been sent.
    ///
    /// # Errors
    /// `Config` when it cannot be stored.
    pub(crate) fn put_back(&self) -> Result<()> {
        match &self.record {
            Some(record) => state_files::write(&self.state, &self.file, record),
            None => {
                let path = self.state.path(&self.file);
                let removed = fs::remove_file(&path);
                removed
                    .with_context(|| format!("removing the state file {}", path.display()))
                    .or_exit(Exit::Config)
            }
        }
    }

    /// Drops an answer that says the token is valid; a no, and how long to be silent, hold on.
    fn forget_valid(&self, api: &Api) -> Result<()> {
        let Some(record) = &self.record else {
            return Ok(());
        };
        let at = record.asked_at();
        let state = |reply| api.meaning(reply, at).told.state;
        match record.reply.as_ref().map(state) {
            Some(SsoState::Valid) => self.store(at, None),
            _ => Ok(()),
        }
    }
}

/// Drops the stored word that the token is valid, since it may not hold any more; the minute is still counted.
pub(crate) fn forget_valid(args: &StateArgs, api: &Api) {
    let deadline = Deadline::after(Duration::from_secs(1));
    let forgotten = TokenLock::take(args, api, deadline).and_then(|lock| lock.forget_valid(api));
    if let Err(error) = forgotten {
        warn("state_not_written", &error.to_string());
    }
}

fn with_hint(error: Error) -> Error {
    if error.exit == Exit::TimedOut {
        let message = format!("{error} (let it end, or give a longer --timeout)");
        return Error::new(Exit::TimedOut, message);
    }
    error
}
