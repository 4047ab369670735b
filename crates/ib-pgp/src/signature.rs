//! Make a signature in GnuPG's form.

use crate::policy::HASH;
use sequoia_openpgp as openpgp;
use sequoia_openpgp::crypto::hash::Hash;
use sequoia_openpgp::crypto::{Signer, mpi};
use sequoia_openpgp::packet::Signature;
use sequoia_openpgp::packet::signature::Signature4;
use sequoia_openpgp::packet::signature::subpacket::{Subpacket, SubpacketArea, SubpacketValue};
use sequoia_openpgp::types::{SignatureType, Timestamp};
use std::time::SystemTime;

/// Signs a binary document at a given time: version 4, issuer fingerprint, time, issuer's key ID, and nothing else.
///
/// The library's own builder adds a notation of 70 bytes to each signature, which GnuPG does not.
pub(crate) fn sign(
    document: &[u8],
    signer: &mut dyn Signer,
    now: SystemTime,
) -> openpgp::Result<Signature> {
    let key = signer.public().clone();
    let hashed = SubpacketArea::new(vec![
        subpacket(SubpacketValue::IssuerFingerprint(key.fingerprint()))?,
        subpacket(SubpacketValue::SignatureCreationTime(Timestamp::try_from(
            now,
        )?))?,
    ])?;
    let unhashed = SubpacketArea::new(vec![subpacket(SubpacketValue::Issuer(key.keyid()))?])?;
    let signature = |prefix, numbers| {
        Signature4::new(
            SignatureType::Binary,
            key.pk_algo(),
            HASH,
            hashed.clone(),
            unhashed.clone(),
            prefix,
            numbers,
        )
    };
    let mut context = HASH.context()?.for_signature(4);
    context.update(document);
    // The hash of a signature does not cover its numbers (RFC 9580, 5.2.4).
    let nothing = mpi::Signature::Unknown {
        mpis: Box::default(),
        rest: Box::default(),
    };
    signature([0; 2], nothing).hash(&mut context)?;
    let digest = context.into_digest()?;
    let numbers = signer.sign(HASH, &digest)?;
    let prefix = [digest[0], digest[1]];
    Ok(signature(prefix, numbers).into())
}

fn subpacket(value: SubpacketValue) -> openpgp::Result<Subpacket> {
    Subpacket::new(value, false)
}
