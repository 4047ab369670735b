//! Programs that the tool starts, and what they get of our environment.

use ib_cli::{Error, Exit, Result};
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What IB Gateway and its helpers get of our environment.
const KEPT: [&str; 5] = ["PATH", "HOME", "TZ", "TMPDIR", "JAVA_HOME"];

/// Their language, whatever ours is. IBC reads "11:45 PM" in the language of its Java. In British English, Spanish, Dutch,
/// Japanese and many more that is not a time (`ConfigureAutoLogoffOrRestartTimeTask`; Java 17, `hh:mm a`).
const LANGUAGE: [(&str, &str); 2] = [("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8")];

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

/// Takes our environment from a command, except a few names: no secret and no setting of ours goes with it. Gives it a
/// language that IBC understands.
pub(crate) fn clean_environment(command: &mut Command) -> &mut Command {
    let kept: Vec<(&str, OsString)> = KEPT
        .iter()
        .filter_map(|name| Some((*name, std::env::var_os(name)?)))
        .collect();
    command.env_clear().envs(kept).envs(LANGUAGE)
}
