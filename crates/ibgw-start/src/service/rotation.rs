//! Old logs: only a few are kept, and none is large.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A log larger than this makes way for a new one.
const LARGE: u64 = 1 << 20;

/// How many old ones are kept: `.1` is the youngest.
const KEPT: u32 = 4;

/// Moves a large log out of the way. The oldest is lost.
///
/// Call it before a program gets the log: a program that has it open goes on writing to the moved file.
pub(crate) fn make_way(log: &Path) -> io::Result<()> {
    // A pipe or a terminal has no old logs.
    if !fs::symlink_metadata(log).is_ok_and(|about| about.is_file() && about.len() > LARGE) {
        return Ok(());
    }
    for number in (1..KEPT).rev() {
        match fs::rename(old(log, number), old(log, number + 1)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    fs::rename(log, old(log, 1))
}

fn old(log: &Path, number: u32) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}
