//! Payloads, opened by the programs that may receive them.

mod bouncy_castle;
mod gpg;
mod recipients;
mod shape;
mod signers;

use crate::support::gnupg::Gnupg;
use ib_cli::Secret;
use ib_pgp::{Fingerprint, Payload, PinnedRecipient, Sha1, SigningKey, seal_payload};
use std::time::SystemTime;

/// The plaintext of IBKR's guide.
const PLAINTEXT: &str = r#"{"CREDENTIAL":"abcde1234","IP":"1.2.3.4","CONTEXT":"CP_API"}"#;

#[track_caller]
fn good<T>(result: ib_cli::Result<T>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// The error of a call that must fail.
#[track_caller]
fn refusal<T>(result: ib_cli::Result<T>) -> String {
    match result {
        Ok(_) => panic!("it was accepted"),
        Err(error) => {
            let said = error.to_string();
            assert_eq!(error.exit, ib_cli::Exit::Config, "{said}");
            assert_eq!(said.lines().count(), 1, "{said}");
            said
        }
    }
}

fn signing_key(bytes: Vec<u8>, passphrase: Option<&str>) -> ib_cli::Result<SigningKey> {
    let passphrase = passphrase.map(|words| Secret::new(words.into()));
    SigningKey::parse(&Secret::new(bytes), passphrase.as_ref(), SystemTime::now())
}

/// A recipient pinned as it should be.
fn recipient(gpg: &Gnupg, name: &str, sha1: Sha1) -> ib_cli::Result<PinnedRecipient> {
    let pinned = pin(&gpg.fingerprints(name)[0]);
    PinnedRecipient::parse(&gpg.public_key(name), &pinned, sha1, SystemTime::now())
}

fn pin(fingerprint: &str) -> Fingerprint {
    fingerprint.parse().expect("it is a fingerprint")
}

#[track_caller]
fn seal(signer: &SigningKey, recipient: &PinnedRecipient) -> Payload {
    let sealed = seal_payload(PLAINTEXT.as_bytes(), signer, recipient, SystemTime::now());
    good(sealed)
}
