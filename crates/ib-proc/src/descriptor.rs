//! Descriptors that our caller opened for us and names by number.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;

/// Whether a descriptor of this number is open.
#[must_use]
pub fn is_open(number: u32) -> bool {
    path(number).symlink_metadata().is_ok()
}

/// Writes a line feed to a descriptor and closes it, as s6's readiness protocol has it.
///
/// # Errors
/// When it is not open for writing, or no process reads it.
pub fn say_ready(number: u32) -> io::Result<()> {
    OpenOptions::new()
        .write(true)
        .open(path(number))?
        .write_all(b"\n")?;
    let number = i32::try_from(number).map_err(io::Error::other)?;
    Ok(nix::unistd::close(number)?)
}

fn path(number: u32) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{number}"))
}
