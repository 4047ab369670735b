//! A folder for what must not outlive the process.

use crate::deadline::Deadline;
use crate::undo::Undo;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A new folder, 0700, that is removed with everything in it when this is dropped.
pub struct PrivateFolder {
    path: PathBuf,
    _removal: Undo,
}

impl PrivateFolder {
    /// Creates one in the system's temporary folder; its name begins with `name`.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn new(name: &str) -> std::io::Result<Self> {
        let path = nix::unistd::mkdtemp(&std::env::temp_dir().join(format!("{name}-XXXXXX")))?;
        let removed = path.clone();
        Ok(Self {
            path,
            _removal: Undo::new(move || remove(&removed)),
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Looks whether this process may make a file in a folder; nothing is made.
///
/// # Errors
/// Why it may not, as the system says it.
pub fn check_writable(folder: &Path) -> std::io::Result<()> {
    if !fs::metadata(folder)?.is_dir() {
        return Err(std::io::ErrorKind::NotADirectory.into());
    }
    Ok(nix::unistd::access(
        folder,
        nix::unistd::AccessFlags::W_OK | nix::unistd::AccessFlags::X_OK,
    )?)
}

pub(crate) fn remove(folder: &Path) {
    // A process that is just ending may still add a file behind our back.
    let deadline = Deadline::after(Duration::from_secs(2));
    while fs::remove_dir_all(folder).is_err() && folder.exists() {
        if !deadline.pause(Duration::from_millis(5)) {
            return;
        }
    }
}
