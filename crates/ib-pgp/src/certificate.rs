//! Read one key from one file, for any use.

use ib_cli::{CAP, Error, Exit, Result, Unreadable};
use sequoia_openpgp as openpgp;
use sequoia_openpgp::cert::{Cert, CertParser};
use sequoia_openpgp::packet::Tag;
use sequoia_openpgp::parse::Parse;

/// Reads the one key that a file holds, armored or binary; `what` names it in errors.
pub(crate) fn parse(bytes: &[u8], what: &str) -> Result<Cert> {
    let refused = |why: &str| Err(Error::new(Exit::Config, format!("{what}: {why}")));
    if bytes.len() > CAP {
        return refused("it is larger than any key (gpg --export NAME writes one key)");
    }
    let not_openpgp = || match Unreadable::without_line_ends(bytes) {
        Some(lost) => refused(&lost.to_string()),
        None => refused(NOT_OPENPGP),
    };
    let Ok(mut certs) = CertParser::from_bytes(bytes) else {
        return not_openpgp();
    };
    let cert = match certs.next() {
        Some(Ok(cert)) => match certs.next() {
            None => cert,
            Some(Ok(_)) => {
                return refused("it holds more than one key (gpg --export NAME writes one)");
            }
            Some(Err(_)) => return refused("it is damaged, or holds something else after the key"),
        },
        Some(Err(error)) if is_of_unknown_version(&error) => return refused(NOT_VERSION_4),
        // The library's own text may quote the packet that it cannot read.
        _ => return not_openpgp(),
    };
    if cert.primary_key().key().version() != 4 {
        return refused(NOT_VERSION_4);
    }
    Ok(cert)
}

/// Whether the file holds a key of a version that the library does not know, such as GnuPG's version 5.
pub(crate) fn is_of_unknown_version(error: &anyhow::Error) -> bool {
    // The library reports a message as an unknown kind of key too.
    let Some(openpgp::Error::UnsupportedCert(_, packets)) = error.downcast_ref() else {
        return false;
    };
    let first = packets.first().map(openpgp::Packet::tag);
    matches!(first, Some(Tag::PublicKey | Tag::SecretKey))
}

const NOT_OPENPGP: &str =
    "it is not an OpenPGP key (gpg --export or --export-secret-keys writes one)";
pub(crate) const NOT_VERSION_4: &str = "it is not a key of version 4, and GnuPG 2.2 reads no other (gpg --quick-generate-key NAME makes one)";
