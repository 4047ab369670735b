//! Open messages that GnuPG encrypted.

use crate::key::{Key, Locked};
use ib_cli::{CAP, Error, Exit, Result, Secret, Unreadable, read_capped};
use sequoia_openpgp as openpgp;
use sequoia_openpgp::crypto::{Password, SessionKey};
use sequoia_openpgp::packet::{PKESK, SEIP, SKESK, Tag};
use sequoia_openpgp::parse::stream::{
    DecryptionHelper, DecryptorBuilder, MessageLayer, MessageStructure, VerificationHelper,
};
use sequoia_openpgp::parse::{PacketParser, PacketParserResult, Parse};
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::types::SymmetricAlgorithm;
use sequoia_openpgp::{Cert, KeyHandle, Packet};
use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};

/// The keys and passphrases that may open a message.
#[derive(Default)]
pub struct Openers {
    /// Secret keys.
    pub keys: Vec<Key>,
    /// Passphrases, for messages that were sealed with a passphrase and no key.
    pub passphrases: Vec<Secret>,
}

/// Opens a message, armored or binary. Its integrity is verified before any byte of it is returned.
///
/// # Errors
/// `Config`, with a sentence of its own for each: not an OpenPGP message, not encrypted, for another key, wrong
/// passphrase, damaged.
pub fn open(message: &[u8], with: &Openers) -> Result<Secret> {
    if let Some(fault) = fault(message) {
        return Err(Error::new(Exit::Config, fault));
    }
    let policy = StandardPolicy::new();
    let is_open = Cell::new(false);
    let helper = Helper {
        with,
        is_open: &is_open,
    };
    let opened = DecryptorBuilder::from_bytes(message)
        .and_then(|builder| builder.with_policy(&policy, None, helper))
        .map_err(|error| {
            let lost = Unreadable::without_line_ends(message).map(|lost| lost.to_string());
            let sentence = lost.unwrap_or_else(|| sentence(&error, is_open.get()));
            Error::new(Exit::Config, sentence)
        })?;
    read_capped(opened).map_err(|error| Error::new(Exit::Config, read_sentence(&error)))
}

/// The fault of a message that no key could open; `None` when none is visible from outside.
fn fault(message: &[u8]) -> Option<&'static str> {
    // The library panics on anything shorter. A block and two bytes of it again, then the digest: RFC 4880, 5.13. All
    // ciphers in use have blocks of 16 bytes, or of 8.
    let mut least = [0; 16 + 2 + 22];
    let mut next = PacketParser::from_bytes(message);
    while let Ok(PacketParserResult::Some(mut parser)) = next {
        match &parser.packet {
            packet if packet.tag() == Tag::AED => return Some(OCB),
            Packet::SEIP(SEIP::V2(packet)) if !packet.aead().is_supported() => {
                return Some(UNSUPPORTED_AEAD);
            }
            Packet::SEIP(_) => return parser.read_exact(&mut least).is_err().then_some(DAMAGED),
            _ => next = parser.next().map(|(_, next)| next),
        }
    }
    None
}

/// Why none of the keys and passphrases opens the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closed {
    ForAnotherKey,
    ForKeysOnly,
    ForPassphrasesOnly,
    WrongPassphrase,
    Key(Locked),
    NotEncrypted,
    Compressed,
}

impl std::error::Error for Closed {}

impl fmt::Display for Closed {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::ForAnotherKey => {
                "it is encrypted for another key (gpg --list-packets names the key it wants)"
            }
            Self::ForKeysOnly => "it is encrypted for a key, and none was given (give --key REF)",
            Self::ForPassphrasesOnly => {
                "it is encrypted with a passphrase, and none was given (give --passphrase REF)"
            }
            Self::WrongPassphrase => "the passphrase is wrong",
            Self::Key(Locked::NoPassphrase) => {
                "the key is protected by a passphrase, and none was given (give --key-passphrase REF)"
            }
            Self::Key(Locked::WrongPassphrase) => "the passphrase of the key is wrong",
            Self::Key(Locked::Elsewhere) => {
                "the key file holds no secret part for it, as for a key on a smartcard (use cmd:gpg --decrypt FILE)"
            }
            Self::Key(Locked::Unsupported) => {
                "the key is of a kind that is not supported (use cmd:gpg --decrypt FILE)"
            }
            Self::NotEncrypted => "it is an OpenPGP message but not encrypted",
            Self::Compressed => "its compression is not supported (gpg --compress-algo zip)",
        })
    }
}

struct Helper<'a> {
    with: &'a Openers,
    /// Whether the message is open: a later failure is then a fault of the message.
    is_open: &'a Cell<bool>,
}

type Try<'a> = dyn FnMut(Option<SymmetricAlgorithm>, &SessionKey) -> bool + 'a;

impl Helper<'_> {
    fn with_keys(
        &self,
        pkesks: &[PKESK],
        hint: Option<SymmetricAlgorithm>,
        try_key: &mut Try<'_>,
    ) -> std::result::Result<(), Closed> {
        let mut found = Closed::ForAnotherKey;
        for pkesk in pkesks {
            let recipient: Option<KeyHandle> = pkesk.recipient();
            for pair in self
                .with
                .keys
                .iter()
                .flat_map(|key| key.pairs_for(recipient.as_ref()))
            {
                match pair {
                    Ok(mut pair) => {
                        if let Some((algorithm, session_key)) = pkesk.decrypt(&mut pair, hint)
                            && try_key(algorithm, &session_key)
                        {
                            return Ok(());
                        }
                    }
                    Err(locked) => found = Closed::Key(locked),
                }
            }
        }
        Err(found)
    }

    fn with_passphrases(
        &self,
        skesks: &[SKESK],
        try_key: &mut Try<'_>,
    ) -> std::result::Result<(), Closed> {
        for passphrase in &self.with.passphrases {
            let passphrase = Password::from(passphrase.expose());
            for skesk in skesks {
                if let Ok((algorithm, session_key)) = skesk.decrypt(&passphrase)
                    && try_key(algorithm, &session_key)
                {
                    return Ok(());
                }
            }
        }
        Err(Closed::WrongPassphrase)
    }
}

impl DecryptionHelper for Helper<'_> {
    fn decrypt(
        &mut self,
        pkesks: &[PKESK],
        skesks: &[SKESK],
        hint: Option<SymmetricAlgorithm>,
        try_key: &mut Try<'_>,
    ) -> openpgp::Result<Option<Cert>> {
        let try_key: &mut Try<'_> = &mut |algorithm, session_key| {
            let opens = try_key(algorithm, session_key);
            self.is_open.set(opens);
            opens
        };
        let mut tried = Err(match skesks {
            [] => Closed::ForKeysOnly,
            _ => Closed::ForPassphrasesOnly,
        });
        if !self.with.keys.is_empty() && !pkesks.is_empty() {
            tried = self.with_keys(pkesks, hint, try_key);
        }
        if tried.is_err() && !self.with.passphrases.is_empty() && !skesks.is_empty() {
            tried = self.with_passphrases(skesks, try_key);
        }
        // The caller does not need to know which key it was.
        tried?;
        Ok(None)
    }
}

impl VerificationHelper for Helper<'_> {
    fn inspect(&mut self, packet: &PacketParser<'_>) -> openpgp::Result<()> {
        match &packet.packet {
            Packet::CompressedData(packet) if !packet.algo().is_supported() => {
                Err(Closed::Compressed.into())
            }
            _ => Ok(()),
        }
    }

    fn get_certs(&mut self, _ids: &[KeyHandle]) -> openpgp::Result<Vec<Cert>> {
        // Signatures are not checked: a person who can write the file can also replace the key.
        Ok(Vec::new())
    }

    fn check(&mut self, structure: MessageStructure) -> openpgp::Result<()> {
        match structure.iter().next() {
            Some(MessageLayer::Encryption { .. }) => Ok(()),
            _ => Err(Closed::NotEncrypted.into()),
        }
    }
}

/// The library's error in our words. Its own text may quote what it read.
fn sentence(error: &anyhow::Error, is_open: bool) -> String {
    if let Some(closed) = error.downcast_ref::<Closed>() {
        return closed.to_string();
    }
    match error.downcast_ref::<openpgp::Error>() {
        Some(openpgp::Error::PolicyViolation(what, _)) => {
            format!(
                "it is not protected as it must be ({what}); encrypt it again with gpg 2.2 or later"
            )
        }
        _ if is_open => DAMAGED.to_owned(),
        _ => "it is not an OpenPGP message, or a damaged one".to_owned(),
    }
}

fn read_sentence(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::FileTooLarge => format!("what is in it is larger than {} MiB", CAP >> 20),
        _ => DAMAGED.to_owned(),
    }
}

/// Packet 20 of GnuPG 2.3 and later, which no standard has (RFC 9580, 5: reserved), so other programs need not read it.
/// GnuPG makes it for keys of its own making, and gpg 2.2 cannot read it either.
const OCB: &str = "it is in GnuPG's own OCB form, which only gpg 2.3 and later read (make it again with \
                   gpg --rfc4880 -e, or --rfc4880 -c for a passphrase, or use cmd:gpg --decrypt FILE)";
const UNSUPPORTED_AEAD: &str = "its encryption is of a newer kind (AEAD) that is not supported (make it again with \
                                gpg --rfc4880 -e, or --rfc4880 -c for a passphrase)";
const DAMAGED: &str = "it is damaged (make it again)";

#[cfg(test)]
mod tests;
