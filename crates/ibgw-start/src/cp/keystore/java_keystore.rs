//! A keystore in Java's own format, JKS: the one that every Java the Gateway runs on opens, 8 to 25.
//!
//! PKCS#12 under the type that the Gateway asks for is left to a setting of Java (`keystore.type.compat`). JKS hides a
//! key less well, which costs nothing here: the password is in the conf.yaml beside it, as the Gateway wants it.
//! Format: sun/security/provider/JavaKeyStore.java and KeyProtector.java of <https://github.com/openjdk/jdk>.

use crate::cp::keystore::der::{OCTET_STRING, SEQUENCE, der};
use ib_cli::Secret;
use sha1::{Digest, Sha1};
use std::time::SystemTime;

const MAGIC: u32 = 0xFEED_FEED;
const VERSION: u32 = 2;
const KEY_ENTRY: u32 = 1;

/// Mixed into the checksum of the whole, behind the password.
const WHITENER: &[u8] = b"Mighty Aphrodite";

/// The algorithm that hides a key, 1.3.6.1.4.1.42.2.17.1.1, without parameters.
const KEY_PROTECTOR: [u8; 16] = [
    0x30, 0x0e, 0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x11, 0x01, 0x01, 0x05, 0x00,
];

/// The length of a SHA-1.
const DIGEST: usize = 20;

/// The length of the salt.
pub const SALT: usize = DIGEST;

/// A keystore with one entry: a key in PKCS#8, and the chain of its certificate, both in DER; the salt is [`SALT`] long.
pub fn seal(
    key: &[u8],
    chain: &[impl AsRef<[u8]>],
    password: &str,
    salt: &[u8],
    made_at: SystemTime,
) -> Secret {
    let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let milliseconds = made_at
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    let mut store = Vec::new();
    store.extend(MAGIC.to_be_bytes());
    store.extend(VERSION.to_be_bytes());
    store.extend(1_u32.to_be_bytes());
    store.extend(KEY_ENTRY.to_be_bytes());
    store.extend(text("gateway"));
    store.extend(
        u64::try_from(milliseconds)
            .unwrap_or_default()
            .to_be_bytes(),
    );
    store.extend(block(&hidden(key, &password, salt)));
    store.extend(u32::try_from(chain.len()).unwrap_or_default().to_be_bytes());
    for certificate in chain {
        store.extend(text("X.509"));
        store.extend(block(certificate.as_ref()));
    }
    let checksum = Sha1::new()
        .chain_update(&password)
        .chain_update(WHITENER)
        .chain_update(&store)
        .finalize();
    store.extend(checksum);
    Secret::new(store)
}

/// The key behind a stream of digests that begins with the salt.
fn hidden(key: &[u8], password: &[u8], salt: &[u8]) -> Vec<u8> {
    let digest = |what: &[u8]| {
        Sha1::new()
            .chain_update(password)
            .chain_update(what)
            .finalize()
    };
    let mut protected = salt.to_vec();
    let mut stream = salt.to_vec();
    for piece in key.chunks(DIGEST) {
        stream = digest(&stream).to_vec();
        protected.extend(piece.iter().zip(&stream).map(|(byte, mask)| byte ^ mask));
    }
    protected.extend(digest(key));
    let protected = der(OCTET_STRING, &protected);
    der(SEQUENCE, &[&KEY_PROTECTOR[..], &protected].concat())
}

fn block(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or_default().to_be_bytes();
    [&length[..], bytes].concat()
}

fn text(ascii: &str) -> Vec<u8> {
    let length = u16::try_from(ascii.len()).unwrap_or_default().to_be_bytes();
    [&length[..], ascii.as_bytes()].concat()
}
