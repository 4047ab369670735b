//! Reading no more than a secret may weigh, leaving no copy behind.

use crate::secrets::secret::Secret;
use std::io::{self, Read};

/// The most that is read from any source: 1 MiB.
pub const CAP: usize = 1 << 20;

/// Reads to the end, into memory that is wiped.
///
/// # Errors
/// What the reader reports; `FileTooLarge` past [`CAP`].
pub fn read_capped(mut from: impl Read) -> io::Result<Secret> {
    let mut bytes = Vec::new();
    // Read::read_to_end looks for the end with an array on the stack, which nobody wipes.
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
