//! The unzipped Gateway. It is only read.

use ib_cli::{Error, Exit, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Where IBKR offers the Gateway.
const SOURCE: &str = "https://download2.interactivebrokers.com/portal/clientportal.gw.zip";

/// A directory with everything the Gateway needs.
pub(crate) struct Distribution {
    folder: PathBuf,
    jar: PathBuf,
}

impl Distribution {
    /// Refuses a directory that is not complete.
    pub(crate) fn find(folder: Option<&Path>) -> Result<Self> {
        let folder = folder.ok_or_else(|| {
            let message =
                format!("no Gateway is named (give --gateway-dir DIR; it is at {SOURCE})");
            Error::new(Exit::Usage, message)
        })?;
        let missing = |what: &str| {
            let message = format!(
                "{} is not a complete Gateway: it has no {what} (unzip {SOURCE} and give its directory)",
                folder.display()
            );
            Error::new(Exit::Missing, message)
        };
        let folder = std::path::absolute(folder).map_err(|_| missing("name"))?;
        let jar = jar_in(&folder.join("dist")).ok_or_else(|| missing("dist/*.jar"))?;
        if jar_in(&folder.join("build/lib/runtime")).is_none() {
            return Err(missing("build/lib/runtime/*.jar"));
        }
        Ok(Self { folder, jar })
    }

    /// The path of something in it.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.join(below)
    }

    /// The directory with the settings and the keystore as shipped.
    pub(crate) fn root(&self) -> PathBuf {
        self.folder.join("root")
    }

    /// The class path, with the settings in `conf` first. It is absolute, so any working directory is fine.
    pub(crate) fn class_path(&self, conf: &Path) -> Result<String> {
        let entries = [
            conf.to_owned(),
            self.root(),
            self.jar.clone(),
            self.folder.join("build/lib/runtime/*"),
        ];
        let texts: Option<Vec<&str>> = entries
            .iter()
            .map(|entry| entry.to_str().filter(|text| !text.contains(':')))
            .collect();
        texts.map(|texts| texts.join(":")).ok_or_else(|| {
            let message = format!(
                "neither {} nor {} may have a colon in its path: Java could not find it (move it)",
                self.folder.display(),
                conf.display()
            );
            Error::new(Exit::Config, message)
        })
    }
}

/// The Gateway's own jar if it is there, else the first by name.
fn jar_in(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let mut jars: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jar"))
        .collect();
    jars.sort_by_key(|path| {
        (
            !path.to_string_lossy().contains("clientportal"),
            path.clone(),
        )
    });
    jars.into_iter().next()
}
