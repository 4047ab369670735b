//! IBKR's key, and what it may not be.

use super::{good, pin, recipient, refusal, seal, signing_key};
use crate::support::gnupg::{Gnupg, Kind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ib_pgp::{PinnedRecipient, Sha1};
use std::collections::BTreeSet;
use std::time::SystemTime;

const SHA1: &[&str] = &["--cert-digest-algo", "SHA1"];

/// What is said of the bytes of a key that is pinned by `name`'s fingerprint.
#[track_caller]
fn said_of(gpg: &Gnupg, bytes: &[u8], name: &str) -> String {
    let pinned = pin(&gpg.fingerprints(name)[0]);
    let parsed = PinnedRecipient::parse(bytes, &pinned, Sha1::AllowedForThisKey, SystemTime::now());
    refusal(parsed)
}

#[test]
fn says_which_of_seven_things_is_wrong_with_the_key() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "ibkr", false);
    gpg.make_key(Kind::Curve, "revoked", false);
    gpg.revoke("revoked");
    gpg.make_expired_key("expired");
    gpg.make_key_at("20190101T000000", Kind::Curve, "sha1", "0", SHA1);
    gpg.make_key(Kind::Rsa(1024), "weak", false);
    gpg.make_key(Kind::Dsa, "elgamal", false);
    let public = |name| said_of(&gpg, &gpg.public_key(name), name);
    let other = gpg.fingerprints("revoked").swap_remove(0);
    let own = gpg.fingerprints("ibkr").swap_remove(0);
    let said = [
        (public("expired"), "expired on 2020-01-02"),
        (public("revoked"), "is revoked"),
        (
            refusal(recipient(&gpg, "sha1", Sha1::Refused)),
            "--allow-sha1-key",
        ),
        (public("weak"), "RSA of 1024 bits"),
        (public("elgamal"), "gpg --sign --encrypt"),
        (
            said_of(&gpg, &gpg.secret_key("ibkr", &[]), "ibkr"),
            "it is a secret key",
        ),
        (said_of(&gpg, &gpg.public_key("ibkr"), "revoked"), &own),
        (said_of(&gpg, &gpg.public_key("ibkr"), "revoked"), &other),
    ];
    for (said, word) in &said {
        assert!(said.contains(word), "no {word} in: {said}");
    }
    let distinct: BTreeSet<_> = said.iter().map(|(said, _)| said).collect();
    assert_eq!(distinct.len(), 7, "{distinct:#?}");
}

#[test]
fn refuses_what_is_not_one_key() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "ibkr", false);
    gpg.make_key(Kind::Curve, "other", false);
    let one = gpg.public_key("ibkr");
    let both = [one.clone(), gpg.public_key("other")].concat();
    let too_big = vec![b'x'; ib_cli::CAP + 1];
    let cut = &one[..one.len() / 2];
    for (bytes, word) in [
        (&b""[..], "not an OpenPGP key"),
        (b"<html>", "not an OpenPGP key"),
        (
            &gpg.encrypt_to("ibkr", &[], "a message"),
            "not an OpenPGP key",
        ),
        (&both, "more than one key"),
        (&too_big, "larger than any key"),
        (cut, "IBKR's key"),
    ] {
        let said = said_of(&gpg, bytes, "ibkr");
        assert!(said.contains(word), "no {word} in: {said}");
    }
}

#[test]
fn says_when_nothing_is_there_to_encrypt_to() {
    let gpg = Gnupg::new();
    gpg.make_primary("lone", "ed25519", "sign", false);
    let then = "20200101T000000";
    let lapsed = [
        "--faked-system-time",
        then,
        "--passphrase-file",
        "/dev/null",
    ];
    let generate = ["--quick-generate-key", "lapsed", "ed25519", "sign", "never"];
    gpg.run(&[&lapsed[..], &generate].concat(), b"");
    gpg.add_subkey_at(then, "lapsed", ["cv25519", "encr", "1d"]);
    let said = said_of(&gpg, &gpg.public_key("lone"), "lone");
    assert!(said.contains("has no part to encrypt to"), "{said}");
    let said = said_of(&gpg, &gpg.public_key("lapsed"), "lapsed");
    assert!(said.contains("expired on 2020-01-02"), "{said}");
}

#[test]
fn takes_a_key_of_sha_1_when_told_to() {
    let gpg = Gnupg::new();
    gpg.make_key_at("20190101T000000", Kind::Rsa(2048), "ibkr", "0", SHA1);
    gpg.make_key(Kind::Curve, "bank", false);
    let signer = good(signing_key(gpg.secret_key("bank", &[]), None));
    let ibkr = good(recipient(&gpg, "ibkr", Sha1::AllowedForThisKey));
    let message = STANDARD.decode(seal(&signer, &ibkr).base64().expose());
    gpg.open(&message.expect("it is base64"));
}

#[test]
fn passes_over_no_newer_subkey_of_sha_1_in_silence() {
    let gpg = Gnupg::new();
    gpg.make_key_at("20240101T000000", Kind::Curve, "ibkr", "0", &[]);
    gpg.add_sha1_subkey("ibkr", "cv25519", "encr");
    let said = refusal(recipient(&gpg, "ibkr", Sha1::Refused));
    assert!(said.contains("--allow-sha1-key"), "{said}");
    let ibkr = good(recipient(&gpg, "ibkr", Sha1::AllowedForThisKey));
    assert_eq!(ibkr.encryption_fingerprint(), gpg.fingerprints("ibkr")[2]);
    // An older one does no harm.
    gpg.make_key_at("20240101T000000", Kind::Curve, "other", "0", SHA1);
    let fingerprint = gpg.fingerprints("other").swap_remove(0);
    let digest = [
        "--cert-digest-algo",
        "SHA512",
        "--passphrase-file",
        "/dev/null",
    ];
    let prolong = ["--quick-set-expire", &fingerprint, "20y"];
    gpg.run(&[&digest[..], &prolong].concat(), b"");
    gpg.add_subkey("other", "cv25519", "encr");
    let other = good(recipient(&gpg, "other", Sha1::Refused));
    assert_eq!(other.encryption_fingerprint(), gpg.fingerprints("other")[2]);
}

#[test]
fn encrypts_to_the_newest_subkey_alone() {
    let gpg = Gnupg::new();
    let then = "20240101T000000";
    gpg.make_key_at(then, Kind::Curve, "ibkr", "0", &[]);
    gpg.add_subkey("ibkr", "cv25519", "encr");
    gpg.add_subkey_at(then, "ibkr", ["cv25519", "encr", "never"]);
    let ibkr = good(recipient(&gpg, "ibkr", Sha1::Refused));
    assert_eq!(ibkr.encryption_fingerprint(), gpg.fingerprints("ibkr")[2]);
    assert_eq!(ibkr.fingerprint(), gpg.fingerprints("ibkr")[0]);
}

#[test]
fn encrypts_to_a_primary_key_that_has_no_subkey() {
    let gpg = Gnupg::new();
    gpg.make_primary("ibkr", "rsa2048", "sign,encr", false);
    gpg.make_key(Kind::Curve, "bank", false);
    let ibkr = good(recipient(&gpg, "ibkr", Sha1::Refused));
    assert_eq!(ibkr.encryption_fingerprint(), ibkr.fingerprint());
    let signer = good(signing_key(gpg.secret_key("bank", &[]), None));
    let message = STANDARD.decode(seal(&signer, &ibkr).base64().expose());
    gpg.open(&message.expect("it is base64"));
}

#[test]
fn uses_the_strongest_aes_that_the_key_prefers() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "bank", false);
    let signer = good(signing_key(gpg.secret_key("bank", &[]), None));
    for (name, preferred, cipher) in [
        ("first", "AES", "AES encrypted data"),
        ("second", "3DES AES AES192", "AES192 encrypted data"),
        ("third", "AES AES256 AES192", "AES256 encrypted data"),
        ("fourth", "3DES", "AES256 encrypted data"),
    ] {
        let preferences = format!("{preferred} SHA256 ZIP");
        let preferences = ["--default-preference-list", &preferences];
        gpg.make_key_at("20250101T000000", Kind::Curve, name, "0", &preferences);
        let ibkr = good(recipient(&gpg, name, Sha1::Refused));
        let message = STANDARD.decode(seal(&signer, &ibkr).base64().expose());
        let message = message.expect("it is base64");
        let output = gpg.output(&["--verbose", "--decrypt"], &message);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(cipher), "{preferred}: no {cipher} in {said}");
    }
}

#[test]
fn knows_when_the_key_expires() {
    let gpg = Gnupg::new();
    gpg.make_key_at("20260101T000000", Kind::Curve, "ibkr", "20y", &[]);
    let ibkr = good(recipient(&gpg, "ibkr", Sha1::Refused));
    let expires = ibkr.expires_at().map(ib_cli::time);
    assert!(
        expires
            .as_ref()
            .is_some_and(|at| at.starts_with("2045-12-2")),
        "{expires:?}"
    );
    gpg.make_key(Kind::Curve, "eternal", false);
    let eternal = good(recipient(&gpg, "eternal", Sha1::Refused));
    assert_eq!(eternal.expires_at(), None);
}
