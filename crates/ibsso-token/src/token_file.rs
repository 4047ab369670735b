//! The file that a token is put into.

use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Replacement, Result};
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A file that may hold a token: private, and at the place that is named, not where a link leads.
pub(crate) struct TokenFile<'a> {
    path: &'a Path,
    new: Replacement,
}

impl<'a> TokenFile<'a> {
    /// The file at a path, made before anything is asked, under another name: a token that cannot be kept is lost.
    ///
    /// # Errors
    /// `Config` when what is there is a link, no file, or readable by others, and when no file can be made.
    pub(crate) fn at(path: &'a Path) -> Result<Self> {
        let refused = |why: &str| {
            let message = format!("writing the token to {}: {why}", path.display());
            Err(Error::new(Exit::Config, message))
        };
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        if !folder.is_dir() || path.file_name().is_none() {
            return refused("there is no such folder");
        }
        if path.as_os_str().as_bytes().ends_with(b"/") {
            return refused("its name ends in a slash, as a folder's (name a file)");
        }
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return refused(&error.to_string()),
            Ok(about) if about.is_symlink() => {
                return refused("it is a symbolic link (name the file itself)");
            }
            Ok(about) if !about.is_file() => return refused("it is no file"),
            Ok(about) if is_readable_by_others(&about) => {
                return refused("others can read what is there (chmod 600, or remove it)");
            }
            Ok(_) => {}
        }
        match Replacement::prepare(path) {
            Ok(new) => Ok(Self { path, new }),
            Err(error) => refused(&error.to_string()),
        }
    }

    /// Puts a line into it, whole or not at all, for its owner's eyes alone.
    ///
    /// # Errors
    /// `Config` when it cannot be written; what was there before is untouched.
    pub(crate) fn write(self, line: &[u8]) -> Result<()> {
        let path = self.path.display();
        self.new
            .write(line)
            .with_context(|| format!("a token was issued and is lost: writing it to {path}"))
            .or_exit(Exit::Config)
    }
}

fn is_readable_by_others(about: &Metadata) -> bool {
    about.mode() & 0o077 != 0
}
