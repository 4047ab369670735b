//! What IB Gateway and its helpers get of our environment.

use std::ffi::OsString;
use std::process::Command;

/// What IB Gateway and its helpers get of our environment.
const KEPT: [&str; 5] = ["PATH", "HOME", "TZ", "TMPDIR", "JAVA_HOME"];

/// Their language, whatever ours is. IBC reads "11:45 PM" in the language of its Java. In British English, Spanish, Dutch,
/// Japanese and many more that is not a time (`ConfigureAutoLogoffOrRestartTimeTask`; Java 17, `hh:mm a`).
const LANGUAGE: [(&str, &str); 2] = [("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8")];

/// Takes our environment from a command, except a few names: no secret and no setting of ours goes with it. Gives it a
/// language that IBC understands.
pub(crate) fn clean_environment(command: &mut Command) -> &mut Command {
    let kept: Vec<(&str, OsString)> = KEPT
        .iter()
        .filter_map(|name| Some((*name, std::env::var_os(name)?)))
        .collect();
    command.env_clear().envs(kept).envs(LANGUAGE)
}
