//! Reading a payload again before it leaves.

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

/// The packets of a payload, outermost first.
pub(crate) const PACKETS: [&str; 7] = [
    "PKESK v3",
    "SEIPD v1",
    "compressed ZIP",
    "one-pass v3",
    "literal b",
    "signature v4 SHA-512",
    "MDC",
];

/// What a payload must turn out to be.
pub(crate) struct Expected<'a> {
    pub(crate) recipient: &'a Key<PublicParts, UnspecifiedRole>,
    pub(crate) signer: &'a Key<PublicParts, UnspecifiedRole>,
    pub(crate) cipher: SymmetricAlgorithm,
    pub(crate) session_key: &'a SessionKey,
    pub(crate) plaintext: &'a [u8],
}

impl Expected<'_> {
    /// Opens a message with the session key it was made with, and compares what is in it.
    ///
    /// That the session key itself is well encrypted only the recipient can tell.
    pub(crate) fn check(&self, message: &[u8]) -> openpgp::Result<()> {
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
        Ok(())
    }

    #[expect(
        deprecated,
        reason = "the library wants nobody to make this packet by hand"
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
