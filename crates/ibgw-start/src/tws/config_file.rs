//! IBC's configuration in memory, with the password in it until it has been read once.

use anyhow::Context;
use ib_cli::{Exit, OrExit, Result, Secret, warn};
use ib_proc::memory_file;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// The file that each Java of IBC's script reads as it starts (IbcAlpha/IBC, `DefaultSettings.load`).
///
/// IBC keeps what it has read and types it once, with the settings that we give it. Its script starts another Java as soon
/// as one has ended, and each would read and type the password again, whatever the guard says.
pub struct ConfigFile {
    file: File,
    /// The same bytes without the password, as long as those with it.
    spent: Secret,
}

impl ConfigFile {
    /// A file with the one, which the other takes the place of.
    pub fn new(config: &Secret, spent: &Secret) -> Result<Self> {
        let file = memory_file("config.ini", config.expose())
            .context("keeping IBC's configuration in memory")
            .or_exit(Exit::Unexpected)?;
        let mut spent = spent.expose().to_vec();
        // Empty lines; nothing of what was there stays.
        spent.resize(config.expose().len().max(spent.len()), b'\n');
        let spent = Secret::new(spent);
        Ok(Self { file, spent })
    }

    /// The file, for the program that is to read it.
    pub fn open(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Takes the password out of it, so that no program reads it a second time.
    pub fn spend(&self) {
        if let Err(error) = self.file.write_all_at(self.spent.expose(), 0) {
            let message = format!("taking the password out of IBC's configuration: {error}");
            warn("password_kept", &message);
        }
    }
}
