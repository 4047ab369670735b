//! The password of a keystore.

use anyhow::Context;
use data_encoding::HEXLOWER;
use ib_cli::{Exit, OrExit, Result, Secret, SecretText};

/// The password of a keystore; no `Debug`, wiped when it is dropped.
pub(crate) struct KeystorePassword(SecretText);

impl KeystorePassword {
    /// The password that the settings have.
    pub(crate) fn of(text: &str) -> Self {
        Self(SecretText::new(text))
    }

    /// A random one of this many bytes, written in hexadecimal digits.
    pub(crate) fn random(bytes: usize) -> Result<Self> {
        Ok(Self(SecretText::new(
            HEXLOWER.encode(&random_bytes(bytes)?),
        )))
    }

    /// The password, for the settings.
    pub(crate) fn text(&self) -> &str {
        self.0.expose()
    }

    /// The password as Java mixes it into digests: two bytes a letter.
    pub(crate) fn utf16(&self) -> Secret {
        let letters = self.text().encode_utf16();
        Secret::new(letters.flat_map(u16::to_be_bytes).collect())
    }
}

/// Random bytes on the heap, which is wiped.
pub(crate) fn random_bytes(count: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; count];
    getrandom::fill(&mut bytes)
        .context("making the keystore's password")
        .or_exit(Exit::Unexpected)?;
    Ok(bytes)
}
