//! What is stored below the state directory: one record a file, and none lost that cannot be read.

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

/// What is older says nothing of any token that lives.
const OLD: Duration = Duration::from_secs(24 * 3600);

/// What a file holds.
pub(crate) enum StateFile<T> {
    /// There is none.
    Missing,
    /// A record of ours.
    Record(T),
    /// Something that was written at this moment, cannot be understood, and has been set aside.
    Damaged(SystemTime),
}

/// A file's name on disk, of what nobody can guess: it cannot be turned back.
pub(crate) fn name(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // With their lengths, so that no two lists of parts are one.
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

/// The lock on the files whose name begins like this one.
///
/// Locks are never removed, since another run may hold one: there are 256 for all tokens.
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

/// Removes what was stored of tokens long dead; `held` is the lock that this run has.
pub(crate) fn remove_old(state: &StateDir, held: &str) {
    let Ok(entries) = fs::read_dir(state.path(FOLDER)) else {
        return;
    };
    for entry in entries.flatten().filter(is_old) {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| is_of_a_token(name)) else {
            continue;
        };
        // Whoever holds the lock may be writing the file just now.
        let lock = lock_for(name);
        let taken = (lock != held).then(|| state.lock(&lock, Deadline::after(Duration::ZERO)));
        if taken.as_ref().is_none_or(Result::is_ok) && is_old(&entry) {
            // It does no harm where it is.
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
    // Not DirEntry::metadata, which some systems answer from what the folder said before.
    let written = fs::symlink_metadata(entry.path()).and_then(|about| about.modified());
    written.is_ok_and(|written| {
        let now = SystemTime::now();
        let age = now
            .duration_since(written)
            .unwrap_or_else(|ahead| ahead.duration());
        age > OLD
    })
}
