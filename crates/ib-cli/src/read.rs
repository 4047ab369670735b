//! Reading no more than a secret may weigh, leaving no copy behind.

use crate::secret::Secret;
use std::io::{self, Read};
use zeroize::Zeroizing;

/// The most that is read from any source: 1 MiB.
pub const CAP: usize = 1 << 20;

/// Reads to the end, into memory that is wiped.
///
/// # Errors
/// What the reader reports; `FileTooLarge` past [`CAP`].
pub fn read_capped(mut from: impl Read) -> io::Result<Secret> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
    let mut chunk = Zeroizing::new([0_u8; 4096]);
    loop {
        let count = match from.read(&mut *chunk) {
            Ok(0) => return Ok(Secret::new(std::mem::take(&mut bytes))),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if bytes.len() + count > CAP {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "larger than 1 MiB",
            ));
        }
        if bytes.len() + count > bytes.capacity() {
            // A vector that grows by itself frees its old memory as it is: this one is wiped when replaced.
            let mut larger = Zeroizing::new(Vec::with_capacity(4 * bytes.capacity()));
            larger.extend_from_slice(&bytes);
            bytes = larger;
        }
        bytes.extend_from_slice(&chunk[..count]);
    }
}
