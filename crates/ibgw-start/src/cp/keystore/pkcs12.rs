//! PKCS#12 (RFC 7292), as far as it shows whether a password is right and a key is there.

use crate::cp::keystore::contents::KeystoreFault;
use crate::cp::keystore::der::{Element, INTEGER, OCTET_STRING, SEQUENCE, element, elements};
use hmac::digest::Digest;
use hmac::digest::common::BlockSizeUser;
use hmac::{KeyInit, Mac, SimpleHmac};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

/// A length that is not given, as BER has it (Windows and Mozilla write such files).
const UNTIL_THE_END: [u8; 2] = [SEQUENCE, 0x80];

/// Object identifiers: the content of a safe, plain and encrypted, and the bags with a key.
const DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const PLAIN_KEY: [u8; 11] = [
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x01,
];
const ENCRYPTED_KEY: [u8; 11] = [
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02,
];

/// The hashes that Java makes a checksum with, and one that it knows no checksum for.
const SHA1: [u8; 5] = [0x2b, 0x0e, 0x03, 0x02, 0x1a];
const SHA256: [u8; 9] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const SHA384: [u8; 9] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
const SHA512: [u8; 9] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];

/// More rounds than that take longer than this look may.
const MOST_ROUNDS: u32 = 5_000_000;

/// Looks at the checksum and at what the safes hold; what is written in another way than DER passes.
pub fn check(store: &[u8], password: &str) -> Result<(), KeystoreFault> {
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
    match parts
        .get(2)
        .map(|checksum| is_right(checksum, content, password))
    {
        Some(Some(false)) => Err(KeystoreFault::WrongPassword),
        _ => keys(content),
    }
}

/// What a ContentInfo of plain data holds.
fn content<'a>(info: &Element<'a>) -> Option<&'a [u8]> {
    let parts = elements(info.content)?;
    let [kind, wrapped] = parts.as_slice() else {
        return None;
    };
    let inner = element(wrapped.content)?;
    (kind.content == DATA && inner.tag == OCTET_STRING).then_some(inner.content)
}

/// Whether there is a key that Java takes.
fn keys(content: &[u8]) -> Result<(), KeystoreFault> {
    let Some(infos) = element(content).and_then(|safe| elements(safe.content)) else {
        return Ok(());
    };
    let mut has_plain = false;
    for info in &infos {
        // Keys stand in the plain safes, each encrypted alone; certificates in the encrypted ones.
        let bags = self::content(info).and_then(element);
        for bag in bags
            .and_then(|bags| elements(bags.content))
            .unwrap_or_default()
        {
            match element(bag.content).map(|kind| kind.content) {
                Some(kind) if kind == ENCRYPTED_KEY => return Ok(()),
                Some(kind) if kind == PLAIN_KEY => has_plain = true,
                _ => {}
            }
        }
    }
    Err(match has_plain {
        true => KeystoreFault::PlainKey,
        false => KeystoreFault::NoKey,
    })
}

/// Whether the checksum is that of the content under the password; `None` when it is of a kind not known here.
fn is_right(checksum: &Element<'_>, content: &[u8], password: &str) -> Option<bool> {
    let parts = elements(checksum.content)?;
    let (info, salt) = (parts.first()?, parts.get(1)?.content);
    let info = elements(info.content)?;
    let (algorithm, expected) = (info.first()?, info.get(1)?.content);
    let algorithm = element(algorithm.content)?.content;
    let rounds = parts.get(2).map_or(Some(1), |rounds| {
        let number = rounds.content.iter().try_fold(0_u32, |sum, digit| {
            sum.checked_mul(256)?.checked_add(u32::from(*digit))
        });
        number.filter(|number| (1..=MOST_ROUNDS).contains(number))
    })?;
    let is_of = |password: &[u8]| {
        let is = |made: Vec<u8>| made == expected;
        Some(if algorithm == SHA1 {
            is(made::<Sha1>(password, salt, rounds, content)?)
        } else if algorithm == SHA256 {
            is(made::<Sha256>(password, salt, rounds, content)?)
        } else if algorithm == SHA384 {
            is(made::<Sha384>(password, salt, rounds, content)?)
        } else if algorithm == SHA512 {
            is(made::<Sha512>(password, salt, rounds, content)?)
        } else {
            return None;
        })
    };
    let letters: Vec<u8> = password.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let ended = [&letters[..], &[0, 0]].concat();
    // Of no password some write the end and some nothing; Java tries both.
    Some(is_of(&ended)? || (password.is_empty() && is_of(&[])?))
}

/// The checksum of a content; its key is made as appendix B of the RFC has it, and is as long as one digest.
fn made<D: Digest + BlockSizeUser>(
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
