//! Keys from files: a secret key that opens messages, a public key to seal them to.

use crate::certificate::{NOT_VERSION_4, is_of_unknown_version};
use ib_cli::{Error, Exit, Result, Secret, Unreadable};
use sequoia_openpgp::cert::Cert;
use sequoia_openpgp::crypto::{KeyPair, Password, mpi};
use sequoia_openpgp::packet::key::{
    KeyParts, KeyRole, SecretKeyMaterial, SecretParts, UnspecifiedRole,
};
use sequoia_openpgp::parse::Parse;
use sequoia_openpgp::types::Curve;
use sequoia_openpgp::{KeyHandle, packet};

/// A secret key, with the passphrase that protects it, if one does.
///
/// It is unlocked only when a message needs it: GnuPG makes each guess at a passphrase cost a tenth of a second.
pub struct Key {
    cert: Cert,
    passphrase: Option<Password>,
}

/// A public key whose owner can open a message.
pub struct Recipient(pub(crate) Cert);

/// Why a key cannot be used for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locked {
    /// It is protected and no passphrase was given.
    NoPassphrase,
    /// The passphrase does not unlock it.
    WrongPassphrase,
    /// The file holds only a stub: the key is on a smartcard or was not exported.
    Elsewhere,
    /// The library cannot compute with keys of its kind.
    Unsupported,
}

impl Key {
    /// Reads a secret key as `gpg --export-secret-keys` writes it, armored or binary.
    ///
    /// # Errors
    /// `Config` when it is not an OpenPGP key, or a public one.
    pub fn parse(bytes: &Secret, passphrase: Option<&Secret>) -> Result<Self> {
        let cert = parse(bytes.expose())?;
        if !cert.is_tsk() {
            return Err(Error::new(
                Exit::Config,
                "it is a public key, and only the secret key opens a message (gpg --export-secret-keys)",
            ));
        }
        let passphrase = passphrase.map(|secret| Password::from(secret.expose()));
        Ok(Self { cert, passphrase })
    }

    /// The parts of the key that may open a message for `recipient`; all of them if the message does not name one.
    pub(crate) fn pairs_for(
        &self,
        recipient: Option<&KeyHandle>,
    ) -> impl Iterator<Item = std::result::Result<KeyPair, Locked>> {
        // No policy here: the owner of a key that has expired may still open what was sealed to it before.
        self.cert
            .keys()
            .secret()
            .map(|part| part.key().clone())
            .filter(move |part| {
                recipient.is_none_or(|wanted| KeyHandle::from(part.fingerprint()).aliases(wanted))
            })
            .filter(|part| part.pk_algo().for_encryption())
            .map(|part| unlock(part.role_into_unspecified(), self.passphrase.as_ref()))
    }
}

impl Recipient {
    /// Reads a public key as `gpg --export` writes it, armored or binary.
    ///
    /// # Errors
    /// `Config` when it is not an OpenPGP key.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        Ok(Self(parse(bytes)?.strip_secret_key_material()))
    }

    /// The fingerprint of the primary key, 40 hexadecimal digits for a key of version 4.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint().to_hex()
    }
}

/// Unlocks a part of a key, if it is locked.
pub(crate) fn unlock(
    part: packet::Key<SecretParts, UnspecifiedRole>,
    passphrase: Option<&Password>,
) -> std::result::Result<KeyPair, Locked> {
    if !is_supported(&part) {
        return Err(Locked::Unsupported);
    }
    let part = match part.secret() {
        SecretKeyMaterial::Unencrypted(_) => part,
        // GnuPG's stubs name a key derivation of their own, which derives nothing.
        SecretKeyMaterial::Encrypted(protected) if !protected.s2k().is_supported() => {
            return Err(Locked::Elsewhere);
        }
        SecretKeyMaterial::Encrypted(_) => {
            let passphrase = passphrase.ok_or(Locked::NoPassphrase)?;
            part.decrypt_secret(passphrase)
                .map_err(|_| Locked::WrongPassphrase)?
        }
    };
    part.into_keypair().map_err(|_| Locked::Elsewhere)
}

/// Whether the library can compute with a key: Nettle has neither ElGamal nor Brainpool's curves.
pub(crate) fn is_supported<P: KeyParts, R: KeyRole>(key: &packet::Key<P, R>) -> bool {
    let curve = match key.mpis() {
        mpi::PublicKey::ECDH { curve, .. } | mpi::PublicKey::ECDSA { curve, .. } => Some(curve),
        _ => None,
    };
    key.pk_algo().is_supported() && curve.is_none_or(Curve::is_supported)
}

fn parse(bytes: &[u8]) -> Result<Cert> {
    // The library's own text may quote the packet that it cannot read.
    Cert::from_bytes(bytes).map_err(|error| {
        if let Some(lost) = Unreadable::without_line_ends(bytes) {
            return lost.about("it");
        }
        let message = if is_of_unknown_version(&error) {
            NOT_VERSION_4
        } else {
            "it is not one OpenPGP key (gpg --export or --export-secret-keys writes one)"
        };
        Error::new(Exit::Config, message)
    })
}
