//! Directories as a user has them who has installed IB Gateway by its offline installer, and IBC: the names are those
//! that IBC's `ibcstart.sh` asks for, the contents our own.

use anyhow::{Context, Result};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

const START: &str = include_str!("ibcstart.sh");

/// As the installer of 10.45 leaves them; IBC takes the lines that begin with `-D` out.
const VMOPTIONS: &str =
    "-Xmx768m\n-XX:+UseG1GC\n-XX:MaxGCPauseMillis=200\n-DvmOptionsPath=ibgateway.vmoptions\n";

/// Writes the directories `Jts` and `ibc`. The settings directory is not among them.
pub(crate) fn write(directory: &Path) -> Result<()> {
    let own = std::env::current_exe().context("finding the stand-in's own program")?;
    fs::create_dir_all(directory).with_context(|| format!("making {}", directory.display()))?;
    let directory = directory
        .canonicalize()
        .with_context(|| format!("finding {}", directory.display()))?;
    let java = directory.join("Jts/jre");
    // Bash takes everything between two of them as it is, except one of them.
    let quoted = own.to_string_lossy().replace('\'', "'\\''");
    let gateway = "Jts/ibgateway/1045";
    for (name, mode, content) in [
        (
            &*format!("{gateway}/jars/twslaunch-1045.jar"),
            0o644,
            "no jar",
        ),
        (&*format!("{gateway}/jars/total-2024.jar"), 0o644, "no jar"),
        (&*format!("{gateway}/ibgateway.vmoptions"), 0o644, VMOPTIONS),
        (
            &*format!("{gateway}/ibgateway"),
            0o755,
            "#!/bin/sh\nexit 1\n",
        ),
        (
            &*format!("{gateway}/.install4j/i4jruntime.jar"),
            0o644,
            "no jar",
        ),
        (
            &*format!("{gateway}/.install4j/inst_jre.cfg"),
            0o644,
            &*format!("{}\n", java.display()),
        ),
        (
            &*format!("{gateway}/.install4j/i4jparams.conf"),
            0o644,
            "<config/>\n",
        ),
        ("ibc/IBC.jar", 0o644, "no jar"),
        (
            "ibc/scripts/ibcstart.sh",
            0o755,
            &*START.replace("@STANDIN@", &quoted),
        ),
    ] {
        let path = directory.join(name);
        let parent = path.parent().unwrap_or(&directory);
        fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        fs::write(&path, content).with_context(|| format!("writing {}", path.display()))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))
            .with_context(|| format!("setting the mode of {}", path.display()))?;
    }
    let bin = java.join("bin");
    fs::create_dir_all(&bin).with_context(|| format!("making {}", bin.display()))?;
    let java = bin.join("java");
    if java.is_symlink() {
        fs::remove_file(&java).with_context(|| format!("replacing {}", java.display()))?;
    }
    symlink(own, &java).with_context(|| format!("linking {}", java.display()))
}
