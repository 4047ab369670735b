//! Files that outlive a run: private, never half written, never lost.

use crate::contract::error::{Error, OrExit, Result};
use crate::contract::exit::Exit;
use crate::contract::flag_group::PLACES;
use crate::files::replacement::{is_unfinished, write_atomic};
use anyhow::Context;
use ib_proc::Deadline;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where a tool keeps its state.
#[derive(clap::Args, Clone, Debug)]
pub struct StateArgs {
    /// Keep ledgers and other state in this directory
    ///
    /// The default is $STATE_DIRECTORY, else $XDG_STATE_HOME/ib-tools, else ~/.local/state/ib-tools. Put it on a volume
    /// in a container.
    #[arg(long, value_name = "DIR", help_heading = PLACES)]
    pub state_dir: Option<PathBuf>,
}

/// The directory in which tools keep ledgers and gateway records.
#[derive(Clone, Debug)]
pub struct StateDir(PathBuf);

impl StateDir {
    /// Finds the directory and creates it, 0700.
    ///
    /// # Errors
    /// `Config` when no directory is named, or it cannot be created.
    pub fn open(args: &StateArgs) -> Result<Self> {
        let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        // systemd separates several directories by colons; the first is ours.
        let from_systemd =
            named("STATE_DIRECTORY").and_then(|all| std::env::split_paths(&all).next());
        let below_home = || named("HOME").map(|home| Path::new(&home).join(".local/state"));
        let path = args.state_dir.clone().or(from_systemd).or_else(|| {
            let base = named("XDG_STATE_HOME")
                .map(PathBuf::from)
                .or_else(below_home)?;
            Some(base.join("ib-tools"))
        });
        let state = Self(path.ok_or_else(|| {
            Error::new(
                Exit::Config,
                "no state directory: HOME is not set (give --state-dir DIR)",
            )
        })?);
        state.create(Path::new(""))?;
        Ok(state)
    }

    /// The path of something below the directory.
    #[must_use]
    pub fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.0.join(below)
    }

    /// Creates a directory below, 0700, with its parents.
    ///
    /// # Errors
    /// `Config` when it cannot be created.
    pub fn create(&self, below: impl AsRef<Path>) -> Result<PathBuf> {
        let path = self.0.join(below);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .with_context(|| format!("creating the state directory {}", path.display()))
            .or_exit(Exit::Config)?;
        Ok(path)
    }

    /// Reads a file below; `None` when it does not exist.
    ///
    /// # Errors
    /// `Config` when it is there and cannot be read.
    pub fn read(&self, below: impl AsRef<Path>) -> Result<Option<Vec<u8>>> {
        let path = self.0.join(below);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error)
                .with_context(|| format!("reading the state file {}", path.display()))
                .or_exit(Exit::Config),
        }
    }

    /// Writes a file below, whole or not at all.
    ///
    /// # Errors
    /// `Config` when it cannot be written; the file before is untouched.
    pub fn write(&self, below: impl AsRef<Path>, bytes: &[u8]) -> Result<()> {
        let path = self.0.join(below);
        write_atomic(&path, bytes)
            .with_context(|| format!("writing the state file {}", path.display()))
            .or_exit(Exit::Config)
    }

    /// Removes the half-written files that killed runs left of files below whose names begin so.
    ///
    /// Only the holder of their lock may call it.
    pub fn remove_unfinished(&self, below: impl AsRef<Path>) {
        let path = self.0.join(below);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Ok(entries) = fs::read_dir(path.parent().unwrap_or(&path)) else {
            return;
        };
        for entry in entries.flatten() {
            if is_unfinished(&entry.file_name().to_string_lossy(), &name) {
                // One that stays is one small file more.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Copies a file that cannot be understood, to keep it when it is written again. The copy's path.
    ///
    /// # Errors
    /// `Config` when it cannot be copied.
    pub fn copy_aside(&self, below: impl AsRef<Path>) -> Result<PathBuf> {
        let path = self.0.join(below);
        let seconds = std::time::UNIX_EPOCH
            .elapsed()
            .unwrap_or_default()
            .as_secs();
        let aside = path.with_extension(format!("corrupt-{seconds}"));
        let copied = fs::read(&path).and_then(|bytes| write_atomic(&aside, &bytes));
        copied
            .with_context(|| format!("copying {} to {}", path.display(), aside.display()))
            .or_exit(Exit::Config)?;
        Ok(aside)
    }

    /// Moves a file that cannot be understood out of the way. The new path.
    ///
    /// # Errors
    /// `Config` when it cannot be moved.
    pub fn set_aside(&self, below: impl AsRef<Path>) -> Result<PathBuf> {
        let aside = self.copy_aside(&below)?;
        let path = self.0.join(below);
        fs::remove_file(&path)
            .with_context(|| format!("removing {}", path.display()))
            .or_exit(Exit::Config)?;
        Ok(aside)
    }

    /// Takes the lock of a file below, and waits for its holder. The kernel drops it when this process ends.
    ///
    /// # Errors
    /// `TimedOut` when it is not free by the deadline, `Config` when the file cannot be used.
    pub fn lock(&self, below: impl AsRef<Path>, deadline: Deadline) -> Result<Lock> {
        let path = self.0.join(below);
        let taking = || format!("taking the lock {}", path.display());
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true).mode(0o600);
        let file = options
            .open(&path)
            .with_context(taking)
            .or_exit(Exit::Config)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::Error(error)) => {
                    return Err(error).with_context(taking).or_exit(Exit::Config);
                }
                // flock has no timeout of its own.
                Err(TryLockError::WouldBlock) if deadline.pause(Duration::from_millis(20)) => {}
                Err(TryLockError::WouldBlock) => {
                    let message = format!("{}: another run still holds it", taking());
                    return Err(Error::new(Exit::TimedOut, message));
                }
            }
        }
    }
}

/// A lock that is held until this is dropped.
#[must_use = "a lock that is dropped at once protects nothing"]
pub struct Lock {
    _file: File,
}
