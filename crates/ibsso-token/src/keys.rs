//! The key that signs the payload, and IBKR's key, to which it is sealed.

use crate::client::TokenClient;
use crate::flag_group::KEYS;
use ib_cli::{Error, Exit, Readable, Reference, Result, Secret, warn};
use ib_pgp::{Fingerprint, Payload, PinnedRecipient, Sha1, SigningKey, seal_payload};
use ib_proc::Deadline;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// The tool warns of a key that expires sooner than this: IBKR takes days to replace a key.
const SOON: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The flags of the key that signs.
#[derive(clap::Args)]
pub(crate) struct SignerArgs {
    /// Sign with this secret key
    ///
    /// It is an OpenPGP secret key as `gpg --export-secret-keys` writes it, armored or binary. `gpg
    /// --export-secret-subkeys` leaves out the secret of the primary key, and works too. The newest subkey that signs is
    /// used, else the primary key.
    #[arg(long, value_name = "REF", help_heading = KEYS)]
    sign_key: Reference,
    /// Unlock the secret key with this passphrase
    ///
    /// The tool never asks for a passphrase.
    #[arg(long, value_name = "REF", help_heading = KEYS)]
    passphrase: Option<Reference>,
    /// Accept a secret key and a passphrase that other users can read
    ///
    /// Without this flag the tool refuses them, except below `/run/secrets` or CREDENTIALS_DIRECTORY, and on a tmpfs.
    #[arg(long, help_heading = KEYS)]
    allow_readable_key: bool,
}

/// The flags of IBKR's key.
#[derive(clap::Args)]
pub(crate) struct RecipientArgs {
    /// Seal for the public key in this file, which is IBKR's
    #[arg(long, value_name = "FILE", required_unless_present = "self_test", help_heading = KEYS)]
    recipient: Option<PathBuf>,
    /// Refuse a key in that file with another fingerprint
    ///
    /// Give 40 hexadecimal digits, with or without blanks, as `gpg --show-keys --with-fingerprint` prints them.
    #[arg(long, value_name = "40HEX", required_unless_present = "self_test", help_heading = KEYS)]
    recipient_fpr: Option<Fingerprint>,
    /// Accept that IBKR's key signs itself with SHA-1
    ///
    /// Keys of 2019 and before do so. The fingerprint alone then says that it is IBKR's key.
    #[arg(long, help_heading = KEYS)]
    allow_sha1_key: bool,
}

/// The file of IBKR's public key, and what is known of that key.
pub(crate) struct PinnedFile {
    path: PathBuf,
    fingerprint: Fingerprint,
    sha1: Sha1,
}

/// Both keys.
pub(crate) struct Keys {
    pub(crate) signer: Signer,
    pub(crate) recipient: PinnedRecipient,
}

/// The key that signs, and the passphrase that unlocked it.
pub(crate) struct Signer {
    pub(crate) key: SigningKey,
    pub(crate) passphrase: Option<Secret>,
}

impl Keys {
    /// Reads both keys. The public one is first, since reading it is cheap.
    ///
    /// # Errors
    /// `Config` for a key that must not be used, with a sentence for each reason.
    pub(crate) fn read(
        signer: &SignerArgs,
        recipient: &PinnedFile,
        deadline: Deadline,
    ) -> Result<Self> {
        let recipient = recipient.read(deadline)?;
        let signer = signer.read(deadline)?;
        Ok(Self { signer, recipient })
    }

    /// Signs and seals. Each call makes another signature and another payload.
    pub(crate) fn seal(&self, client: &TokenClient) -> Result<Payload> {
        let plaintext = client.plaintext()?;
        seal_payload(
            &plaintext,
            &self.signer.key,
            &self.recipient,
            SystemTime::now(),
        )
    }
}

impl SignerArgs {
    /// Reads and unlocks the key that signs.
    ///
    /// # Errors
    /// `Config` for a key that must not be used, or that others can read.
    pub(crate) fn read(&self, deadline: Deadline) -> Result<Signer> {
        let from = &self.sign_key;
        let readable = Readable::of_key(self.allow_readable_key);
        let key = from.read_as_it_is("the signing key", readable, deadline)?;
        let passphrase = self
            .passphrase
            .as_ref()
            .map(|from| from.read_line("the passphrase of the signing key", readable, deadline))
            .transpose()?;
        let now = SystemTime::now();
        let key = SigningKey::parse(&key, passphrase.as_ref(), now)
            .map_err(|error| error.within(format!("reading the signing key from {from}")))?;
        if is_soon(key.expires_at(), now) {
            warn(
                "signing_key_expires_soon",
                "the signing key expires within 30 days (send its successor to dam@ibkr.com)",
            );
        }
        Ok(Signer { key, passphrase })
    }
}

impl RecipientArgs {
    /// The file of IBKR's key, as the flags name it.
    ///
    /// # Errors
    /// `Usage` when the file or the fingerprint is missing.
    pub(crate) fn pinned_file(&self) -> Result<PinnedFile> {
        let (Some(path), Some(fingerprint)) = (&self.recipient, self.recipient_fpr) else {
            let message = "IBKR's key is missing (give --recipient FILE and --recipient-fpr 40HEX)";
            return Err(Error::new(Exit::Usage, message));
        };
        Ok(PinnedFile {
            path: path.clone(),
            fingerprint,
            sha1: if self.allow_sha1_key {
                Sha1::AllowedForThisKey
            } else {
                Sha1::Refused
            },
        })
    }
}

impl PinnedFile {
    fn read(&self, deadline: Deadline) -> Result<PinnedRecipient> {
        let bytes = Reference::File(self.path.clone()).read_as_it_is(
            "IBKR's key",
            Readable::Anyone,
            deadline,
        )?;
        let now = SystemTime::now();
        let key = PinnedRecipient::parse(bytes.expose(), &self.fingerprint, self.sha1, now)
            .map_err(|error| {
                error.within(format!("reading IBKR's key from {}", self.path.display()))
            })?;
        if is_soon(key.expires_at(), now) {
            warn(
                "recipient_key_expires_soon",
                "IBKR's key expires within 30 days (ask dam@ibkr.com for its successor)",
            );
        }
        Ok(key)
    }
}

fn is_soon(expires_at: Option<SystemTime>, now: SystemTime) -> bool {
    expires_at.is_some_and(|end| end < now + SOON)
}
