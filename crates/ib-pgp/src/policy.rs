//! Which keys and parts of keys may be used.

use crate::fault::{Fault, Owner, Purpose};
use crate::key::is_supported;
use ib_cli::{Error, Exit, Result};
use sequoia_openpgp::cert::amalgamation::ValidAmalgamation;
use sequoia_openpgp::cert::amalgamation::key::{PrimaryKey, ValidErasedKeyAmalgamation};
use sequoia_openpgp::cert::{Cert, Preferences};
use sequoia_openpgp::packet::Key;
use sequoia_openpgp::packet::key::{PublicParts, UnspecifiedRole};
use sequoia_openpgp::policy::{AsymmetricAlgorithm, HashAlgoSecurity, Policy, StandardPolicy};
use sequoia_openpgp::types::{
    HashAlgorithm, PublicKeyAlgorithm, RevocationStatus, SymmetricAlgorithm,
};
use std::cmp::Reverse;
use std::time::SystemTime;

/// The hash of every signature.
pub(crate) const HASH: HashAlgorithm = HashAlgorithm::SHA512;

/// Whether a key may bind its parts with signatures over SHA-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sha1 {
    /// It may not.
    Refused,
    /// It may, since the user compared its fingerprint: old keys have no other signatures.
    AllowedForThisKey,
}

/// A primary key or subkey that may be used.
#[derive(Clone)]
pub(crate) struct Usable {
    pub(crate) key: Key<PublicParts, UnspecifiedRole>,
    /// When it or the primary key expires, whichever is first.
    pub(crate) expires_at: Option<SystemTime>,
    /// The strongest AES among its owner's preferences.
    pub(crate) cipher: SymmetricAlgorithm,
}

/// The parts of a key that may be used, at least one, in gpg's order: the newest subkey first, the primary key last.
///
/// # Errors
/// `Config`, with a sentence for each reason.
pub(crate) fn usable(
    cert: &Cert,
    (owner, purpose): (Owner, Purpose),
    sha1: Sha1,
    now: SystemTime,
) -> Result<Vec<Usable>> {
    let refused = |fault: Fault| {
        let message = format!("{} {}", owner.name(cert), fault.sentence(owner, purpose));
        Err(Error::new(Exit::Config, message))
    };
    // A fault that no flag can allow is reported first.
    if let Some(fault) = fault_of_all(cert, now) {
        return refused(fault);
    }
    let strict = StandardPolicy::at(now);
    let mut lenient = StandardPolicy::at(now);
    // An attacker can make two documents with one SHA-1, but not a second document for an existing signature
    // (sequoia-openpgp, HashAlgoSecurity).
    lenient.accept_hash_property(
        HashAlgorithm::SHA1,
        HashAlgoSecurity::SecondPreImageResistance,
    );
    let found = alive(cert, purpose, &lenient, now);
    let Some(best) = found.first() else {
        return refused(fault_of_part(cert, purpose, now));
    };
    // An older part must not replace the best one, since gpg would not choose it.
    let trusted = alive(cert, purpose, &strict, now);
    let first = trusted.first();
    if first.is_some_and(|first| first.key == best.key) {
        return Ok(trusted);
    }
    match sha1 {
        Sha1::AllowedForThisKey => Ok(found),
        Sha1::Refused => refused(Fault::Sha1),
    }
}

/// Accepts every hash and algorithm, so that a faulty key can be read and its fault named.
fn blind(now: SystemTime) -> StandardPolicy<'static> {
    let mut policy = StandardPolicy::at(now);
    for hash in [
        HashAlgorithm::MD5,
        HashAlgorithm::SHA1,
        HashAlgorithm::RipeMD,
    ] {
        policy.accept_hash(hash);
    }
    for algorithm in AsymmetricAlgorithm::variants() {
        policy.accept_asymmetric_algo(algorithm);
    }
    policy
}

fn fault_of_all(cert: &Cert, now: SystemTime) -> Option<Fault> {
    let blind = blind(now);
    if is_revoked(&cert.revocation_status(&blind, now)) {
        return Some(Fault::Revoked);
    }
    if let Some(weak) = weakness(cert.primary_key().key().role_as_unspecified()) {
        return Some(weak);
    }
    let Ok(valid) = cert.with_policy(&blind, now) else {
        return Some(Fault::NotNow);
    };
    expiry_before(valid.primary_key().key_expiration_time(), now).map(Fault::Expired)
}

/// Why no part of a key can be used, if the key as a whole has no fault.
fn fault_of_part(cert: &Cert, purpose: Purpose, now: SystemTime) -> Fault {
    let blind = blind(now);
    let Some(part) = parts(cert, purpose, &blind, now).into_iter().next() else {
        return Fault::NotForThis;
    };
    if is_revoked(&part.revocation_status()) {
        Fault::Revoked
    } else if let Some(at) = expiry_before(part.key_expiration_time(), now) {
        Fault::Expired(at)
    } else {
        weakness(part.key()).unwrap_or_else(|| Fault::Unfit(part.key().pk_algo().to_string()))
    }
}

fn is_revoked(status: &RevocationStatus<'_>) -> bool {
    matches!(status, RevocationStatus::Revoked(_))
}

fn expiry_before(at: Option<SystemTime>, now: SystemTime) -> Option<SystemTime> {
    at.filter(|at| *at <= now)
}

fn weakness(key: &Key<PublicParts, UnspecifiedRole>) -> Option<Fault> {
    let bits = key.mpis().bits();
    #[expect(deprecated, reason = "old keys are what is looked for")]
    match (key.pk_algo(), bits) {
        (PublicKeyAlgorithm::ElGamalEncrypt | PublicKeyAlgorithm::ElGamalEncryptSign, _) => {
            Some(Fault::ElGamal)
        }
        (
            algorithm @ (PublicKeyAlgorithm::RSAEncryptSign
            | PublicKeyAlgorithm::RSAEncrypt
            | PublicKeyAlgorithm::RSASign
            | PublicKeyAlgorithm::DSA),
            Some(bits @ ..2048),
        ) => {
            let name = if algorithm == PublicKeyAlgorithm::DSA {
                "DSA"
            } else {
                "RSA"
            };
            Some(Fault::Weak(format!("{name} of {bits} bits")))
        }
        _ => None,
    }
}

fn alive(cert: &Cert, purpose: Purpose, policy: &dyn Policy, now: SystemTime) -> Vec<Usable> {
    let Ok(valid) = cert.with_policy(policy, now) else {
        return Vec::new();
    };
    let cipher = cipher(valid.preferred_symmetric_algorithms());
    let of_primary = valid.primary_key().key_expiration_time();
    parts(cert, purpose, policy, now)
        .into_iter()
        .filter(|part| part.alive().is_ok() && !is_revoked(&part.revocation_status()))
        .filter(|part| is_supported(part.key()))
        .map(|part| Usable {
            key: part.key().clone(),
            expires_at: [of_primary, part.key_expiration_time()]
                .into_iter()
                .flatten()
                .min(),
            cipher,
        })
        .collect()
}

/// The parts for a purpose in gpg's order, with the expired and revoked ones.
fn parts<'a>(
    cert: &'a Cert,
    purpose: Purpose,
    policy: &'a dyn Policy,
    now: SystemTime,
) -> Vec<ValidErasedKeyAmalgamation<'a, PublicParts>> {
    let all = cert.keys().with_policy(policy, now);
    let mut parts: Vec<_> = match purpose {
        Purpose::Sign => all.for_signing().collect(),
        Purpose::Encrypt => all
            .for_transport_encryption()
            .for_storage_encryption()
            .collect(),
    };
    parts.sort_by_key(|part| {
        let is_second_choice = purpose == Purpose::Encrypt && !part.for_transport_encryption();
        (
            part.primary(),
            is_second_choice,
            Reverse(part.key().creation_time()),
        )
    });
    parts
}

/// The strongest AES on a list of preferences; their order does not count.
fn cipher(preferred: Option<&[SymmetricAlgorithm]>) -> SymmetricAlgorithm {
    [
        SymmetricAlgorithm::AES256,
        SymmetricAlgorithm::AES192,
        SymmetricAlgorithm::AES128,
    ]
    .into_iter()
    .find(|strong| preferred.unwrap_or_default().contains(strong))
    .unwrap_or(SymmetricAlgorithm::AES256)
}
