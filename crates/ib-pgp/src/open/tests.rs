//! Messages that the installed gpg cannot make.

use super::*;
use sequoia_openpgp::serialize::stream::{Encryptor, LiteralWriter, Message};
use sequoia_openpgp::types::{AEADAlgorithm, DataFormat};
use std::io::Write;

const WORD: &[u8] = b"word";

fn open_with_word(message: &[u8]) -> std::result::Result<Vec<u8>, String> {
    let with = Openers {
        passphrases: vec![Secret::new(WORD.to_vec())],
        ..Openers::default()
    };
    match open(message, &with) {
        Ok(opened) => Ok(opened.expose().to_vec()),
        Err(error) => Err(error.to_string()),
    }
}

/// The tool does not check signatures, so one of GnuPG's version 5 must not stop it.
#[test]
fn opens_what_has_a_signature_of_version_5() {
    let mut sealed = Vec::new();
    let mut write = || -> anyhow::Result<()> {
        let message = Message::new(&mut sealed);
        let mut message = Encryptor::with_passwords(message, [WORD]).build()?;
        // One-pass signature of version 3, literal, signature of version 5: EdDSA over SHA-512.
        message.write_all(&[0xc4, 13, 3, 0, 10, 22, 1, 2, 3, 4, 5, 6, 7, 8, 1])?;
        message.write_all(&[0xcb, 13, b'b', 0, 0, 0, 0, 0])?;
        message.write_all(b"payload")?;
        message.write_all(&[0xc2, 12, 5, 0, 22, 10, 0, 0, 0, 0, 7, 7, 0, 0])?;
        message.finalize()
    };
    write().expect("it can be made");
    assert_eq!(open_with_word(&sealed), Ok(b"payload".to_vec()));
}

fn sealed_with(algorithm: AEADAlgorithm) -> Vec<u8> {
    let mut sealed = Vec::new();
    let mut write = || -> anyhow::Result<()> {
        let message = Message::new(&mut sealed);
        let message = Encryptor::with_passwords(message, [WORD])
            .aead_algo(algorithm)
            .build()?;
        let mut message = LiteralWriter::new(message)
            .format(DataFormat::Binary)
            .build()?;
        message.write_all(b"payload")?;
        message.finalize()
    };
    write().expect("it can be sealed");
    sealed
}

/// RFC 9580's version 2 is opened where the library can, and named where it cannot.
#[test]
fn never_takes_a_form_that_it_does_not_know_for_a_wrong_passphrase() {
    for algorithm in [AEADAlgorithm::OCB, AEADAlgorithm::EAX, AEADAlgorithm::GCM] {
        // The library's writer panics where its backend lacks the algorithm.
        if algorithm.is_supported() {
            assert_eq!(
                open_with_word(&sealed_with(algorithm)),
                Ok(b"payload".to_vec())
            );
        } else {
            // A packet of version 2 that no key could open: AES-256, chunks of 64 bytes.
            let body = [[2, 9, u8::from(algorithm), 0].as_slice(), &[7; 100]].concat();
            let sealed = [[0xd2, 104].as_slice(), &body].concat();
            let error = open_with_word(&sealed).expect_err("it cannot be opened");
            assert!(error.contains("(AEAD) that is not supported"), "{error}");
        }
    }
}
