//! A directory like the unzipped `clientportal.gw`: names and modes as in the copy that Voyz/ibeam
//! carries (`copy_cache/clientportal.gw`), contents our own.

use crate::keystore;
use anyhow::{Context, Result};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

/// The jar the main class is in.
pub(crate) const JAR: &str = "ibgroup.web.core.iblink.router.clientportal.gw.jar";
/// The keystore's password in every download.
pub(crate) const KEYSTORE_PASSWORD: &str = "mywebapi";

const RUN: &str = include_str!("layout/run.sh");
const LOGBACK: &str = include_str!("layout/logback.xml");
const CONF: &str = include_str!("layout/conf.yaml");

/// Writes the directory; `jre/bin/java` in it is this program.
pub(crate) fn write(directory: &Path, upstream: &str, port: u16) -> Result<()> {
    let keystore = keystore::seal(&keystore::pair()?, KEYSTORE_PASSWORD)?;
    for (name, content) in [
        ("bin/run.sh", RUN.as_bytes()),
        ("root/conf.yaml", conf_yaml(upstream, port).as_bytes()),
        ("root/logback.xml", LOGBACK.as_bytes()),
        ("root/vertx.jks", &keystore),
        (&format!("dist/{JAR}"), b"no jar"),
        ("build/lib/runtime/vertx-core-3.5.0.jar", b"no jar"),
    ] {
        let path = directory.join(name);
        let parent = path.parent().unwrap_or(directory);
        fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        fs::write(&path, content).with_context(|| format!("writing {}", path.display()))?;
        // Not executable under any umask: the copy's run.sh is not either.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644))
            .with_context(|| format!("setting the mode of {}", path.display()))?;
    }
    let java = directory.join("jre/bin/java");
    fs::create_dir_all(directory.join("jre/bin")).context("making jre/bin")?;
    if java.is_symlink() {
        fs::remove_file(&java).with_context(|| format!("replacing {}", java.display()))?;
    }
    let own = std::env::current_exe().context("finding the stand-in's own program")?;
    symlink(own, &java).with_context(|| format!("linking {}", java.display()))
}

/// The configuration as shipped, for an upstream and a port.
pub(crate) fn conf_yaml(upstream: &str, port: u16) -> String {
    CONF.replace("@UPSTREAM@", upstream)
        .replace("@PORT@", &port.to_string())
}
