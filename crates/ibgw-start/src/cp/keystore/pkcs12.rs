//! PKCS#12 (RFC 7292), as far as it takes to check the password and find a key.

use crate::cp::keystore::der::{DerElement, INTEGER, OCTET_STRING, SEQUENCE, element, elements};
use crate::cp::keystore::fault::KeystoreFault;
use crate::cp::keystore::password::KeystorePassword;
use hmac::digest::Digest;
use hmac::digest::common::BlockSizeUser;
use hmac::{KeyInit, Mac, SimpleHmac};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

/// The beginning of a BER element whose length is not given (Windows and Mozilla write such files).
const UNTIL_THE_END: [u8; 2] = [SEQUENCE, 0x80];

/// Object identifiers: the content of a safe, plain and encrypted, and the bags with a key.
const DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const PLAIN_KEY: [u8; 11] = [
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x01,
];
const ENCRYPTED_KEY: [u8; 11] = [
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02,
];

/// The hashes for a checksum.
const SHA1: [u8; 5] = [0x2b, 0x0e, 0x03, 0x02, 0x1a];
const SHA256: [u8; 9] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const SHA384: [u8; 9] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
const SHA512: [u8; 9] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];

/// A checksum with more rounds than this would take too long to verify.
const MOST_ROUNDS: u32 = 5_000_000;

/// Checks the checksum and what the safes hold. What is not written in DER passes.
pub(crate) fn check(store: &[u8], password: &KeystorePassword) -> Result<(), KeystoreFault> {
    if store.starts_with(&UNTIL_THE_END) {
        return Ok(());
    }
    let whole = element(store).ok_or(KeystoreFault::Damaged)?;
    let parts = elements(whole.content).ok_or(KeystoreFault::Foreign)?;
    let [version, safe, ..] = parts.as_slice() else {
        return Err(KeystoreFault::Foreign);
    };
    if version.tag != INTEGER || version.content != [3] {
        return Err(KeystoreFault::Foreign);
    }
    // Signed in place of a checksum: not what keytool or openssl makes.
    let Some(content) = content(safe) else {
        return Ok(());
    };
    let checksum = parts.get(2);
    if checksum.and_then(|checksum| is_right(checksum, content, password)) == Some(false) {
        return Err(KeystoreFault::WrongPassword);
    }
    require_key(content)
}

/// What a ContentInfo of plain data holds.
fn content<'a>(info: &DerElement<'a>) -> Option<&'a [u8]> {
    let parts = elements(info.content)?;
    let [kind, wrapped] = parts.as_slice() else {
        return None;
    };
    let inner = element(wrapped.content)?;
    (kind.content == DATA && inner.tag == OCTET_STRING).then_some(inner.content)
}

/// Refuses a keystore without a key that Java takes.
fn require_key(content: &[u8]) -> Result<(), KeystoreFault> {
    let Some(infos) = element(content).and_then(|safe| elements(safe.content)) else {
        return Ok(());
    };
    let mut has_plain = false;
    for info in &infos {
        // Keys stand in the plain safes, each encrypted on its own. Certificates stand in the encrypted safes.
        let bags = self::content(info).and_then(element);
        for bag in bags
            .and_then(|bags| elements(bags.content))
            .unwrap_or_default()
        {
            let kind = element(bag.content).map(|kind| kind.content);
            if kind == Some(&ENCRYPTED_KEY) {
                return Ok(());
            }
            has_plain |= kind == Some(&PLAIN_KEY);
        }
    }
    Err(if has_plain {
        KeystoreFault::PlainKey
    } else {
        KeystoreFault::NoKey
    })
}

/// Whether the checksum fits the content and the password; `None` when its kind is not known here.
fn is_right(
    checksum: &DerElement<'_>,
    content: &[u8],
    password: &KeystorePassword,
) -> Option<bool> {
    let parts = elements(checksum.content)?;
    let info = elements(parts.first()?.content)?;
    let salt = parts.get(1)?.content;
    let algorithm = element(info.first()?.content)?.content;
    let expected = info.get(1)?.content;
    let rounds = parts.get(2).map_or(Some(1), |rounds| {
        let number = rounds.content.iter().try_fold(0_u32, |sum, digit| {
            sum.checked_mul(256)?.checked_add(u32::from(*digit))
        });
        number.filter(|number| (1..=MOST_ROUNDS).contains(number))
    })?;
    let is_of = |password: &[u8]| {
        let is = |made: Vec<u8>| made == expected;
        Some(if algorithm == SHA1 {
            is(checksum_of::<Sha1>(password, salt, rounds, content)?)
        } else if algorithm == SHA256 {
            is(checksum_of::<Sha256>(password, salt, rounds, content)?)
        } else if algorithm == SHA384 {
            is(checksum_of::<Sha384>(password, salt, rounds, content)?)
        } else if algorithm == SHA512 {
            is(checksum_of::<Sha512>(password, salt, rounds, content)?)
        } else {
            return None;
        })
    };
    let ended = [password.utf16().expose(), &[0, 0]].concat();
    // For an empty password some programs write the final zeros and some write nothing. Java tries both.
    Some(is_of(&ended)? || (password.text().is_empty() && is_of(&[])?))
}

/// The checksum of a content. Its key is made as in appendix B of the RFC, and is as long as one digest.
fn checksum_of<D: Digest + BlockSizeUser>(
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    content: &[u8],
) -> Option<Vec<u8>> {
    const FOR_A_CHECKSUM: u8 = 3;
    let block = D::block_size();
    let repeated = |bytes: &[u8]| {
        let length = bytes.len().div_ceil(block) * block;
        bytes
            .iter()
            .copied()
            .cycle()
            .take(length)
            .collect::<Vec<u8>>()
    };
    let first = [
        vec![FOR_A_CHECKSUM; block],
        repeated(salt),
        repeated(password),
    ];
    let mut key = D::digest(first.concat());
    for _ in 1..rounds {
        key = D::digest(&key);
    }
    let mut checksum = SimpleHmac::<D>::new_from_slice(&key).ok()?;
    checksum.update(content);
    Some(checksum.finalize().into_bytes().to_vec())
}
