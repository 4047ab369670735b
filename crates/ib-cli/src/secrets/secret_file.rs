//! Reading a secret from a file, and seeing who else could.

use crate::contract::error::{Error, OrExit, Result};
use crate::contract::exit::Exit;
use crate::contract::messages::warn;
use crate::secret::Secret;
use crate::secrets::bounded_read::read_capped;
use crate::secrets::bounded_wait::wait_for;
use anyhow::Context;
use ib_proc::{Deadline, is_in_memory, user};
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Who else may read the file a secret is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readable {
    /// Let anyone read it: for encrypted files and public keys.
    Anyone,
    /// Warn if others can read it.
    Warned,
    /// Refuse it if others can read it: for private keys.
    Refused,
}

impl Readable {
    /// For private keys: refused, unless the caller allows it with `--allow-readable-key`.
    #[must_use]
    pub fn of_key(allow_readable_key: bool) -> Self {
        if allow_readable_key {
            Self::Warned
        } else {
            Self::Refused
        }
    }
}

pub(crate) fn read_file(
    path: &Path,
    readable: Readable,
    context: &str,
    deadline: Deadline,
) -> Result<Secret> {
    let place = path.to_owned();
    let doing = context.to_owned();
    // Opening a FIFO waits for its writer, and reading a file for a server that may have gone away.
    wait_for(move || read(&place, readable, &doing), context, deadline)
        .unwrap_or_else(|late| Err(with_looks_of(path, late)))
}

fn read(path: &Path, readable: Readable, context: &str) -> Result<Secret> {
    let in_words = |done: io::Result<Secret>| {
        done.with_context(|| context.to_owned())
            .or_exit(Exit::Config)
    };
    let file = File::open(path)
        .with_context(|| context.to_owned())
        .or_exit(Exit::Config)
        .map_err(|error| with_looks_of(path, error))?;
    let about = file
        .metadata()
        .with_context(|| context.to_owned())
        .or_exit(Exit::Config)?;
    if about.is_dir() {
        let message = format!("{context}: it is a directory (name a file in it)");
        return Err(Error::new(Exit::Config, message));
    }
    if !about.is_file() {
        return in_words(read_capped(file)).map_err(|error| with_looks_of(path, error));
    }
    if let Some((exposure, found)) = exposed(path, &file, &about) {
        let found = format!("{context}: {found}");
        match (readable, exposure) {
            (Readable::Refused, _) => return Err(Error::new(Exit::Config, found)),
            (Readable::Warned, Exposure::Others) => warn("readable_by_others", &found),
            (Readable::Warned, Exposure::Owner) => warn("owned_by_another", &found),
            (Readable::Anyone, _) => {}
        }
    }
    in_words(read_capped(file))
}

/// Who else can read a file.
enum Exposure {
    /// Its group, or everybody.
    Others,
    /// A user who is neither root nor us.
    Owner,
}

/// The exposure of a file, and a sentence about it; `None` when it is private.
fn exposed(path: &Path, file: &File, about: &Metadata) -> Option<(Exposure, String)> {
    // A descriptor's own path does not show where its file is, and a link has no permissions of its own.
    let link = path
        .starts_with("/proc/self/fd")
        .then(|| fs::read_link(path));
    let place = link
        .and_then(io::Result::ok)
        .unwrap_or_else(|| path.to_owned());
    if is_in_private_place(&place, file) {
        return None;
    }
    let place = place.display();
    if about.mode() & 0o077 != 0 {
        let found = format!("others can read the file (chmod 600 {place})");
        return Some((Exposure::Others, found));
    }
    let owner = about.uid();
    let us = user::number();
    // Root may read every file: a warning about it would change nothing.
    (owner != us && owner != 0).then(|| {
        let found = format!(
            "the file belongs to uid {owner}, who can read and change it (chown {us} {place})"
        );
        (Exposure::Owner, found)
    })
}

/// The error with what can be seen of the file: its owner and mode, or what kind of file it is.
fn with_looks_of(path: &Path, error: Error) -> Error {
    let Ok(about) = fs::symlink_metadata(path) else {
        return error;
    };
    let hint = if about.file_type().is_fifo() {
        "it is a FIFO without a writer".to_owned()
    } else if about.is_symlink()
        && let Ok(to) = fs::read_link(path)
    {
        format!("it is a link to {}", to.display())
    } else {
        let mode = about.mode() & 0o7777;
        let owner = about.uid();
        let us = user::number();
        format!("it belongs to uid {owner} with mode {mode:04o}, and this is uid {us}")
    };
    Error {
        source: anyhow::Error::msg(format!("{error} ({hint})")),
        ..error
    }
}

/// Whether it is in a place whose mount already decides who may read it.
fn is_in_private_place(path: &Path, file: &File) -> bool {
    // A path may begin there and lead elsewhere.
    let is_below = |folder: &Path| {
        let is_in = |folder: PathBuf| {
            path.canonicalize()
                .is_ok_and(|path| path.starts_with(folder))
        };
        folder.canonicalize().is_ok_and(is_in)
    };
    is_in_memory(file)
        || is_below(Path::new("/run/secrets"))
        || credentials_directory().is_some_and(|folder| is_below(&folder))
}

/// Where systemd has put the credentials of a unit; `None` outside one.
#[must_use]
pub fn credentials_directory() -> Option<PathBuf> {
    let folder = std::env::var_os("CREDENTIALS_DIRECTORY")?;
    // As everywhere, one that is set to nothing is not set.
    Some(PathBuf::from(folder)).filter(|folder| !folder.as_os_str().is_empty())
}
