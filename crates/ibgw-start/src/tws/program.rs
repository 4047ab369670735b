//! The directory of one version, as IBKR's installer leaves it: what IBC's script must find in it.

use ib_cli::{Error, Exit, Result};
use ib_proc::user;
use std::fs;
use std::path::{Path, PathBuf};

/// Refuses a program that would restart itself without IBC.
///
/// To prevent that, IBC's script renames the program's own start script, if it may
/// (IBC's user guide, "How to run TWS/Gateway without IBC when IBC is installed").
pub(crate) fn require_start_by_ibc(folder: &Path, program: &str) -> Result<()> {
    let script = folder.join(program);
    if !script.exists() || user::may_write(folder) {
        return Ok(());
    }
    let shown = script.display();
    let message = format!(
        "{shown} starts the program without IBC at its daily restart, and IBC may not rename it here (as who owns it: \
         mv {shown} {shown}1)"
    );
    Err(Error::new(Exit::Config, message))
}

/// Refuses a program whose Java is missing: IBC's script takes no other unless it is named.
pub(crate) fn require_java(folder: &Path) -> Result<()> {
    let named: Vec<PathBuf> = ["pref_jre.cfg", "inst_jre.cfg"]
        .iter()
        .filter_map(|file| fs::read_to_string(folder.join(".install4j").join(file)).ok())
        .filter_map(|text| Some(Path::new(text.lines().next()?).join("bin/java")))
        .collect();
    if named.iter().any(|java| java.exists()) {
        return Ok(());
    }
    let lost = named.first().map_or_else(
        || {
            format!(
                "{} does not say where its Java is",
                folder.join(".install4j/inst_jre.cfg").display()
            )
        },
        |java| format!("its Java is not at {}", java.display()),
    );
    let message =
        format!("IB Gateway is not complete: {lost} (install it again, or give --java PATH)");
    Err(Error::new(Exit::Missing, message))
}
