//! `--foreground`: this process stays with the gateway, and says when the gateway is ready.

use ib_cli::{Error, Exit, Result, warn};
use ib_proc::descriptor;

/// How this process stays with the gateway.
#[derive(Clone, Copy)]
pub(crate) struct Foreground {
    /// The descriptor of `--ready-fd`; `None` when there is none to write to.
    pub(crate) ready_fd: Option<u32>,
}

impl Foreground {
    /// Refuses a descriptor that could not be written to later.
    ///
    /// # Errors
    /// `Usage` when the descriptor is not open.
    pub(crate) fn check_ready_fd(&self) -> Result<()> {
        match self.ready_fd.filter(|number| !descriptor::is_open(*number)) {
            Some(number) => {
                let message = format!("--ready-fd {number} is not open (open it: {number}>FILE)");
                Err(Error::new(Exit::Usage, message))
            }
            None => Ok(()),
        }
    }

    /// Writes to the descriptor that the gateway is ready.
    pub(crate) fn write_ready(&self) {
        if let Some(number) = self.ready_fd
            && let Err(error) = descriptor::say_ready(number)
        {
            warn(
                "ready_unheard",
                &format!("writing to descriptor {number}: {error}"),
            );
        }
    }
}

/// The error when a gateway is up that this process did not start.
pub(crate) fn cannot_hold(gateway: &str, address: &str) -> Error {
    let message = format!(
        "{gateway} is up already at {address}, and --foreground holds only what it started (end that one with --stop)"
    );
    Error::new(Exit::Config, message)
}
