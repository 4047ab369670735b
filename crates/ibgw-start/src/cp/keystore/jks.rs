//! Java's own keystore format, as sun/security/provider/JavaKeyStore.java and KeyProtector.java of
//! <https://github.com/openjdk/jdk> read it.

use crate::cp::keystore::contents::KeystoreFault;
use crate::cp::keystore::der::element;
use sha1::{Digest, Sha1};

const DIGEST: usize = 20;
const KEY_ENTRY: u32 = 1;
const CERTIFICATE_ENTRY: u32 = 2;

/// Opens the whole and each key in it.
pub fn check(store: &[u8], password: &str) -> Result<(), KeystoreFault> {
    let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let (keys, length) = entries(store).ok_or(KeystoreFault::Damaged)?;
    let (content, rest) = store.split_at(length);
    // Java reads no further than the checksum.
    let checksum = rest.get(..DIGEST).ok_or(KeystoreFault::Damaged)?;
    if digest(&[&password, b"Mighty Aphrodite", content]) != checksum {
        return Err(KeystoreFault::WrongPassword);
    }
    if keys.is_empty() {
        return Err(KeystoreFault::NoKey);
    }
    // Of two keys the Gateway needs one, and opens both.
    match keys.iter().all(|key| opens(key, &password) == Some(true)) {
        true => Ok(()),
        false => Err(KeystoreFault::WrongKeyPassword),
    }
}

/// The keys as they are kept, and where the entries end; `None` when they do not.
fn entries(store: &[u8]) -> Option<(Vec<&[u8]>, usize)> {
    let mut rest = store.get(4..)?;
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

/// Whether the password shows a key behind its stream of digests; `None` when there is no such key.
fn opens(protected: &[u8], password: &[u8]) -> Option<bool> {
    let outer = element(protected)?;
    let algorithm = element(outer.content)?;
    let hidden = element(algorithm.rest)?.content;
    let (salt, hidden) = hidden.split_at_checked(DIGEST)?;
    let (hidden, check) = hidden.split_at_checked(hidden.len().checked_sub(DIGEST)?)?;
    let mut stream = salt.to_vec();
    let mut key = Vec::new();
    for piece in hidden.chunks(DIGEST) {
        stream = digest(&[password, &stream]);
        key.extend(piece.iter().zip(&stream).map(|(byte, mask)| byte ^ mask));
    }
    Some(digest(&[password, &key]) == check)
}

fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let digest = parts
        .iter()
        .fold(Sha1::new(), |digest, part| digest.chain_update(part));
    digest.finalize().to_vec()
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

/// Its type stands before it since version 2.
fn certificate(from: &mut &[u8], version: u32) -> Option<()> {
    if version == 2 {
        text(from)?;
    }
    block(from).map(|_| ())
}
