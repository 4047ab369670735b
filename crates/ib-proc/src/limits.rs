//! Limits that our children inherit.

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::io;

/// Lets us and the programs we start open no more files than this.
///
/// Some programs try each number up to the limit, and in a container it may be 1,000,000,000
/// (gnzsnz/ib-gateway-docker#430).
///
/// # Errors
/// When the kernel refuses.
pub fn open_files_at_most(number: u64) -> io::Result<()> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    Ok(setrlimit(
        Resource::RLIMIT_NOFILE,
        soft.min(number),
        hard.min(number),
    )?)
}
