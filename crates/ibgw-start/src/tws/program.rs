//! The directory of one version, as IBKR's installer left it: what IBC's script wants to find in it.

use ib_cli::{Error, Exit, Result};
use ib_proc::user;
use std::fs;
use std::path::{Path, PathBuf};

/// Refuses one that would start itself again without IBC.
///
/// IBC's script gives the program's own start script another name for that, where it may
/// (IBC's user guide, "How to run TWS/Gateway without IBC when IBC is installed").
pub fn starts_by_ibc_alone(folder: &Path, program: &str) -> Result<()> {
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

/// Refuses one whose Java is not there: IBC's script takes no other by itself.
pub fn has_java(folder: &Path) -> Result<()> {
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
