//! The programs that IB Gateway needs beside it.

use ib_cli::{Error, Exit, Result};
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

/// What IB Gateway and its helpers may have of our environment.
const KEPT: [&str; 7] = [
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "JAVA_HOME",
];

/// The first program of this name in PATH.
pub fn find(name: &str, hint: &str) -> Result<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let is_program = |path: &PathBuf| {
        path.metadata()
            .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
    };
    std::env::split_paths(&folders)
        .map(|folder| folder.join(name))
        .find(is_program)
        .ok_or_else(|| Error::new(Exit::Missing, format!("{name} is not in PATH ({hint})")))
}

/// Leaves a command nothing of our environment but a few names, so that no secret and no setting of ours goes with it.
pub fn clean_environment(command: &mut Command) -> &mut Command {
    let kept: Vec<(&str, OsString)> = KEPT
        .iter()
        .filter_map(|name| Some((*name, std::env::var_os(name)?)))
        .collect();
    command.env_clear().envs(kept)
}
