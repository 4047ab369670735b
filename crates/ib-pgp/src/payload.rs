//! Seal a payload as IBKR's guide asks: signed, then encrypted, then base64.

use crate::inspect;
use crate::policy::HASH;
use crate::recipient::PinnedRecipient;
use crate::signature::sign;
use crate::signing_key::SigningKey;
use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ib_cli::{Error, Exit, OrExit, Result, Secret};
use openssl::rand::rand_bytes;
use sequoia_openpgp as openpgp;
use sequoia_openpgp::Packet;
use sequoia_openpgp::crypto::SessionKey;
use sequoia_openpgp::crypto::symmetric::{self, BlockCipherMode, PaddingMode};
use sequoia_openpgp::packet::one_pass_sig::OnePassSig3;
use sequoia_openpgp::packet::pkesk::PKESK3;
use sequoia_openpgp::packet::seip::SEIP1;
use sequoia_openpgp::packet::{Body, CompressedData, Literal, OnePassSig, PKESK, SEIP};
use sequoia_openpgp::serialize::{Serialize, SerializeInto};
use sequoia_openpgp::types::{
    CompressionAlgorithm, DataFormat, HashAlgorithm, SignatureType, SymmetricAlgorithm,
};
use std::io::Write;
use std::time::SystemTime;

/// A payload: signed, then encrypted, then base64, and read again packet by packet.
///
/// It is a secret, since anyone who has it can send it a second time.
pub struct Payload {
    base64: Secret,
    packets: Vec<&'static str>,
}

impl Payload {
    /// The payload as it is sent: the standard alphabet, padded, without line breaks.
    #[must_use]
    pub fn base64(&self) -> &Secret {
        &self.base64
    }

    /// The payload before base64, for gpg to open.
    ///
    /// # Errors
    /// None in practice: it was encoded here.
    pub fn binary(&self) -> Result<Secret> {
        let binary = STANDARD
            .decode(self.base64.expose())
            .context("decoding a payload");
        Ok(Secret::new(binary.or_exit(Exit::Unexpected)?))
    }

    /// The packets in it, outermost first; the third and all after it are encrypted.
    #[must_use]
    pub fn packets(&self) -> &[&'static str] {
        &self.packets
    }
}

/// Signs a plaintext at `now`, encrypts it, and reads the result again before it returns it.
///
/// The shape is always GnuPG 2.2's, even if the recipient's key asks for another: SEIPD version 1, ZIP, binary, a
/// signature of version 4 over SHA-512. Each call makes another payload.
///
/// # Errors
/// `Config` when one of the keys has expired since it was read; `Unexpected` when the result differs from what was
/// asked for.
pub fn seal_payload(
    plaintext: &[u8],
    signer: &SigningKey,
    recipient: &PinnedRecipient,
    now: SystemTime,
) -> Result<Payload> {
    for (name, expires_at) in [
        ("the signing key", signer.expires_at()),
        ("the key to seal for", recipient.expires_at()),
    ] {
        if let Some(at) = expires_at.filter(|at| *at <= now) {
            let message = format!("{name} expired at {} (renew it)", ib_cli::time(at));
            return Err(Error::new(Exit::Config, message));
        }
    }
    let (binary, packets) = sealed(plaintext, signer, recipient, now)
        .context("sealing a payload (nothing was sent)")
        .or_exit(Exit::Unexpected)?;
    Ok(Payload {
        base64: Secret::new(STANDARD.encode(binary).into_bytes()),
        packets,
    })
}

fn sealed(
    plaintext: &[u8],
    signer: &SigningKey,
    recipient: &PinnedRecipient,
    now: SystemTime,
) -> openpgp::Result<(Vec<u8>, Vec<&'static str>)> {
    let signed = signed(plaintext, signer, now)?;
    let key = &recipient.usable.key;
    let cipher = recipient.usable.cipher;
    let session_key = SessionKey::from(random(cipher.key_size()?)?);
    // Some receivers expect compressed content, since gpg's always is.
    let mut compressed = CompressedData::new(CompressionAlgorithm::Zip);
    compressed.set_body(Body::Processed(signed));
    let compressed = Packet::from(compressed).to_vec()?;
    // GnuPG 2.2 reads only version 1, even if the key claims more.
    let mut container = SEIP1::new();
    let protected = protected(&compressed, cipher, &session_key)?;
    container.set_body(Body::Unprocessed(protected));
    let addressed = PKESK3::for_recipient(cipher, &session_key, key)?;
    let mut binary = Vec::new();
    for packet in [
        Packet::from(PKESK::from(addressed)),
        Packet::from(SEIP::from(container)),
    ] {
        packet.serialize(&mut binary)?;
    }
    let packets = inspect::Expected {
        recipient: key,
        signer: signer.signer().public(),
        cipher,
        session_key: &session_key,
        plaintext,
    }
    .check(&binary)?;
    Ok((binary, packets))
}

/// The content of a SEIPD packet of version 1: a random block, two bytes of it again, the packets and their SHA-1, in
/// CFB (RFC 9580, 5.13.1).
///
/// The library's stream writer does the same with buffers of 4 MiB, which cost more than an RSA signature.
fn protected(
    packets: &[u8],
    cipher: SymmetricAlgorithm,
    session_key: &SessionKey,
) -> openpgp::Result<Vec<u8>> {
    let block = cipher.block_size()?;
    let mut plain = random(block)?;
    plain.extend_from_within(block - 2..);
    plain.extend_from_slice(packets);
    plain.extend_from_slice(&[0xd3, 20]);
    let mut sum = HashAlgorithm::SHA1.context()?.for_digest();
    sum.update(&plain);
    plain.extend_from_slice(&sum.into_digest()?);
    let mut sealed = Vec::with_capacity(plain.len());
    let mut writer = symmetric::Encryptor::new(
        cipher,
        BlockCipherMode::CFB,
        PaddingMode::None,
        session_key,
        None,
        &mut sealed,
    )?;
    writer.write_all(&plain)?;
    writer.finalize()?;
    Ok(sealed)
}

/// Unpredictable bytes.
///
/// OpenSSL keeps its generator. Nettle makes a new one each time, which costs a tenth of an RSA signature.
fn random(size: usize) -> openpgp::Result<Vec<u8>> {
    let mut bytes = vec![0; size];
    rand_bytes(&mut bytes)?;
    Ok(bytes)
}

/// The signed message: one-pass signature, literal data, signature.
fn signed(plaintext: &[u8], signer: &SigningKey, now: SystemTime) -> openpgp::Result<Vec<u8>> {
    let mut signer = signer.signer();
    let signature = sign(plaintext, &mut *signer, now)?;
    let mut ahead = OnePassSig3::new(SignatureType::Binary);
    ahead.set_pk_algo(signer.public().pk_algo());
    ahead.set_hash_algo(HASH);
    ahead.set_issuer(signer.public().keyid());
    ahead.set_last(true);
    let mut literal = Literal::new(DataFormat::Binary);
    literal.set_date(now)?;
    literal.set_body(plaintext.to_vec());
    let mut signed = Vec::new();
    for packet in [
        Packet::from(OnePassSig::from(ahead)),
        Packet::from(literal),
        Packet::from(signature),
    ] {
        packet.serialize(&mut signed)?;
    }
    Ok(signed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fingerprint, Sha1};
    use sequoia_openpgp::Profile;
    use sequoia_openpgp::cert::CertBuilder;
    use sequoia_openpgp::serialize::SerializeInto;
    use sequoia_openpgp::types::Features;
    use std::time::Duration;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    /// A key of the library's own making, which understands more than GnuPG 2.2: signer and recipient in one.
    fn keys(profile: Profile, now: SystemTime) -> (Result<SigningKey>, Result<PinnedRecipient>) {
        let built = CertBuilder::general_purpose(Some("trader"))
            .set_profile(profile)
            .and_then(|builder| builder.set_features(Features::sequoia()))
            .and_then(|builder| builder.set_validity_period(DAY).generate());
        let (cert, _) = built.expect("a key can be made");
        let secret = cert.as_tsk().to_vec().expect("a key can be written");
        let public = cert.to_vec().expect("a key can be written");
        let pinned = cert.fingerprint().to_hex();
        let pinned = &pinned[..40];
        let pinned: Fingerprint = pinned.parse().expect("it is a fingerprint");
        (
            SigningKey::parse(&Secret::new(secret), None, now),
            PinnedRecipient::parse(&public, &pinned, Sha1::Refused, now),
        )
    }

    fn good<T>(result: Result<T>) -> T {
        result.unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn seals_version_1_for_a_key_that_understands_2() {
        let now = SystemTime::now();
        let (signer, recipient) = keys(Profile::RFC4880, now);
        let payload = good(seal_payload(
            b"payload",
            &good(signer),
            &good(recipient),
            now,
        ));
        assert_eq!(payload.packets()[..2], ["PKESK v3", "SEIPD v1"]);
    }

    #[test]
    fn refuses_keys_of_version_6() {
        let (signer, recipient) = keys(Profile::RFC9580, SystemTime::now());
        for error in [signer.err(), recipient.err()] {
            let said = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(said.contains("not a key of version 4"), "{said}");
        }
    }

    #[test]
    fn seals_nothing_once_a_key_has_expired() {
        let now = SystemTime::now();
        let (signer, recipient) = keys(Profile::RFC4880, now);
        let sealed = seal_payload(b"payload", &good(signer), &good(recipient), now + 2 * DAY);
        let error = sealed.err().expect("it is refused");
        assert_eq!(error.exit, Exit::Config);
        assert!(error.to_string().contains("expired at"), "{error}");
    }
}
