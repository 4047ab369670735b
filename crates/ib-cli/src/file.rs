//! Reading a secret from a file, and seeing who else could.

use crate::error::{Error, OrExit, Result};
use crate::exit::Exit;
use crate::messages::warn;
use crate::patience::{in_time, within};
use crate::read::read_capped;
use crate::secret::Secret;
use crate::source::Readable;
use anyhow::Context;
use ib_proc::{Deadline, is_in_memory};
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

pub(crate) fn read_file(
    path: &Path,
    readable: Readable,
    context: &str,
    deadline: Deadline,
) -> Result<Secret> {
    let place = path.to_owned();
    // Opening a FIFO waits for its writer, so it is opened where it can be waited for.
    let file = within(move || File::open(place), context, deadline)?;
    let about = file
        .metadata()
        .with_context(|| context.to_owned())
        .or_exit(Exit::Config)?;
    // A descriptor's own path says nothing of the file behind it, and its link has no permissions of its own.
    let place = match path.starts_with("/proc/self/fd") {
        true => fs::read_link(path).unwrap_or_else(|_| path.to_owned()),
        false => path.to_owned(),
    };
    if about.is_file() && about.mode() & 0o077 != 0 && !is_in_private_place(&place, &file) {
        let found = format!(
            "{context}: others can read the file (chmod 600 {})",
            place.display()
        );
        match readable {
            Readable::Refused => return Err(Error::new(Exit::Config, found)),
            Readable::Warned => warn("readable_by_others", &found),
            Readable::Anyone => {}
        }
    }
    if about.is_file() {
        return read_capped(file)
            .with_context(|| context.to_owned())
            .or_exit(Exit::Config);
    }
    in_time(file, context, deadline)
}

/// Whether whoever mounted the place has already decided who may read it.
fn is_in_private_place(path: &Path, file: &File) -> bool {
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY");
    is_in_memory(file)
        || path.starts_with("/run/secrets")
        || credentials.is_some_and(|folder| path.starts_with(folder))
}
