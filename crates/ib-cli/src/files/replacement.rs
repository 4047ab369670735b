//! A file that takes the place of another, whole or not at all.

use ib_proc::{Undo, undo};
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A new, empty file beside the one that it will replace.
///
/// It is removed when this is dropped, or when a signal ends a process that handles signals.
pub struct Replacement {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    removal: Undo,
}

impl Replacement {
    /// Makes the new file, 0600, so that a place without write access is found before there is anything to write.
    ///
    /// # Errors
    /// What the file system reports; `path` is untouched.
    pub fn prepare(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        // Replacing a device or a pipe would take it from every program that uses it.
        if fs::metadata(path).is_ok_and(|about| !about.is_file()) {
            return Err(io::Error::other("the path exists and is not a file"));
        }
        let mut options = OpenOptions::new();
        options.create_new(true).write(true).mode(0o600);
        loop {
            // std keys each hasher with the kernel's random numbers, so no one can prepare the name. A file or symlink
            // that has the name is never opened.
            let suffix = RandomState::new().hash_one(std::process::id());
            let prefix = prefix(&name.to_string_lossy());
            let temporary = folder(path).join(format!("{prefix}{suffix:016x}"));
            let removed = temporary.clone();
            // Registered before the file exists, so that no signal comes between the two.
            let removal = Undo::new(move || {
                let _ = fs::remove_file(removed);
            });
            match options.open(&temporary) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => removal.forget(),
                opened => {
                    return Ok(Self {
                        file: opened?,
                        temporary,
                        path: path.to_owned(),
                        removal,
                    });
                }
            }
        }
    }

    /// Writes it and puts it in place: fsync, rename, fsync of the directory.
    ///
    /// # Errors
    /// What the file system reports; the file before is untouched.
    pub fn write(mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_all()?;
        if let Err(error) = fs::rename(&self.temporary, &self.path) {
            // A signal came. It removes unfinished files even where the process goes on after it (`Unfinished`).
            undo::wait_if_ending();
            if error.kind() == io::ErrorKind::NotFound && self.removal.is_done() {
                return write_atomic(&self.path, bytes);
            }
            return Err(error);
        }
        self.removal.forget();
        File::open(folder(&self.path))?.sync_all()
    }
}

/// Writes a file, 0600, whole or not at all: new temporary file, fsync, rename, fsync of the directory.
///
/// # Errors
/// What the file system reports; the file before is untouched.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Replacement::prepare(path)?.write(bytes)
}

/// Whether a file of this name is an unfinished replacement of one whose name begins with `of`.
pub(crate) fn is_unfinished(name: &str, of: &str) -> bool {
    name.starts_with(&prefix(of))
}

fn prefix(name: &str) -> String {
    format!(".{name}.")
}

fn folder(path: &Path) -> &Path {
    let parent = path.parent();
    parent
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}
