//! What is kept of one gateway: a folder below the state directory, with the locks in it.

use crate::service::end_lock::EndLock;
use anyhow::Context;
use ib_cli::{Exit, Lock, OrExit, Result, StateArgs, StateDir};
use ib_proc::Deadline;
use std::path::{Path, PathBuf};

/// The folder of one instance.
pub(crate) struct InstanceDir {
    pub(crate) state: StateDir,
    /// Below the state directory.
    folder: PathBuf,
}

impl InstanceDir {
    /// The folder of this name, such as `cp-5000`; `state_dir` is the directory that was named, if one was.
    pub(crate) fn open(state_dir: Option<&Path>, name: &str) -> Result<Self> {
        // Java and IBC have a working directory of their own.
        let state_dir = state_dir
            .map(std::path::absolute)
            .transpose()
            .context("finding the state directory (give --state-dir DIR)")
            .or_exit(Exit::Config)?;
        Ok(Self {
            state: StateDir::open(&StateArgs { state_dir })?,
            folder: Path::new("gateway").join(name),
        })
    }

    /// The path of something in the folder.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.state.path(self.relative(below))
    }

    /// The same path, relative to the state directory.
    pub(crate) fn relative(&self, below: &str) -> PathBuf {
        self.folder.join(below)
    }

    /// Creates a directory in the folder; an empty name is the folder itself.
    pub(crate) fn create(&self, below: &str) -> Result<PathBuf> {
        self.state.create(self.relative(below))
    }

    /// Waits until no other run starts this instance.
    pub(crate) fn lock(&self, deadline: Deadline) -> Result<Lock> {
        self.state.create(&self.folder)?;
        self.state.lock(self.relative("lock"), deadline)
    }

    /// The lock that is held while the instance is being ended.
    pub(crate) fn end_lock(&self) -> EndLock {
        EndLock::of(&self.state, &self.folder)
    }
}
