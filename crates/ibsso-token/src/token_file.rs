//! The file that `--out` names, for the token.

use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Replacement, Result};
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A file that may hold a token. It is private, and at the path itself, not where a link leads.
pub(crate) struct TokenFile<'a> {
    path: &'a Path,
    new: Replacement,
}

impl<'a> TokenFile<'a> {
    /// Prepares the file under another name, before the token host is asked. A token that cannot be written is lost.
    ///
    /// # Errors
    /// `Config` when a link, a folder or a file that others can read is at the path, and when no file can be made.
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
            Ok(about) if !about.is_file() => return refused("it is not a file"),
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

    /// Writes a line, whole or not at all, that only the file's owner can read.
    ///
    /// # Errors
    /// `Config` when it cannot be written. The file that was there before is unchanged then.
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
