//! Pipes that hold as little as the kernel lets them.

use nix::fcntl::{FcntlArg, fcntl};
use std::io::{self, PipeReader, PipeWriter};

/// A page, which is the least that a pipe can hold (fcntl(2), `F_SETPIPE_SZ`); the kernel rounds up where its pages are
/// larger.
const LEAST: i32 = 4096;

/// A pipe whose writer has to wait for its reader after a page.
///
/// # Errors
/// When the kernel gives none.
pub fn narrow_pipe() -> io::Result<(PipeReader, PipeWriter)> {
    let (reader, writer) = io::pipe()?;
    fcntl(&writer, FcntlArg::F_SETPIPE_SZ(LEAST))?;
    Ok((reader, writer))
}
