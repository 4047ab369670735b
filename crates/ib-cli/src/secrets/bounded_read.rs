//! Reading a secret: no more than its largest size, no longer than a deadline, with no copy left behind.

use crate::contract::error::{OrExit, Result};
use crate::contract::exit::Exit;
use crate::secret::Secret;
use crate::secrets::bounded_wait::wait_for;
use anyhow::Context;
use ib_proc::Deadline;
use std::io::{self, Read};

/// The most that is read from any source: 1 MiB.
pub const CAP: usize = 1 << 20;

/// Reads to the end, into memory that is wiped.
///
/// # Errors
/// What the reader reports; `FileTooLarge` past [`CAP`].
pub fn read_capped(mut from: impl Read) -> io::Result<Secret> {
    let mut bytes = Vec::new();
    // Read::read_to_end looks for the end with an array on the stack, which is never wiped.
    let mut chunk = vec![0; 4096];
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return Ok(Secret::new(bytes)),
            Ok(count) if bytes.len() + count > CAP => {
                return Err(io::Error::new(
                    io::ErrorKind::FileTooLarge,
                    "larger than 1 MiB",
                ));
            }
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Reads to the end, but not past the deadline: a writer may never close its end.
pub(crate) fn read_by(
    from: impl Read + Send + 'static,
    context: &str,
    deadline: Deadline,
) -> Result<Secret> {
    wait_for(move || read_capped(from), context, deadline)?
        .with_context(|| context.to_owned())
        .or_exit(Exit::Config)
}
