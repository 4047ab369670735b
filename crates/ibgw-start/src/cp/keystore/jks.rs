//! JKS, the keystore format of Java's own: every Java that the Gateway runs on opens it, 8 to 25.
//!
//! The Gateway asks Java for this type. Whether Java then also takes PKCS#12 depends on a setting of Java's
//! (`keystore.type.compat`), so a keystore that is made here is JKS. JKS hides a key less well. That costs nothing here:
//! the password stands in the conf.yaml beside it, as the Gateway wants it.
//! Format: sun/security/provider/JavaKeyStore.java and KeyProtector.java of <https://github.com/openjdk/jdk>.

use crate::cp::keystore::der::{OCTET_STRING, SEQUENCE, der, element};
use crate::cp::keystore::fault::KeystoreFault;
use crate::cp::keystore::password::KeystorePassword;
use ib_cli::Secret;
use sha1::{Digest, Sha1};
use std::time::SystemTime;

/// How a keystore begins.
pub(crate) const MAGIC: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];

const VERSION: u32 = 2;
const KEY_ENTRY: u32 = 1;
const CERTIFICATE_ENTRY: u32 = 2;

/// Mixed into the checksum of the whole, behind the password.
const WHITENER: &[u8] = b"Mighty Aphrodite";

/// The algorithm that hides a key, 1.3.6.1.4.1.42.2.17.1.1, without parameters.
const KEY_PROTECTOR: [u8; 16] = [
    0x30, 0x0e, 0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x11, 0x01, 0x01, 0x05, 0x00,
];

/// The length of a SHA-1.
const DIGEST: usize = 20;

/// The length of the salt.
pub(crate) const SALT: usize = DIGEST;

/// A keystore with one entry: a key in PKCS#8, and the chain of its certificate, both in DER. The salt is [`SALT`] long.
pub(crate) fn seal(
    key: &[u8],
    chain: &[impl AsRef<[u8]>],
    password: &KeystorePassword,
    salt: &[u8],
    made_at: SystemTime,
) -> Secret {
    let password = password.utf16();
    let milliseconds = made_at
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    let milliseconds = u64::try_from(milliseconds).unwrap_or_default();
    let mut store = Vec::new();
    store.extend(MAGIC);
    store.extend(VERSION.to_be_bytes());
    store.extend(1_u32.to_be_bytes());
    store.extend(KEY_ENTRY.to_be_bytes());
    store.extend(written_text("gateway"));
    store.extend(milliseconds.to_be_bytes());
    store.extend(written_block(&hidden(key, password.expose(), salt)));
    store.extend(u32::try_from(chain.len()).unwrap_or_default().to_be_bytes());
    for certificate in chain {
        store.extend(written_text("X.509"));
        store.extend(written_block(certificate.as_ref()));
    }
    store.extend(digest(&[password.expose(), WHITENER, &store]));
    Secret::new(store)
}

/// The key, hidden by a stream of digests that begins with the salt.
fn hidden(key: &[u8], password: &[u8], salt: &[u8]) -> Vec<u8> {
    let mut protected = salt.to_vec();
    protected.extend(masked(key, password, salt));
    protected.extend(digest(&[password, key]));
    let protected = der(OCTET_STRING, &protected);
    der(SEQUENCE, &[&KEY_PROTECTOR[..], &protected].concat())
}

/// Opens the whole and each key in it.
pub(crate) fn check(store: &[u8], password: &KeystorePassword) -> Result<(), KeystoreFault> {
    let password = password.utf16();
    let password = password.expose();
    let (keys, length) = entries(store).ok_or(KeystoreFault::Damaged)?;
    let (content, rest) = store.split_at(length);
    // Java reads no further than the checksum.
    let checksum = rest.get(..DIGEST).ok_or(KeystoreFault::Damaged)?;
    if digest(&[password, WHITENER, content]) != checksum {
        return Err(KeystoreFault::WrongPassword);
    }
    if keys.is_empty() {
        return Err(KeystoreFault::NoKey);
    }
    // Of two keys the Gateway needs one, but it opens both.
    if keys.iter().all(|key| opens(key, password) == Some(true)) {
        Ok(())
    } else {
        Err(KeystoreFault::WrongKeyPassword)
    }
}

/// The keys as they are stored, and where the entries end; `None` when they do not end.
fn entries(store: &[u8]) -> Option<(Vec<&[u8]>, usize)> {
    let mut rest = store.get(MAGIC.len()..)?;
    let version = number(&mut rest)?;
    let count = number(&mut rest)?;
    let mut keys = Vec::new();
    for _ in 0..count {
        let kind = number(&mut rest)?;
        text(&mut rest)?;
        take(&mut rest, 8)?;
        match kind {
            KEY_ENTRY => {
                keys.push(block(&mut rest)?);
                for _ in 0..number(&mut rest)? {
                    certificate(&mut rest, version)?;
                }
            }
            CERTIFICATE_ENTRY => certificate(&mut rest, version)?,
            _ => return None,
        }
    }
    Some((keys, store.len() - rest.len()))
}

/// Whether the password opens a key; `None` when it is not a key of this format.
fn opens(protected: &[u8], password: &[u8]) -> Option<bool> {
    let outer = element(protected)?;
    let algorithm = element(outer.content)?;
    let hidden = element(algorithm.rest)?.content;
    let (salt, hidden) = hidden.split_at_checked(DIGEST)?;
    let (hidden, check) = hidden.split_at_checked(hidden.len().checked_sub(DIGEST)?)?;
    let key = masked(hidden, password, salt);
    Some(digest(&[password, &key]) == check)
}

/// Bytes under a stream of digests that begins with the salt: it hides a key, and shows it again.
fn masked(bytes: &[u8], password: &[u8], salt: &[u8]) -> Vec<u8> {
    let mut stream = salt.to_vec();
    let mut masked = Vec::new();
    for piece in bytes.chunks(DIGEST) {
        stream = digest(&[password, &stream]);
        masked.extend(piece.iter().zip(&stream).map(|(byte, mask)| byte ^ mask));
    }
    masked
}

fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let digest = parts
        .iter()
        .fold(Sha1::new(), |digest, part| digest.chain_update(part));
    digest.finalize().to_vec()
}

fn written_block(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or_default().to_be_bytes();
    [&length[..], bytes].concat()
}

fn written_text(ascii: &str) -> Vec<u8> {
    let length = u16::try_from(ascii.len()).unwrap_or_default().to_be_bytes();
    [&length[..], ascii.as_bytes()].concat()
}

fn take<'a>(from: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(count)?;
    *from = rest;
    Some(taken)
}

fn number(from: &mut &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(take(from, 4)?.try_into().ok()?))
}

fn block<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(number(from)?).ok()?;
    take(from, length)
}

fn text<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u16::from_be_bytes(take(from, 2)?.try_into().ok()?);
    take(from, length.into())
}

/// Since version 2 the type stands before a certificate.
fn certificate(from: &mut &[u8], version: u32) -> Option<()> {
    if version == 2 {
        text(from)?;
    }
    block(from).map(|_| ())
}
