//! IBKR's public key.

use crate::certificate;
use crate::fault::{Owner, Purpose};
use crate::fingerprint::Fingerprint;
use crate::policy::{self, Sha1, Usable};
use ib_cli::{Error, Exit, Result};
use sequoia_openpgp::cert::Cert;
use std::time::SystemTime;

/// IBKR's public key, pinned by its fingerprint.
pub struct PinnedRecipient {
    fingerprint: String,
    pub(crate) usable: Usable,
}

impl PinnedRecipient {
    /// Reads a public key as `gpg --export` writes it, armored or binary, and chooses the part of it to encrypt to: the
    /// newest subkey for that, else the primary key.
    ///
    /// # Errors
    /// `Config`, with a sentence for each: no OpenPGP key, several, a secret one, another than `pinned`, expired,
    /// revoked, bound by SHA-1, weak, ElGamal, no part to encrypt to.
    pub fn parse(bytes: &[u8], pinned: &Fingerprint, sha1: Sha1, now: SystemTime) -> Result<Self> {
        let cert = certificate::parse(bytes, "IBKR's key")?;
        let refused = |why: String| Err(Error::new(Exit::Config, format!("IBKR's key: {why}")));
        if cert.is_tsk() {
            return refused(
                "it is a secret key, and a public one is wanted (gpg --export)".to_owned(),
            );
        }
        let found = cert.fingerprint().to_hex();
        if found != pinned.to_string() {
            return refused(format!(
                "its fingerprint is {found}, and {pinned} was expected (which of them did IBKR tell you?)"
            ));
        }
        Self::choose(&cert, Owner::Ibkr, sha1, now)
    }

    pub(crate) fn choose(cert: &Cert, owner: Owner, sha1: Sha1, now: SystemTime) -> Result<Self> {
        let usable = policy::usable(cert, (owner, Purpose::Encrypt), sha1, now)?;
        // gpg encrypts only to the newest part, and a receiver may rely on that.
        let newest = usable.into_iter().next();
        newest
            .map(|usable| Self {
                fingerprint: cert.fingerprint().to_hex(),
                usable,
            })
            .ok_or_else(|| Error::new(Exit::Unexpected, "no key was chosen (report this as a bug)"))
    }

    /// The fingerprint of the primary key, 40 upper-case hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }

    /// The fingerprint of the subkey or primary key that is encrypted to.
    #[must_use]
    pub fn encryption_fingerprint(&self) -> String {
        self.usable.key.fingerprint().to_hex()
    }

    /// When it or its primary key expires, whichever is first; `None` means never.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.usable.expires_at
    }
}
