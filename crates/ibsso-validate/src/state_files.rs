//! Files below the state directory: one record each. A damaged one is set aside, never deleted.

use anyhow::Context;
use ib_cli::{Exit, OrExit, Result, StateDir, warn};
use ib_proc::Deadline;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs::{self, DirEntry};
use std::time::{Duration, SystemTime};

/// The folder below the state directory.
pub(crate) const FOLDER: &str = "sso";

/// An older record is about a token that has ended.
const OLD: Duration = Duration::from_secs(24 * 3600);

/// What a file holds.
pub(crate) enum StateFile<T> {
    /// There is no such file.
    Missing,
    /// A record of ours.
    Record(T),
    /// Not a record of ours. It was written at this moment, and has been set aside.
    Damaged(SystemTime),
}

/// A file's name: a hash, from which no token can be read.
pub(crate) fn name(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The lengths are hashed too, so that two different lists never give one name.
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let mut name = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing to a String does not fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

/// The lock on the files whose names begin like this one.
///
/// The tool never removes a lock, since another run may hold it. There are 256 locks for all tokens.
pub(crate) fn lock_for(name: &str) -> String {
    format!("{FOLDER}/{}.lock", &name[..2])
}

/// Reads a file, if it is one of ours.
///
/// # Errors
/// `Config` when it cannot be read or set aside.
pub(crate) fn read<T: DeserializeOwned>(
    state: &StateDir,
    file: &str,
    is_ours: impl FnOnce(&T) -> bool,
) -> Result<StateFile<T>> {
    let Some(bytes) = state.read(file)? else {
        return Ok(StateFile::Missing);
    };
    match serde_json::from_slice::<T>(&bytes) {
        Ok(record) if is_ours(&record) => Ok(StateFile::Record(record)),
        _ => set_aside(state, file).map(StateFile::Damaged),
    }
}

fn set_aside(state: &StateDir, file: &str) -> Result<SystemTime> {
    let path = state.path(file);
    let written = fs::metadata(&path).and_then(|about| about.modified());
    let written = written
        .with_context(|| format!("reading the state file {}", path.display()))
        .or_exit(Exit::Config)?;
    let aside = state.set_aside(file)?;
    warn(
        "state_file_damaged",
        &format!(
            "what was stored cannot be read; it is kept as {}",
            aside.display()
        ),
    );
    Ok(written)
}

/// Writes a file.
///
/// # Errors
/// `Config` when it cannot be written.
pub(crate) fn write<T: Serialize>(state: &StateDir, file: &str, record: &T) -> Result<()> {
    let bytes = serde_json::to_vec(record).or_exit(Exit::Unexpected)?;
    state.write(file, &bytes)
}

/// Removes the records of tokens that ended long ago; `held` is the lock that this run has.
pub(crate) fn remove_old(state: &StateDir, held: &str) {
    let Ok(entries) = fs::read_dir(state.path(FOLDER)) else {
        return;
    };
    for entry in entries.flatten().filter(is_old) {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| is_of_a_token(name)) else {
            continue;
        };
        // The run that holds the lock may be writing the file.
        let lock = lock_for(name);
        let taken = (lock != held).then(|| state.lock(&lock, Deadline::after(Duration::ZERO)));
        if taken.as_ref().is_none_or(Result::is_ok) && is_old(&entry) {
            // A file that stays does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_of_a_token(name: &str) -> bool {
    let is_hash = name.get(..64).is_some_and(|hash| {
        hash.bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'))
    });
    is_hash && !name.ends_with(".lock")
}

fn is_old(entry: &DirEntry) -> bool {
    // Not DirEntry::metadata, which some systems answer from an older listing of the folder.
    let written = fs::symlink_metadata(entry.path()).and_then(|about| about.modified());
    written.is_ok_and(|written| {
        let now = SystemTime::now();
        let age = now
            .duration_since(written)
            .unwrap_or_else(|ahead| ahead.duration());
        age > OLD
    })
}
