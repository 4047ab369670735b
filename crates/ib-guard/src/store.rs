//! Where a ledger lies.

use ib_cli::{Result, StateDir};

/// Where one ledger lies; the simulation has one of its own, which loses and spoils what it should keep.
pub trait Store {
    /// What lies there; `None` when nothing does.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    fn read(&self) -> Result<Option<Vec<u8>>>;

    /// Writes it, whole or not at all; when this returns, it is on the disk.
    ///
    /// # Errors
    /// When it cannot be written; what was there before is untouched.
    fn write(&self, bytes: &[u8]) -> Result<()>;

    /// Keeps a copy of what cannot be understood; says where.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn copy_aside(&self) -> Result<String>;
}

/// A file in the state directory.
pub struct Disk {
    state: StateDir,
    file: String,
}

impl Disk {
    /// The file of this name.
    #[must_use]
    pub fn new(state: &StateDir, file: String) -> Self {
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
}
