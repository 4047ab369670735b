//! IBC's configuration in memory. It has the password until IBC has read it once.

use crate::tws::ibc_config;
use crate::tws::instance::TwsInstance;
use crate::tws::request::TwsRequest;
use anyhow::Context;
use ib_cli::{Exit, Login, Mode, OrExit, Result, Secret, warn};
use ib_proc::memory_file;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// The file that each Java of IBC's script reads when it starts (IbcAlpha/IBC, `DefaultSettings.load`).
///
/// IBC keeps what it has read, and with our settings types the login once. But its script starts another Java as soon as
/// one has ended, and each would read and type the password again, whatever the guard says.
pub(crate) struct ConfigFile {
    file: File,
    /// The configuration without the password, filled up to the same length.
    spent: Secret,
}

impl ConfigFile {
    /// The file for one start; without a login, a person logs in.
    pub(crate) fn of_start(
        request: &TwsRequest,
        instance: &TwsInstance,
        mode: Mode,
        login: Option<&Login>,
    ) -> Result<Self> {
        let config = ibc_config::render(request, instance, mode, login)?;
        let spent = ibc_config::render_spent(request, instance, mode, login)?;
        let file = memory_file("config.ini", config.expose())
            .context("keeping IBC's configuration in memory")
            .or_exit(Exit::Unexpected)?;
        let mut spent = spent.expose().to_vec();
        // Filled up with empty lines, so that it overwrites every byte.
        spent.resize(config.expose().len().max(spent.len()), b'\n');
        let spent = Secret::new(spent);
        Ok(Self { file, spent })
    }

    /// The file, for the program that reads it.
    pub(crate) fn open(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Takes the password out of the file, so that no program reads it a second time.
    pub(crate) fn spend(&self) {
        if let Err(error) = self.file.write_all_at(self.spent.expose(), 0) {
            let message = format!("taking the password out of IBC's configuration: {error}");
            warn("password_kept", &message);
        }
    }
}
