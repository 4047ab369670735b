//! Which keys may be used, and the words for those that may not.

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

/// What is signed with.
pub(crate) const HASH: HashAlgorithm = HashAlgorithm::SHA512;

/// Whether a key may be held together by signatures over SHA-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sha1 {
    /// It may not.
    Refused,
    /// It may, since its fingerprint has been compared: keys made before about 2020 have no others.
    AllowedForThisKey,
}

/// Whose key it is, for the words of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Ibkr,
    Ours,
}

/// What a key is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Sign,
    Encrypt,
}

/// A primary key or subkey that may be used.
#[derive(Clone)]
pub(crate) struct Usable {
    pub(crate) key: Key<PublicParts, UnspecifiedRole>,
    /// When it or the primary key expires, whichever is first.
    pub(crate) expires_at: Option<SystemTime>,
    /// The strongest AES that its owner's programs prefer to have.
    pub(crate) cipher: SymmetricAlgorithm,
}

/// The parts of a key that may be used, best first, and at least one; as gpg chooses: the newest subkey, then the
/// primary key.
///
/// # Errors
/// `Config`, with a sentence of its own for each reason.
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
    // Faults that hold whatever held the key together are told first, since no flag helps there.
    if let Some(fault) = fault_of_all(cert, now) {
        return refused(fault);
    }
    let strict = StandardPolicy::at(now);
    let mut lenient = StandardPolicy::at(now);
    // Nobody can make a second key with the same fingerprint and signatures from SHA-1, only two at once.
    lenient.accept_hash_property(
        HashAlgorithm::SHA1,
        HashAlgoSecurity::SecondPreImageResistance,
    );
    let found = alive(cert, purpose, &strict, now);
    if !found.is_empty() {
        return Ok(found);
    }
    let found = alive(cert, purpose, &lenient, now);
    match (found.is_empty(), sha1) {
        (false, Sha1::AllowedForThisKey) => Ok(found),
        (false, Sha1::Refused) => refused(Fault::Sha1),
        (true, _) => refused(fault_of_part(cert, purpose, now)),
    }
}

/// What stands in the way of a key.
enum Fault {
    Expired(SystemTime),
    Revoked,
    Sha1,
    Weak(String),
    ElGamal,
    NotForThis,
    NotNow,
}

impl Owner {
    fn name(self, cert: &Cert) -> String {
        let name = match self {
            Self::Ibkr => "IBKR's key",
            Self::Ours => "the signing key",
        };
        format!("{name} {}", cert.fingerprint())
    }
}

impl Fault {
    fn sentence(&self, owner: Owner, purpose: Purpose) -> String {
        let renew = match owner {
            Owner::Ibkr => "ask dam@ibkr.com for the current one",
            Owner::Ours => "make another and send its public part to dam@ibkr.com",
        };
        let verb = match purpose {
            Purpose::Sign => "sign with",
            Purpose::Encrypt => "encrypt to",
        };
        match (self, owner) {
            (Self::Expired(at), Owner::Ibkr) => format!("expired on {} ({renew})", day(*at)),
            (Self::Expired(at), Owner::Ours) => format!(
                "expired on {} (gpg --quick-set-expire prolongs it; export it again)",
                day(*at)
            ),
            (Self::Revoked, _) => format!("is revoked ({renew})"),
            (Self::Sha1, Owner::Ibkr) => {
                "is held together by SHA-1 signatures (compare its fingerprint with IBKR's \
                                          letter, then give --allow-sha1-key)"
                    .to_owned()
            }
            (Self::Sha1, Owner::Ours) => {
                "is held together by SHA-1 signatures (gpg --quick-set-expire makes new \
                                          ones; export it again)"
                    .to_owned()
            }
            (Self::Weak(what), _) => format!("has {what}, which is too weak ({renew})"),
            (Self::ElGamal, _) => format!(
                "is for ElGamal, which is not supported ({renew}, or seal with gpg --sign --encrypt)"
            ),
            (Self::NotForThis, _) => format!("has no part to {verb} ({renew})"),
            (Self::NotNow, _) => {
                "has no valid signature of its own at this time (is the clock right?)".to_owned()
            }
        }
    }
}

/// The day of a time, in UTC.
fn day(at: SystemTime) -> String {
    ib_cli::time(at).chars().take(10).collect()
}

/// Takes whatever a key may be made of, to say what is wrong with it.
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

/// Why no part can be used, of a key that itself has no fault.
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
        weakness(part.key()).unwrap_or_else(|| Fault::Weak(part.key().pk_algo().to_string()))
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
        .filter(|part| part.key().pk_algo().is_supported())
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

/// The parts for a purpose in gpg's order, dead ones among them.
fn parts<'a>(
    cert: &'a Cert,
    purpose: Purpose,
    policy: &'a dyn Policy,
    now: SystemTime,
) -> Vec<ValidErasedKeyAmalgamation<'a, PublicParts>> {
    let all = || cert.keys().with_policy(policy, now);
    let mut parts: Vec<_> = match purpose {
        Purpose::Sign => all().for_signing().collect(),
        Purpose::Encrypt => all().for_transport_encryption().collect(),
    };
    if parts.is_empty() && purpose == Purpose::Encrypt {
        parts = all().for_storage_encryption().collect();
    }
    parts.sort_by_key(|part| (part.primary(), Reverse(part.key().creation_time())));
    parts
}

/// The strongest AES on a list of preferences, in the order of whose makes no difference to us.
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
