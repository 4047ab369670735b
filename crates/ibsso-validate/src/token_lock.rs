//! One `sso/validate` a minute for each token, over all runs: the stored answer, and the lock on it.

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
    /// The stored answer to the last call.
    pub(crate) record: Option<LastValidation>,
    _lock: Lock,
}

impl TokenLock {
    /// Waits until no other run validates this token, then reads the stored answer.
    ///
    /// # Errors
    /// `TimedOut` when another run does not end in time, `Config` when the state directory cannot be used.
    pub(crate) fn take(args: &StateArgs, api: &Api, deadline: Deadline) -> Result<Self> {
        let state = StateDir::open(args)?;
        state.create(FOLDER)?;
        // Two hosts may give two answers on one token.
        let name = state_files::name(&[api.address().as_bytes(), api.token().expose()]);
        let lock = lock_for(&name);
        let taken = state.lock(&lock, deadline).map_err(with_hint)?;
        let file = format!("{FOLDER}/{name}.json");
        let record =
            match state_files::read(&state, &file, |it: &LastValidation| it.schema == SCHEMA)? {
                StateFile::Missing => None,
                StateFile::Record(record) => Some(record),
                // A damaged file counts as a call at the moment when it was written.
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

    /// Stores that a call is made at `now`, or its answer.
    ///
    /// # Errors
    /// `Config` when it cannot be stored. A call that cannot be counted must not be sent.
    pub(crate) fn store(&self, now: SystemTime, reply: Option<&Reply>) -> Result<()> {
        let record = LastValidation::new(now, reply.map(Reply::storable));
        state_files::write(&self.state, &self.file, &record)
    }

    /// Stores the earlier answer again, since nothing was sent.
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

    /// Drops a stored answer that the token is valid. A stored no, and a stored wait, stay.
    fn forget_valid(&self, api: &Api) -> Result<()> {
        let Some(record) = &self.record else {
            return Ok(());
        };
        let at = record.asked_at();
        let state = |reply| api.meaning(reply, at).outcome.state;
        match record.reply.as_ref().map(state) {
            Some(SsoState::Valid) => self.store(at, None),
            _ => Ok(()),
        }
    }
}

/// Drops a stored answer that the token is valid, since that may have changed. The minute still counts.
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
