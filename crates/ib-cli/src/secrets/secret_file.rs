//! Reading a secret from a file, and seeing who else could.

use crate::contract::error::{Error, OrExit, Result};
use crate::contract::exit::Exit;
use crate::contract::messages::warn;
use crate::secrets::bounded_read::read_capped;
use crate::secrets::bounded_wait::wait_for;
use crate::secrets::secret::Secret;
use anyhow::Context;
use ib_proc::{Deadline, is_in_memory, user};
use std::fs::{self, File, Metadata};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Who else may read the file a secret is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readable {
    /// Say nothing of who can read it: for encrypted files and public keys.
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
        match allow_readable_key {
            true => Self::Warned,
            false => Self::Refused,
        }
    }
}

pub(crate) fn read_file(
    path: &Path,
    readable: Readable,
    context: &str,
    deadline: Deadline,
) -> Result<Secret> {
    let (place, doing) = (path.to_owned(), context.to_owned());
    // Opening a FIFO waits for its writer, and reading a file for a server that may have gone away.
    wait_for(move || read(&place, readable, &doing), context, deadline)
        .unwrap_or_else(|late| Err(said_of(path, late)))
}

fn read(path: &Path, readable: Readable, context: &str) -> Result<Secret> {
    let in_words = |done: std::io::Result<Secret>| {
        done.with_context(|| context.to_owned())
            .or_exit(Exit::Config)
    };
    let file = File::open(path)
        .with_context(|| context.to_owned())
        .or_exit(Exit::Config)
        .map_err(|error| said_of(path, error))?;
    let about = file
        .metadata()
        .with_context(|| context.to_owned())
        .or_exit(Exit::Config)?;
    if about.is_dir() {
        let message = format!("{context}: it is a directory (name a file in it)");
        return Err(Error::new(Exit::Config, message));
    }
    if !about.is_file() {
        return in_words(read_capped(file)).map_err(|error| said_of(path, error));
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

/// To whom a file lies open.
enum Exposure {
    /// Its group, or everybody.
    Others,
    /// A user who is neither root nor us.
    Owner,
}

/// Who else can read the file, and a sentence about it.
fn exposed(path: &Path, file: &File, about: &Metadata) -> Option<(Exposure, String)> {
    // A descriptor's own path says nothing of the file behind it, and its link has no permissions of its own.
    let place = match path.starts_with("/proc/self/fd") {
        true => fs::read_link(path).unwrap_or_else(|_| path.to_owned()),
        false => path.to_owned(),
    };
    if is_in_private_place(&place, file) {
        return None;
    }
    let place = place.display();
    if about.mode() & 0o077 != 0 {
        let found = format!("others can read the file (chmod 600 {place})");
        return Some((Exposure::Others, found));
    }
    let (owner, us) = (about.uid(), user::number());
    // Whatever root has, root may read: nothing is gained by warning of it.
    (owner != us && owner != 0).then(|| {
        let found = format!(
            "the file belongs to uid {owner}, who can read and change it (chown {us} {place})"
        );
        (Exposure::Owner, found)
    })
}

/// What can be seen of a file that could not be read, behind what the kernel said.
fn said_of(path: &Path, error: Error) -> Error {
    let Ok(about) = fs::symlink_metadata(path) else {
        return error;
    };
    let hint = if about.file_type().is_fifo() {
        "it is a FIFO that nobody writes to".to_owned()
    } else if let (true, Ok(to)) = (about.is_symlink(), fs::read_link(path)) {
        format!("it is a link to {}", to.display())
    } else {
        let (owner, mode, us) = (about.uid(), about.mode() & 0o7777, user::number());
        format!("it belongs to uid {owner} with mode {mode:04o}, and this is uid {us}")
    };
    Error {
        source: anyhow::Error::msg(format!("{error} ({hint})")),
        ..error
    }
}

/// Whether whoever mounted the place has already decided who may read it.
fn is_in_private_place(path: &Path, file: &File) -> bool {
    // A path may say that it is there, and lead elsewhere.
    let is_below = |folder: &Path| match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
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
