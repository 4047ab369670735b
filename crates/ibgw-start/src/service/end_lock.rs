//! The end of an instance: who ends it, and how a start waits for that.

use ib_cli::{Error, Exit, Lock, StateDir};
use ib_proc::Deadline;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long another run may hold the lock when it only looks at it.
const LOOK: Duration = Duration::from_secs(1);

/// How often a start looks whether the end has come. It cannot wait for a process that is not its child.
pub(crate) const PAUSE: Duration = Duration::from_millis(50);

/// The end of one instance: a lock that the kernel releases when the process that ends the instance dies.
#[derive(Clone)]
pub(crate) struct EndLock {
    state: StateDir,
    file: PathBuf,
}

impl EndLock {
    /// The lock of the instance with this folder, below the state directory.
    pub(crate) fn of(state: &StateDir, folder: &Path) -> Self {
        Self {
            state: state.clone(),
            file: folder.join("ending"),
        }
    }

    /// Takes the lock until the returned value is dropped; `None` when another run has it already.
    pub(crate) fn begin(&self) -> Option<Lock> {
        self.state.lock(&self.file, Deadline::after(LOOK)).ok()
    }

    /// Whether a run is ending the instance at this moment.
    pub(crate) fn is_under_way(&self) -> bool {
        let taken = self.state.lock(&self.file, Deadline::after(Duration::ZERO));
        taken.is_err_and(|error| error.exit == Exit::TimedOut)
    }
}

/// The error when even SIGKILL did not end a process.
pub(crate) fn outlived_sigkill(pid: u32) -> Error {
    let message = format!("process {pid} outlived SIGKILL (a person has to look at this machine)");
    Error::new(Exit::Unexpected, message)
}
