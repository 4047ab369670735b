//! One `sso/validate` a minute for each token, whoever runs: what is stored, and the lock on it.

use crate::turn::{Record, SCHEMA};
use anyhow::Context;
use ib_cli::{Exit, Lock, OrExit, Result, Secret, StateArgs, StateDir, warn};
use ib_proc::Deadline;
use ib_webapi::Reply;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs;
use std::time::{Duration, SystemTime};

/// The folder below the state directory.
const FOLDER: &str = "sso";

/// What is older says nothing of any token that lives.
const OLD: Duration = Duration::from_secs(24 * 3600);

/// The right to validate one token, held by one process at a time.
pub(crate) struct Paced {
    state: StateDir,
    file: String,
    /// What is stored of the last call.
    pub(crate) record: Option<Record>,
    _lock: Lock,
}

impl Paced {
    /// Waits for whoever validates this token, then reads what is stored.
    ///
    /// # Errors
    /// `TimedOut` when another run does not end in time, `Config` when the state directory cannot be used.
    pub(crate) fn take(args: &StateArgs, token: &Secret, deadline: Deadline) -> Result<Self> {
        let state = StateDir::open(args)?;
        state.create(FOLDER)?;
        let name = name(token);
        // Locks are never removed, since another run may hold one: there are 256 for all tokens.
        let lock = state.lock(format!("{FOLDER}/{}.lock", &name[..2]), deadline)?;
        let file = format!("{FOLDER}/{name}.json");
        let record = read(&state, &file)?;
        remove_old(&state);
        Ok(Self {
            state,
            file,
            record,
            _lock: lock,
        })
    }

    /// Stores that a call is made at `now`, or what it came to.
    ///
    /// # Errors
    /// `Config` when it cannot be stored: what cannot be counted is not sent.
    pub(crate) fn store(&self, now: SystemTime, reply: Option<&Reply>) -> Result<()> {
        let record = Record::new(now, reply.map(Reply::storable));
        write(&self.state, &self.file, &record)
    }

    /// Puts back what was stored before, since nothing has been sent.
    ///
    /// # Errors
    /// `Config` when it cannot be stored.
    pub(crate) fn put_back(&self) -> Result<()> {
        match &self.record {
            Some(record) => write(&self.state, &self.file, record),
            None => {
                let path = self.state.path(&self.file);
                let removed = fs::remove_file(&path);
                removed
                    .with_context(|| format!("removing the state file {}", path.display()))
                    .or_exit(Exit::Config)
            }
        }
    }
}

/// Drops the stored answer, since it does not hold any more; the minute is still counted.
pub(crate) fn forget(args: &StateArgs, token: &Secret) {
    let forgotten =
        Paced::take(args, token, Deadline::after(Duration::from_secs(1))).and_then(|paced| {
            match &paced.record {
                Some(record) => paced.store(record.asked_at(), None),
                None => Ok(()),
            }
        });
    if let Err(error) = forgotten {
        warn("state_not_written", &error.to_string());
    }
}

/// The token's name on disk; it cannot be turned back into the token, which no one can guess.
fn name(token: &Secret) -> String {
    let mut name = String::with_capacity(64);
    for byte in Sha256::digest(token.expose()) {
        // Writing to a String does not fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

fn read(state: &StateDir, file: &str) -> Result<Option<Record>> {
    let Some(bytes) = state.read(file)? else {
        return Ok(None);
    };
    match serde_json::from_slice::<Record>(&bytes) {
        Ok(record) if record.schema == SCHEMA => Ok(Some(record)),
        _ => set_aside(state, file).map(Some),
    }
}

/// A file that cannot be understood is a call that was made when it was written.
fn set_aside(state: &StateDir, file: &str) -> Result<Record> {
    let path = state.path(file);
    let written = fs::metadata(&path).and_then(|about| about.modified());
    let written = written
        .with_context(|| format!("reading the state file {}", path.display()))
        .or_exit(Exit::Config)?;
    let aside = state.set_aside(file)?;
    warn(
        "state_file_damaged",
        &format!(
            "what was stored of the token cannot be read; it is kept as {}",
            aside.display()
        ),
    );
    let record = Record::new(written, None);
    write(state, file, &record)?;
    Ok(record)
}

fn write(state: &StateDir, file: &str, record: &Record) -> Result<()> {
    let bytes = serde_json::to_vec(record).or_exit(Exit::Unexpected)?;
    state.write(file, &bytes)
}

/// Removes what was stored of tokens long dead.
fn remove_old(state: &StateDir) {
    let Ok(entries) = fs::read_dir(state.path(FOLDER)) else {
        return;
    };
    let now = SystemTime::now();
    for entry in entries.flatten() {
        let is_lock = entry.path().extension().is_some_and(|end| end == "lock");
        let written = entry.metadata().and_then(|about| about.modified());
        let is_old = written.is_ok_and(|written| {
            let age = now
                .duration_since(written)
                .unwrap_or_else(|ahead| ahead.duration());
            age > OLD
        });
        if is_old && !is_lock {
            // It does no harm where it is.
            let _ = fs::remove_file(entry.path());
        }
    }
}
