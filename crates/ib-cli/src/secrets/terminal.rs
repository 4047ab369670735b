//! Keeping secrets off the terminal.

use crate::contract::error::{Error, Result};
use crate::contract::exit::Exit;
use std::io::IsTerminal;

/// Refuses to print a secret to a terminal unless `--show` is given.
///
/// # Errors
/// `Usage` when stdout is a terminal and `show` is false.
pub fn keep_off_terminal(show: bool) -> Result<()> {
    if show || !std::io::stdout().is_terminal() {
        return Ok(());
    }
    let message =
        "this would show a secret on the terminal (send it into a pipe or a file, or give --show)";
    Err(Error::new(Exit::Usage, message))
}
