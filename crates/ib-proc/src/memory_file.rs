//! Files without a name, which no disk ever sees.

use nix::sys::memfd::{MFdFlags, memfd_create};
use std::fs::File;
use std::io::{self, Seek, Write};

/// A file in memory with these bytes, to be read from its beginning; it is gone with the last process that has it open.
///
/// # Errors
/// When the kernel gives none.
pub fn memory_file(name: &str, bytes: &[u8]) -> io::Result<File> {
    let mut file = File::from(memfd_create(name, MFdFlags::MFD_CLOEXEC)?);
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}
