//! That an instance is being ended, for the starts that come meanwhile.

use ib_cli::{Exit, Lock, StateDir};
use ib_proc::Deadline;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long another run may have the lock that only looks at it.
const LOOK: Duration = Duration::from_secs(1);

/// How often a start looks whether the end has come: it is no parent of what ends.
pub const PAUSE: Duration = Duration::from_millis(50);

/// The end of one instance: a lock, which the kernel gives back when the process that ends the instance dies.
#[derive(Clone)]
pub struct EndLock {
    state: StateDir,
    file: PathBuf,
}

impl EndLock {
    /// Of the instance whose folder this is, below the state directory.
    pub fn of(state: &StateDir, folder: &Path) -> Self {
        Self {
            state: state.clone(),
            file: folder.join("ending"),
        }
    }

    /// Says so until what is returned is dropped; `None` when another run says it already.
    pub fn begin(&self) -> Option<Lock> {
        self.state.lock(&self.file, Deadline::after(LOOK)).ok()
    }

    /// Whether a run is ending the instance at this moment.
    pub fn is_under_way(&self) -> bool {
        let taken = self.state.lock(&self.file, Deadline::after(Duration::ZERO));
        taken.is_err_and(|error| error.exit == Exit::TimedOut)
    }
}
