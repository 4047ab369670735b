//! Read a payload again before it is sent.

use crate::policy::HASH;
use anyhow::{Context, bail, ensure};
use sequoia_openpgp as openpgp;
use sequoia_openpgp::crypto::SessionKey;
use sequoia_openpgp::packet::Tag;
use sequoia_openpgp::packet::key::{PublicParts, UnspecifiedRole};
use sequoia_openpgp::packet::{Key, OnePassSig, PKESK, SEIP};
use sequoia_openpgp::parse::{PacketParserBuilder, PacketParserResult, Parse};
use sequoia_openpgp::types::{CompressionAlgorithm, DataFormat, SignatureType, SymmetricAlgorithm};
use sequoia_openpgp::{KeyHandle, Packet};

/// The packets that a payload must have, outermost first.
const PACKETS: [&str; 7] = [
    "PKESK v3",
    "SEIPD v1",
    "compressed ZIP",
    "one-pass v3",
    "literal b",
    "signature v4 SHA-512",
    "MDC",
];

/// What a payload must contain.
pub(crate) struct Expected<'a> {
    pub(crate) recipient: &'a Key<PublicParts, UnspecifiedRole>,
    pub(crate) signer: &'a Key<PublicParts, UnspecifiedRole>,
    pub(crate) cipher: SymmetricAlgorithm,
    pub(crate) session_key: &'a SessionKey,
    pub(crate) plaintext: &'a [u8],
}

impl Expected<'_> {
    /// Opens a message with its own session key, compares its contents, and returns the packets that it found.
    ///
    /// Only the recipient can check that the session key itself is encrypted correctly.
    pub(crate) fn check(&self, message: &[u8]) -> openpgp::Result<Vec<&'static str>> {
        let mut found = Vec::new();
        let mut next = PacketParserBuilder::from_bytes(message)?
            .buffer_unread_content()
            .build()?;
        while let PacketParserResult::Some(mut parser) = next {
            if matches!(parser.packet, Packet::SEIP(SEIP::V1(_))) {
                parser.decrypt(self.cipher, self.session_key)?;
            }
            let (packet, rest) = parser.recurse()?;
            self.compare(&packet)
                .with_context(|| format!("packet {}", found.len() + 1))?;
            found.push(name(&packet)?);
            next = rest;
        }
        ensure!(found == PACKETS, "it has the packets {}", found.join(", "));
        Ok(found)
    }

    #[expect(
        deprecated,
        reason = "the library advises against making this packet by hand"
    )]
    fn compare(&self, packet: &Packet) -> openpgp::Result<()> {
        match packet {
            Packet::PKESK(packet) => {
                let wanted = KeyHandle::from(self.recipient.keyid());
                ensure!(packet.recipient() == Some(wanted), "it is for another key");
            }
            Packet::Literal(packet) => {
                ensure!(packet.filename().is_none(), "it has a file name");
                ensure!(packet.body() == self.plaintext, "it has another text");
            }
            Packet::Signature(packet) => {
                let by_this_key = packet
                    .issuer_fingerprints()
                    .eq([&self.signer.fingerprint()]);
                ensure!(by_this_key, "it is by another key");
                packet.verify_message(self.signer, self.plaintext)?;
            }
            Packet::MDC(packet) => ensure!(packet.valid(), "its sum is wrong"),
            _ => {}
        }
        Ok(())
    }
}

fn name(packet: &Packet) -> openpgp::Result<&'static str> {
    Ok(match packet {
        Packet::PKESK(PKESK::V3(_)) => PACKETS[0],
        Packet::SEIP(SEIP::V1(_)) => PACKETS[1],
        Packet::CompressedData(packet) if packet.algo() == CompressionAlgorithm::Zip => PACKETS[2],
        Packet::OnePassSig(OnePassSig::V3(packet)) if packet.hash_algo() == HASH => PACKETS[3],
        Packet::Literal(packet) if packet.format() == DataFormat::Binary => PACKETS[4],
        Packet::Signature(packet)
            if packet.version() == 4
                && packet.typ() == SignatureType::Binary
                && packet.hash_algo() == HASH =>
        {
            PACKETS[5]
        }
        packet if packet.tag() == Tag::MDC => PACKETS[6],
        other => bail!(
            "it has a packet that does not belong there: {}",
            other.tag()
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sequoia_openpgp::cert::{CertBuilder, CipherSuite};
    use sequoia_openpgp::serialize::stream::{
        Compressor, Encryptor, LiteralWriter, Message, Recipient, Signer,
    };
    use sequoia_openpgp::types::Features;
    use std::io::Write;

    const CIPHER: SymmetricAlgorithm = SymmetricAlgorithm::AES256;

    /// The result of the check for a message with this text in place of `payload`.
    fn checked(
        text: &str,
        compression: CompressionAlgorithm,
    ) -> openpgp::Result<Vec<&'static str>> {
        let (cert, _) = CertBuilder::general_purpose(Some("trader"))
            .set_cipher_suite(CipherSuite::RSA2k)
            .generate()?;
        let key = cert.primary_key().key().role_as_unspecified();
        let pair = key.clone().parts_into_secret()?.into_keypair()?;
        let session_key = SessionKey::new(32)?;
        let version_1 = Features::empty().set_seipdv1();
        let mut sealed = Vec::new();
        let message = Message::new(&mut sealed);
        let message = Encryptor::with_session_key(message, CIPHER, session_key.clone())?
            .add_recipients([Recipient::new(version_1, key.key_handle(), key)])
            .build()?;
        let message = Compressor::new(message).algo(compression).build()?;
        let message = Signer::new(message, pair)?.hash_algo(HASH)?.build()?;
        let mut message = LiteralWriter::new(message).build()?;
        message.write_all(text.as_bytes())?;
        message.finalize()?;
        let expected = Expected {
            recipient: key,
            signer: key,
            cipher: CIPHER,
            session_key: &session_key,
            plaintext: b"payload",
        };
        expected.check(&sealed)
    }

    #[test]
    fn takes_what_is_as_meant() {
        checked("payload", CompressionAlgorithm::Zip).expect("it is as meant");
    }

    #[test]
    fn finds_another_text() {
        let error = checked("another", CompressionAlgorithm::Zip).expect_err("it has another text");
        assert_eq!(format!("{error:#}"), "packet 5: it has another text");
    }

    #[test]
    fn misses_the_compression() {
        let error = checked("payload", CompressionAlgorithm::Uncompressed).expect_err("it is bare");
        assert_eq!(
            error.to_string(),
            "it has a packet that does not belong there: Compressed Data Packet"
        );
    }
}
