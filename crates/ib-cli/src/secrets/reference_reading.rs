//! Reading a secret from where a reference says it is.

use crate::contract::error::{Error, OrExit, Result};
use crate::contract::exit::Exit;
use crate::contract::messages::warn;
use crate::secret::Secret;
use crate::secrets::bounded_read::read_by;
use crate::secrets::command_output::run_command;
use crate::secrets::reference::Reference;
use crate::secrets::secret_file::{Readable, credentials_directory, read_file};
use anyhow::Context;
use ib_proc::Deadline;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

impl Reference {
    /// Reads the secret; `what` names it in errors ("the password").
    ///
    /// One line feed at the end is dropped. An empty secret is an error.
    ///
    /// # Errors
    /// `Config` when it cannot be read or is empty or too large, `Missing` when a program is not installed,
    /// `TimedOut` at the deadline, `Unexpected` when a program died.
    pub fn read(&self, what: &str, readable: Readable, deadline: Deadline) -> Result<Secret> {
        let secret = self
            .read_as_it_is(what, readable, deadline)?
            .without_newline();
        if secret.expose().is_empty() {
            let message = format!("reading {what} from {self}: it is empty");
            return Err(Error::new(Exit::Config, message));
        }
        Ok(secret)
    }

    /// The same for a secret that is one line in any encoding, as a passphrase is.
    ///
    /// # Errors
    /// As [`Reference::read`] and [`Secret::require_line`].
    pub fn read_line(&self, what: &str, readable: Readable, deadline: Deadline) -> Result<Secret> {
        let secret = self.read(what, readable, deadline)?;
        secret.require_line(&format!("{what} from {self}"))?;
        Ok(secret)
    }

    /// Reads the bytes with nothing dropped, for whole files such as keys.
    ///
    /// # Errors
    /// As [`Reference::read`], except that an empty secret is no error.
    pub fn read_as_it_is(
        &self,
        what: &str,
        readable: Readable,
        deadline: Deadline,
    ) -> Result<Secret> {
        let context = || format!("reading {what} from {self}");
        match self {
            Self::Stdin => {
                static TAKEN: AtomicBool = AtomicBool::new(false);
                if TAKEN.swap(true, Ordering::Relaxed) {
                    let message = format!(
                        "{}: stdin can be read only once (give the other secret as file: or cmd:)",
                        context()
                    );
                    return Err(Error::new(Exit::Usage, message));
                }
                // Stdin's own buffer would keep the secret until the process ends.
                let unbuffered = io::stdin().as_fd().try_clone_to_owned();
                let unbuffered = unbuffered.with_context(context).or_exit(Exit::Config)?;
                read_by(File::from(unbuffered), &context(), deadline)
            }
            Self::File(path) => read_file(path, readable, &context(), deadline),
            Self::Descriptor(number) => {
                let path = PathBuf::from(format!("/proc/self/fd/{number}"));
                read_file(&path, readable, &context(), deadline)
            }
            Self::Environment(name) => {
                warn(
                    "secret_in_environment",
                    &format!("{what} is in the environment, where every child sees it"),
                );
                let value = std::env::var_os(name).ok_or_else(|| {
                    Error::new(
                        Exit::Config,
                        format!("{}: the variable is not set", context()),
                    )
                })?;
                Ok(Secret::new(value.into_encoded_bytes()))
            }
            Self::Credential(name) => {
                let folder = credentials_directory().ok_or_else(|| {
                    let cause = "CREDENTIALS_DIRECTORY is not set (is this a systemd unit with LoadCredential=?)";
                    Error::new(Exit::Config, format!("{}: {cause}", context()))
                })?;
                read_file(&folder.join(name), readable, &context(), deadline)
            }
            Self::Command(words) => run_command(words, &context(), deadline),
        }
    }
}
