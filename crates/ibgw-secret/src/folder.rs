//! A directory with a file for each part, as Docker and Kubernetes mount secrets.

use crate::part::Part;
use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The directory and the names in it.
pub(crate) struct Folder {
    given: PathBuf,
    real: PathBuf,
    names: Vec<String>,
}

impl Folder {
    /// Lists a directory.
    pub(crate) fn list(given: &Path) -> Result<Self> {
        let context = || format!("reading the directory {}", given.display());
        let real = given
            .canonicalize()
            .with_context(context)
            .or_exit(Exit::Config)?;
        let mut names = Vec::new();
        for entry in fs::read_dir(&real)
            .with_context(context)
            .or_exit(Exit::Config)?
        {
            let name = entry
                .with_context(context)
                .or_exit(Exit::Config)?
                .file_name();
            names.extend(name.into_string());
        }
        names.sort();
        Ok(Self {
            given: given.to_owned(),
            real,
            names,
        })
    }

    /// The file that holds a part, links followed as long as they stay inside; `None` if there is none.
    pub(crate) fn find(&self, part: Part) -> Result<Option<PathBuf>> {
        let mut candidates = self
            .names
            .iter()
            .filter(|name| part.files().contains(&without_ending(name)));
        let Some(name) = candidates.next() else {
            return Ok(None);
        };
        if let Some(other) = candidates.next() {
            let message = format!(
                "two files for {} in {}: {name} and {other} (keep one)",
                part.spoken(),
                self.given.display()
            );
            return Err(Error::new(Exit::Config, message));
        }
        let shown = self.given.join(name);
        let context = || format!("reading {} from {}", part.spoken(), shown.display());
        let real = self
            .real
            .join(name)
            .canonicalize()
            .with_context(context)
            .or_exit(Exit::Config)?;
        if !real.starts_with(&self.real) {
            let message = format!("{}: it is a link to outside of the directory", context());
            return Err(Error::new(Exit::Config, message));
        }
        Ok(Some(real))
    }
}

fn without_ending(name: &str) -> &str {
    name.strip_suffix(".secret")
        .or_else(|| name.strip_suffix(".txt"))
        .unwrap_or(name)
}
