//! A password that is encrypted as IBeam has it: a Fernet token, and its key in `IBEAM_KEY`.

use fernet::Fernet;
use ib_cli::{Error, Exit, Result, Secret};

/// Opens a token of any age (github.com/fernet/spec; IBeam asks for no age either).
///
/// # Errors
/// `Config` when the key is none, or does not open it.
pub(crate) fn open(token: &Secret, key: &Secret) -> Result<Secret> {
    let refused = |cause| Error::new(Exit::Config, cause);
    let key = key.text("IBeam's key")?.trim();
    let key = Fernet::new(key)
        .ok_or_else(|| refused("IBeam's key is none (a key has 44 characters of base64)"))?;
    let opened = key.decrypt(token.text("it")?.trim()).map_err(|_| {
        refused(
            "IBeam's key does not open it (is it encrypted at all, and with this key? is the clock right?)",
        )
    })?;
    match opened.is_empty() {
        true => Err(refused("there is nothing in it")),
        false => Ok(Secret::new(opened)),
    }
}
