//! Keeping secrets off screens.

use ib_cli::{Error, Exit, Result};
use std::io::IsTerminal;

/// Refuses to print a secret to a terminal unless it was asked for.
pub(crate) fn refuse(show: bool) -> Result<()> {
    if show || !std::io::stdout().is_terminal() {
        return Ok(());
    }
    let message =
        "this would show a secret on the terminal (send it into a pipe or a file, or give --show)";
    Err(Error::new(Exit::Usage, message))
}
