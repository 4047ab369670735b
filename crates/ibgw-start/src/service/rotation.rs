//! Old logs: a few of them, and none of them large.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The size from which on a log makes way for a new one.
const LARGE: u64 = 1 << 20;

/// How many old ones are kept: `.1` is the youngest.
const KEPT: u32 = 4;

/// Moves a large log out of the way, and the oldest out of the world.
///
/// To be called before a program is given the log: what has it open goes on writing to the one that was moved.
pub fn make_way(log: &Path) -> io::Result<()> {
    // A pipe or a terminal has no old ones.
    if !fs::symlink_metadata(log).is_ok_and(|about| about.is_file() && about.len() > LARGE) {
        return Ok(());
    }
    for number in (1..KEPT).rev() {
        match fs::rename(old(log, number), old(log, number + 1)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(log, old(log, 1))
}

fn old(log: &Path, number: u32) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}
