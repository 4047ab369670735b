//! Where a ledger is stored.

use anyhow::Context;
use ib_cli::{Exit, OrExit, Result, StateDir};
use std::fs;
use std::path::Path;

/// Where one ledger is stored; the simulation has a store of its own, which loses and damages ledgers.
pub(crate) trait Store {
    /// The stored bytes; `None` when there are none.
    ///
    /// # Errors
    /// When they are there and cannot be read.
    fn read(&self) -> Result<Option<Vec<u8>>>;

    /// Writes it, whole or not at all; when this returns, it is on the disk.
    ///
    /// # Errors
    /// When it cannot be written; what was there before is untouched.
    fn write(&self, bytes: &[u8]) -> Result<()>;

    /// Copies a ledger that cannot be understood; gives the copy's path.
    ///
    /// # Errors
    /// When it cannot be copied.
    fn copy_aside(&self) -> Result<String>;

    /// Removes that copy again, if that works.
    fn remove_copy(&self, copy: &str);

    /// Looks for copies of earlier ledgers; true when there is one.
    ///
    /// # Errors
    /// When the place cannot be listed.
    fn look_for_copies(&self) -> Result<bool>;
}

/// A file in the state directory.
pub(crate) struct Disk {
    state: StateDir,
    file: String,
}

impl Disk {
    /// The file of this name.
    #[must_use]
    pub(crate) fn new(state: &StateDir, file: String) -> Self {
        Self {
            state: state.clone(),
            file,
        }
    }
}

impl Store for Disk {
    fn read(&self) -> Result<Option<Vec<u8>>> {
        self.state.read(&self.file)
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        self.state.write(&self.file, bytes)
    }

    fn copy_aside(&self) -> Result<String> {
        Ok(self.state.copy_aside(&self.file)?.display().to_string())
    }

    fn remove_copy(&self, copy: &str) {
        // One that stays makes the hold stricter.
        let _ = fs::remove_file(copy);
    }

    fn look_for_copies(&self) -> Result<bool> {
        let path = self.state.path(&self.file);
        let folder = path.parent().unwrap_or(&path);
        let is_copy = |name: &Path| {
            let extension = name.extension().and_then(|it| it.to_str());
            name.file_stem() == path.file_stem()
                && extension.is_some_and(|it| it.starts_with("corrupt-"))
        };
        let look = || -> std::io::Result<bool> {
            for entry in fs::read_dir(folder)? {
                if is_copy(Path::new(&entry?.file_name())) {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        look()
            .with_context(|| format!("listing {}", folder.display()))
            .or_exit(Exit::Config)
    }
}
