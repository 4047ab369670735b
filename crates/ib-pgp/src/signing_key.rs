//! The key that signs payloads.

use crate::certificate;
use crate::fault::{Owner, Purpose};
use crate::key::{Locked, unlock};
use crate::policy::{self, Sha1, Usable};
use crate::recipient::PinnedRecipient;
use crate::rsa::RsaSigner;
use ib_cli::{Error, Exit, Result, Secret, warn};
use sequoia_openpgp::cert::Cert;
use sequoia_openpgp::crypto::{KeyPair, Password, Signer};
use sequoia_openpgp::types::PublicKeyAlgorithm;
use std::time::SystemTime;

/// The key that signs payloads, unlocked and prepared.
pub struct SigningKey {
    /// Without its secret parts.
    cert: Cert,
    usable: Usable,
    prepared: Prepared,
}

#[derive(Clone)]
enum Prepared {
    Rsa(RsaSigner),
    Other(KeyPair),
}

impl SigningKey {
    /// Reads a secret key as `gpg --export-secret-keys` or `--export-secret-subkeys` writes it, armored or binary, and
    /// unlocks the part of it that signs: the newest subkey for that, else the primary key.
    ///
    /// A key without a passphrase ignores the one that is given. Unlocking takes a quarter of a second: GnuPG makes
    /// each guess cost that.
    ///
    /// # Errors
    /// `Config`, with a sentence for each: no OpenPGP key, several, a public one, expired, revoked, weak, no part to
    /// sign with, no passphrase, a wrong one, a key that is elsewhere.
    pub fn parse(bytes: &Secret, passphrase: Option<&Secret>, now: SystemTime) -> Result<Self> {
        let cert = certificate::parse(bytes.expose(), "the signing key")?;
        if !cert.is_tsk() {
            return Err(refused(
                "it is a public key, and only the secret key signs (gpg --export-secret-keys)",
            ));
        }
        let passphrase = passphrase.map(|secret| Password::from(secret.expose()));
        let usable = policy::usable(&cert, (Owner::Ours, Purpose::Sign), Sha1::Refused, now)?;
        for part in usable {
            // A subkey may be on a smartcard only, while the primary key, which signs too, is in the file.
            match keypair(&part, passphrase.as_ref()) {
                Err(Locked::Elsewhere | Locked::Unsupported) => {}
                Err(Locked::NoPassphrase) => {
                    return Err(refused(
                        "it is protected by a passphrase, and none was given (give --passphrase REF)",
                    ));
                }
                Err(Locked::WrongPassphrase) => return Err(refused("wrong passphrase")),
                Ok(pair) => return Self::prepare(cert, part, pair),
            }
        }
        Err(refused(
            "the file holds no secret part to sign with, as for a key on a smartcard (gpg --export-secret-keys on the \
             machine that has it)",
        ))
    }

    fn prepare(cert: Cert, mut usable: Usable, pair: KeyPair) -> Result<Self> {
        #[expect(deprecated, reason = "old keys are what is warned about")]
        let is_dsa = usable.key.pk_algo() == PublicKeyAlgorithm::DSA;
        if is_dsa {
            warn(
                "weak_signing_key",
                "the signing key is a DSA key (make one of RSA-3072 or ed25519)",
            );
        }
        let rsa = pair
            .secret()
            .map(|secret| RsaSigner::prepare(pair.public(), secret));
        let prepared = match rsa {
            // OpenSSL's own text is about numbers of the key.
            Some(rsa) => Prepared::Rsa(
                rsa.map_err(|_| refused("its numbers are damaged (export it again)"))?,
            ),
            None => Prepared::Other(pair),
        };
        usable.key = usable.key.take_secret().0;
        Ok(Self {
            cert: cert.strip_secret_key_material(),
            usable,
            prepared,
        })
    }

    /// The fingerprint of the primary key, 40 upper-case hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.cert.fingerprint().to_hex()
    }

    /// The fingerprint of the subkey or primary key that signs.
    #[must_use]
    pub fn signing_fingerprint(&self) -> String {
        self.usable.key.fingerprint().to_hex()
    }

    /// When the key or its primary key expires, whichever is first; `None` means never.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.usable.expires_at
    }

    /// The same key as a recipient, so that its owner can open the payload with gpg.
    ///
    /// # Errors
    /// `Config` when it has no usable part to encrypt to.
    pub fn as_recipient(&self, now: SystemTime) -> Result<PinnedRecipient> {
        PinnedRecipient::choose(&self.cert, Owner::Ours, Sha1::Refused, now)
    }

    /// A signer for one signature; several may exist at a time.
    pub(crate) fn signer(&self) -> Box<dyn Signer + Send + Sync> {
        match &self.prepared {
            Prepared::Rsa(rsa) => Box::new(rsa.clone()),
            Prepared::Other(pair) => Box::new(pair.clone()),
        }
    }
}

fn keypair(part: &Usable, passphrase: Option<&Password>) -> std::result::Result<KeyPair, Locked> {
    let secret = part
        .key
        .clone()
        .parts_into_secret()
        .map_err(|_| Locked::Elsewhere)?;
    unlock(secret, passphrase)
}

fn refused(why: &str) -> Error {
    Error::new(Exit::Config, format!("the signing key: {why}"))
}
