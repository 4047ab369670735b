//! Finds the programs that the tool starts.

use ib_cli::{Error, Exit, Result};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The first program of this name in PATH.
pub(crate) fn find(name: &str, hint: &str) -> Result<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    // The program will have another working directory.
    std::env::split_paths(&folders)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|path| is_program(path))
        .ok_or_else(|| Error::new(Exit::Missing, format!("{name} is not in PATH ({hint})")))
}

/// Whether the file can be run.
pub(crate) fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}
