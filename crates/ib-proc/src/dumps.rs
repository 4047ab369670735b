//! Keeping secrets in memory: out of core files, away from other processes, off the disk.

use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::statfs::{TMPFS_MAGIC, fstatfs};

/// Forbids core dumps and attaching to this process (`RLIMIT_CORE` 0, not dumpable).
///
/// Children that `exec` are dumpable again: they decide for themselves.
///
/// # Errors
/// When the kernel refuses either, which it does not on Linux.
pub fn forbid() -> std::io::Result<()> {
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    prctl::set_dumpable(false)?;
    Ok(())
}

/// Whether a file is kept in memory (tmpfs), not on a disk.
#[must_use]
pub fn is_in_memory(file: &std::fs::File) -> bool {
    fstatfs(file).is_ok_and(|about| about.filesystem_type() == TMPFS_MAGIC)
}
