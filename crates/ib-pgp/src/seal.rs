//! Seal bytes so that GnuPG 2.2 opens them.

use crate::key::{Recipient, is_supported};
use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result, Secret};
use sequoia_openpgp::armor::Kind;
use sequoia_openpgp::crypto::Password;
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::serialize::stream::{
    Armorer, Compressor, Encryptor, LiteralWriter, Message, Recipient as Addressee,
};
use sequoia_openpgp::types::{CompressionAlgorithm, Features, SymmetricAlgorithm};
use std::io::Write;

/// Seals a payload for every recipient, for a passphrase, or for both: AES-256, ZIP, SEIPD version 1.
///
/// # Errors
/// `Config` when a recipient has no key to encrypt to.
pub fn seal(
    recipients: &[Recipient],
    passphrase: Option<&Secret>,
    payload: &[u8],
    armored: bool,
) -> Result<Vec<u8>> {
    let policy = StandardPolicy::new();
    let mut addressees = Vec::new();
    for Recipient(cert) in recipients {
        let before = addressees.len();
        let keys = cert
            .keys()
            .with_policy(&policy, None)
            .alive()
            .revoked(false);
        let keys = keys.for_transport_encryption().for_storage_encryption();
        for key in keys.filter(|key| is_supported(key.key())) {
            // GnuPG 2.2 reads only version 1, even if the key claims more.
            let version_1 = Features::empty().set_seipdv1();
            addressees.push(Addressee::new(version_1, key.key().key_handle(), key.key()));
        }
        if addressees.len() == before {
            let message = format!(
                "sealing for {}: it has no key to encrypt to (expired, revoked, for signing alone, or of a kind that is not supported)",
                cert.fingerprint()
            );
            return Err(Error::new(Exit::Config, message));
        }
    }
    let mut sealed = Vec::new();
    let write = || -> anyhow::Result<()> {
        let mut message = Message::new(&mut sealed);
        if armored {
            message = Armorer::new(message).kind(Kind::Message).build()?;
        }
        let message = Encryptor::for_recipients(message, addressees)
            .add_passwords(passphrase.map(|secret| Password::from(secret.expose())))
            .symmetric_algo(SymmetricAlgorithm::AES256)
            .build()?;
        let message = Compressor::new(message)
            .algo(CompressionAlgorithm::Zip)
            .build()?;
        let mut message = LiteralWriter::new(message).build()?;
        message.write_all(payload)?;
        message.finalize()
    };
    write().context("sealing").or_exit(Exit::Unexpected)?;
    Ok(sealed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sequoia_openpgp::cert::CertBuilder;
    use sequoia_openpgp::packet::SEIP;
    use sequoia_openpgp::parse::Parse;
    use sequoia_openpgp::{Packet, PacketPile};

    #[test]
    fn seals_version_1_for_a_key_that_understands_2() {
        let built = CertBuilder::general_purpose(Some("trader"))
            .set_features(Features::sequoia())
            .and_then(CertBuilder::generate);
        let (cert, _) = built.expect("a key can be made");
        let sealed = seal(&[Recipient(cert)], None, b"payload", false);
        let sealed = sealed.unwrap_or_else(|error| panic!("{error}"));
        let pile = PacketPile::from_bytes(&sealed).expect("what is sealed is OpenPGP");
        let containers: Vec<_> = pile
            .children()
            .filter(|packet| matches!(packet, Packet::SEIP(_)))
            .collect();
        assert!(
            matches!(containers[..], [Packet::SEIP(SEIP::V1(_))]),
            "{containers:?}"
        );
    }
}
