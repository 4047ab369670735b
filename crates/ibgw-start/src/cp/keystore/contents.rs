//! Whether the Gateway will open a keystore: it listens nowhere when it cannot, and does not say why.
//!
//! It asks Java for a keystore of type JKS, which takes PKCS#12 too (sun/security/provider/KeyStoreDelegator.java of
//! <https://github.com/openjdk/jdk>), and opens the key with the keystore's password. Tried with build a27ed42.

use crate::cp::keystore::{jks, pkcs12};

/// Why a keystore is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeystoreFault {
    Empty,
    Pem,
    Jceks,
    Foreign,
    /// Cut short, or changed.
    Damaged,
    NoPassword,
    WrongPassword,
    WrongKeyPassword,
    /// Java makes a key for PKCS#12 of ASCII alone (com/sun/crypto/provider/PBEKey.java).
    NotAscii,
    NoKey,
    /// Java takes no key from PKCS#12 that is not encrypted.
    PlainKey,
}

impl KeystoreFault {
    /// In words, with what to do.
    pub fn words(self) -> &'static str {
        match self {
            Self::Empty => "it is empty (put a keystore there)",
            Self::Pem => {
                "it is PEM, and the Gateway wants a keystore of Java's (give it by --tls-cert and --tls-key, or make one: openssl pkcs12 -export)"
            }
            Self::Jceks => {
                "it is of type JCEKS, which the Gateway does not open (keytool -importkeystore with -deststoretype PKCS12 makes one that it does)"
            }
            Self::Foreign => {
                "it is neither JKS nor PKCS#12, and the Gateway opens nothing else (keytool -importkeystore with -deststoretype PKCS12 makes one)"
            }
            Self::Damaged => "it is damaged, or not whole (copy it again)",
            Self::NoPassword => "sslPwd is empty (write its password in quotes)",
            Self::WrongPassword => {
                "sslPwd is not its password, or it is damaged (write the password in quotes)"
            }
            Self::WrongKeyPassword => {
                "a key in it has another password than the keystore (keytool -keypasswd gives it that of the keystore)"
            }
            Self::NotAscii => {
                "sslPwd has a letter that is not ASCII, and Java opens no PKCS#12 with it (give the keystore another password)"
            }
            Self::NoKey => {
                "it has no private key, without which the Gateway shows no certificate (put key and certificate in)"
            }
            Self::PlainKey => {
                "its key is not encrypted, and Java leaves it out (make it again with openssl pkcs12 -export)"
            }
        }
    }
}

/// Looks into a keystore; what is not known here passes.
pub fn check(content: &[u8], password: Option<&str>) -> Result<(), KeystoreFault> {
    const JKS: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
    const JCEKS: [u8; 4] = [0xce, 0xce, 0xce, 0xce];
    if content.is_empty() {
        return Err(KeystoreFault::Empty);
    }
    if content.starts_with(&JCEKS) {
        return Err(KeystoreFault::Jceks);
    }
    let is_jks = content.starts_with(&JKS);
    let is_der = content.first() == Some(&0x30);
    if !is_jks && !is_der {
        let is_pem = content.windows(11).any(|window| window == b"-----BEGIN ");
        return Err(if is_pem {
            KeystoreFault::Pem
        } else {
            KeystoreFault::Foreign
        });
    }
    let password = password.ok_or(KeystoreFault::NoPassword)?;
    match is_jks {
        true => jks::check(content, password),
        false if !password.is_ascii() => Err(KeystoreFault::NotAscii),
        false => pkcs12::check(content, password),
    }
}
