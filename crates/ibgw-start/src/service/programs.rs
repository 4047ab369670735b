//! Programs of others, and what they may have of our environment.

use ib_cli::{Error, Exit, Result};
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What IB Gateway and its helpers may have of our environment.
const KEPT: [&str; 5] = ["PATH", "HOME", "TZ", "TMPDIR", "JAVA_HOME"];

/// Their language, whatever ours is. IBC reads "11:45 PM" in that of its Java, and in English of Great Britain, Spanish,
/// Dutch, Japanese and many more that is no time (`ConfigureAutoLogoffOrRestartTimeTask`; Java 17, `hh:mm a`).
const LANGUAGE: [(&str, &str); 2] = [("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8")];

/// The first program of this name in PATH.
pub fn find(name: &str, hint: &str) -> Result<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    // What is started has a working directory of its own.
    std::env::split_paths(&folders)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|path| is_program(path))
        .ok_or_else(|| Error::new(Exit::Missing, format!("{name} is not in PATH ({hint})")))
}

/// Whether there is a program that can be run.
pub fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

/// Leaves a command nothing of our environment but a few names, so that no secret and no setting of ours goes with it,
/// and gives it a language that it understands.
pub fn clean_environment(command: &mut Command) -> &mut Command {
    let kept: Vec<(&str, OsString)> = KEPT
        .iter()
        .filter_map(|name| Some((*name, std::env::var_os(name)?)))
        .collect();
    command.env_clear().envs(kept).envs(LANGUAGE)
}
