//! Java's own keystore format, read as sun/security/provider/JavaKeyStore.java and KeyProtector.java of
//! <https://github.com/openjdk/jdk> do.

use sha1::{Digest, Sha1};

const MAGIC: [u8; 8] = [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2];
const DIGEST: usize = 20;

/// 1.3.6.1.4.1.42.2.17.1.1, without parameters.
const ALGORITHM: [u8; 16] = [
    0x30, 0x0e, 0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x11, 0x01, 0x01, 0x05, 0x00,
];

const WHITENER: &[u8] = b"Mighty Aphrodite";

/// A keystore with one key, and the chain of its certificate.
pub(crate) fn seal(key: &[u8], chain: &[impl AsRef<[u8]>], password: &str) -> Vec<u8> {
    let password = letters(password);
    let mut stream = crate::random::bytes::<DIGEST>().to_vec();
    let mut hidden = stream.clone();
    for piece in key.chunks(DIGEST) {
        stream = digest(&[&password, &stream]);
        hidden.extend(piece.iter().zip(&stream).map(|(byte, mask)| byte ^ mask));
    }
    hidden.extend(digest(&[&password, key]));
    // SEQUENCE of the algorithm and an OCTET STRING, both longer than 255 bytes or not.
    let der = |tag: u8, content: &[u8]| {
        let length = u16::try_from(content.len())
            .unwrap_or_default()
            .to_be_bytes();
        [&[tag, 0x82][..], &length, content].concat()
    };
    let protected = der(0x30, &[&ALGORITHM[..], &der(0x04, &hidden)].concat());
    let block = |bytes: &[u8]| {
        let length = u32::try_from(bytes.len()).unwrap_or_default().to_be_bytes();
        [&length[..], bytes].concat()
    };
    let count = u32::try_from(chain.len()).unwrap_or_default().to_be_bytes();
    let mut store = [
        &MAGIC[..],
        &[0, 0, 0, 1, 0, 0, 0, 1],
        b"\0\x07gateway",
        &[0; 8],
    ]
    .concat();
    store.extend(block(&protected));
    store.extend(count);
    for certificate in chain {
        store.extend(b"\0\x05X.509");
        store.extend(block(certificate.as_ref()));
    }
    let checksum = digest(&[&password, WHITENER, &store]);
    store.extend(checksum);
    store
}

/// The first key, in PKCS#8, and its chain; `None` when the password or the file is wrong, or any key has another
/// password.
pub(crate) fn open(store: &[u8], password: &str) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
    let password = letters(password);
    let mut rest = store.strip_prefix(&MAGIC)?;
    let mut first = None;
    let entries = number(&mut rest)?;
    for _ in 0..entries {
        let is_key = number(&mut rest)? == 1;
        text(&mut rest)?;
        take(&mut rest, 8)?;
        if !is_key {
            text(&mut rest)?;
            block(&mut rest)?;
            continue;
        }
        let key = shown(block(&mut rest)?, &password)?;
        let certificates = number(&mut rest)?;
        let chain = (0..certificates).map(|_| {
            text(&mut rest)?;
            block(&mut rest).map(<[u8]>::to_vec)
        });
        let chain = chain.collect::<Option<_>>()?;
        first.get_or_insert((key, chain));
    }
    // What stands behind the checksum is not read.
    let (content, checksum) = (&store[..store.len() - rest.len()], rest.get(..DIGEST)?);
    let is_whole = digest(&[&password, WHITENER, content]) == checksum;
    first.filter(|_| is_whole)
}

fn letters(password: &str) -> Vec<u8> {
    password.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// The key behind its stream of digests.
fn shown(protected: &[u8], password: &[u8]) -> Option<Vec<u8>> {
    let (mut outer, _) = element(protected)?;
    let (algorithm, rest) = element(outer)?;
    let is_known = algorithm
        .windows(10)
        .any(|oid| oid == [0x2b, 6, 1, 4, 1, 0x2a, 2, 0x11, 1, 1]);
    outer = rest;
    let (hidden, _) = element(outer).filter(|_| is_known)?;
    let (salt, hidden) = hidden.split_at_checked(DIGEST)?;
    let (hidden, check) = hidden.split_at_checked(hidden.len().checked_sub(DIGEST)?)?;
    let mut stream = salt.to_vec();
    let mut key = Vec::new();
    for piece in hidden.chunks(DIGEST) {
        stream = digest(&[password, &stream]);
        key.extend(piece.iter().zip(&stream).map(|(byte, mask)| byte ^ mask));
    }
    (digest(&[password, &key]) == check).then_some(key)
}

fn digest(parts: &[&[u8]]) -> Vec<u8> {
    Sha1::digest(parts.concat()).to_vec()
}

/// The content of one element of DER, and what follows it.
fn element(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, header) = match *der.get(1)? {
        short @ 0..0x80 => (usize::from(short), 2),
        long => {
            let digits = der.get(2..2 + usize::from(long & 0x7f))?;
            let length = digits
                .iter()
                .fold(0, |sum, digit| sum << 8 | usize::from(*digit));
            (length, 2 + digits.len())
        }
    };
    der.get(header..)?.split_at_checked(length)
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
