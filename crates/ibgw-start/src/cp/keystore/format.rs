//! The formats of keystores, and whether the Gateway will open one. When it cannot, it listens nowhere and gives no reason.
//!
//! It asks Java for a keystore of type JKS, which takes PKCS#12 too (sun/security/provider/KeyStoreDelegator.java of
//! <https://github.com/openjdk/jdk>), and opens the key with the keystore's password. Tried with build a27ed42.

use crate::cp::keystore::fault::KeystoreFault;
use crate::cp::keystore::password::KeystorePassword;
use crate::cp::keystore::{jks, pkcs12};

/// A format that the Gateway opens.
enum KeystoreFormat {
    Jks,
    Pkcs12,
}

impl KeystoreFormat {
    /// The format of this content.
    fn of(content: &[u8]) -> Result<Self, KeystoreFault> {
        const JCEKS: [u8; 4] = [0xce, 0xce, 0xce, 0xce];
        let is_pem = || content.windows(11).any(|window| window == b"-----BEGIN ");
        if content.is_empty() {
            Err(KeystoreFault::Empty)
        } else if content.starts_with(&JCEKS) {
            Err(KeystoreFault::Jceks)
        } else if content.starts_with(&jks::MAGIC) {
            Ok(Self::Jks)
        } else if content.first() == Some(&0x30) {
            Ok(Self::Pkcs12)
        } else if is_pem() {
            Err(KeystoreFault::Pem)
        } else {
            Err(KeystoreFault::Foreign)
        }
    }
}

/// Refuses a keystore that the Gateway would not open. What is not understood here passes.
pub(crate) fn check(
    content: &[u8],
    password: Option<&KeystorePassword>,
) -> Result<(), KeystoreFault> {
    let format = KeystoreFormat::of(content)?;
    let password = password.ok_or(KeystoreFault::NoPassword)?;
    match format {
        KeystoreFormat::Jks => jks::check(content, password),
        KeystoreFormat::Pkcs12 if !password.text().is_ascii() => Err(KeystoreFault::NotAscii),
        KeystoreFormat::Pkcs12 => pkcs12::check(content, password),
    }
}
