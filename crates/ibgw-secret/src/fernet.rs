//! Open a password that is encrypted for IBeam: a Fernet token, and its key in `IBEAM_KEY`.

use fernet::Fernet;
use ib_cli::{Error, Exit, Result, Secret};

/// Opens a token of any age, as IBeam does (github.com/fernet/spec).
///
/// # Errors
/// `Config` when the key is not a Fernet key, or does not open the token.
pub(crate) fn open(token: &Secret, key: &Secret) -> Result<Secret> {
    let refused = |cause| Error::new(Exit::Config, cause);
    let key = key.text("IBeam's key")?.trim();
    let key = Fernet::new(key)
        .ok_or_else(|| refused("IBeam's key is not a key (a key is 44 characters of base64)"))?;
    let opened = key.decrypt(token.text("it")?.trim()).map_err(|_| {
        refused(
            "IBeam's key does not open it (is it encrypted at all, and with this key? is the clock right?)",
        )
    })?;
    if opened.is_empty() {
        return Err(refused("it is empty"));
    }
    Ok(Secret::new(opened))
}
