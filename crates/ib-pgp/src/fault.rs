//! Why a key must not be used, as the sentence of an error.

use sequoia_openpgp::cert::Cert;
use std::time::SystemTime;

/// Whose key it is, for the sentence of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Ibkr,
    Ours,
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Sign,
    Encrypt,
}

/// Why a key must not be used.
pub(crate) enum Fault {
    Expired(SystemTime),
    Revoked,
    Sha1,
    /// It has too few bits; the text names the algorithm and their number.
    Weak(String),
    ElGamal,
    /// No part of it is for the purpose.
    NotForThis,
    /// Its parts are of an unsafe kind, or are bound to it in an unsafe way.
    Unfit(String),
    /// It is not valid at this time.
    NotNow,
}

impl Owner {
    pub(crate) fn name(self, cert: &Cert) -> String {
        let name = match self {
            Self::Ibkr => "IBKR's key",
            Self::Ours => "the signing key",
        };
        format!("{name} {}", cert.fingerprint())
    }
}

impl Fault {
    pub(crate) fn sentence(&self, owner: Owner, purpose: Purpose) -> String {
        let renew = match owner {
            Owner::Ibkr => "ask dam@ibkr.com for the current one",
            Owner::Ours => "make another and send its public part to dam@ibkr.com",
        };
        let verb = match purpose {
            Purpose::Sign => "sign with",
            Purpose::Encrypt => "encrypt to",
        };
        match (self, owner) {
            // The key signs, or an earlier check would have failed. IBKR needs no other part of it.
            (fault, Owner::Ours) if purpose == Purpose::Encrypt && !matches!(fault, Self::Sha1) => {
                NO_PART_OF_OURS.to_owned()
            }
            (Self::Expired(at), Owner::Ibkr) => format!("expired on {} ({renew})", day(*at)),
            (Self::Expired(at), Owner::Ours) => format!(
                "expired on {} (gpg --quick-set-expire prolongs it; export it again)",
                day(*at)
            ),
            (Self::Revoked, _) => format!("is revoked ({renew})"),
            (Self::Sha1, Owner::Ibkr) => format!(
                "{SHA1} (compare its fingerprint with the one IBKR told you, then give --allow-sha1-key)"
            ),
            // Without the first option gpg 2.2.40 takes SHA-1 for the new signatures too.
            (Self::Sha1, Owner::Ours) => format!(
                "{SHA1} (gpg --cert-digest-algo SHA512 --quick-set-expire FPR 5y makes a new one, and with '*' those of \
                 its subkeys; export it again)"
            ),
            (Self::Weak(what), _) => format!("has {what}, which is too weak ({renew})"),
            (Self::ElGamal, _) => format!(
                "is for ElGamal, which is not supported ({renew}, or seal with gpg --sign --encrypt)"
            ),
            (Self::NotForThis, _) => format!("has no part to {verb} ({renew})"),
            (Self::Unfit(kind), _) => {
                format!("has no safe part to {verb}, only one of {kind} ({renew})")
            }
            (Self::NotNow, _) => {
                "has no valid signature of its own at this time (is the clock right?)".to_owned()
            }
        }
    }
}

const SHA1: &str = "is held together by SHA-1 signatures, which are not trusted any more";

const NO_PART_OF_OURS: &str = "has no usable part to encrypt to, which only --self-test needs (gpg --quick-add-key FPR \
                               rsa3072 encr; export it again; IBKR needs no new key)";

/// The day of a time, in UTC.
fn day(at: SystemTime) -> String {
    ib_cli::time(at).chars().take(10).collect()
}
