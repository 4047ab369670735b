//! The signing key, and the keys that are refused in its place.

use super::{good, recipient, refusal, seal, signing_key};
use crate::support::gnupg::{Gnupg, Kind, PASSPHRASE};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ib_pgp::Sha1;
use std::collections::BTreeSet;

/// The error for the secret key `name`.
#[track_caller]
fn said_of(gpg: &Gnupg, name: &str) -> String {
    refusal(signing_key(gpg.secret_key(name, &[]), None))
}

#[test]
fn says_what_is_wrong_with_the_key() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "bank", false);
    gpg.make_key(Kind::Curve, "revoked", false);
    gpg.revoke("revoked");
    gpg.make_expired_key("expired");
    gpg.make_key(Kind::Rsa(1024), "weak", false);
    gpg.make_primary("certifier", "rsa2048", "cert", false);
    let sha1 = ["--cert-digest-algo", "SHA1"];
    gpg.make_key_at("20190101T000000", Kind::Curve, "sha1", "0", &sha1);
    let both = [gpg.secret_key("bank", &[]), gpg.secret_key("weak", &[])].concat();
    let said = [
        (said_of(&gpg, "expired"), "expired on 2020-01-02"),
        (said_of(&gpg, "revoked"), "is revoked"),
        (said_of(&gpg, "weak"), "RSA of 1024 bits"),
        (said_of(&gpg, "certifier"), "no part to sign with"),
        (said_of(&gpg, "sha1"), "SHA-1"),
        (
            refusal(signing_key(gpg.public_key("bank"), None)),
            "it is a public key",
        ),
        (refusal(signing_key(both, None)), "more than one key"),
        (
            refusal(signing_key(b"no key".to_vec(), None)),
            "not an OpenPGP key",
        ),
    ];
    for (said, word) in &said {
        assert!(said.contains(word), "no {word} in: {said}");
    }
    let distinct: BTreeSet<_> = said.iter().map(|(said, _)| said).collect();
    assert_eq!(distinct.len(), said.len(), "{distinct:#?}");
}

#[test]
fn tells_a_wrong_passphrase_from_none() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "bank", true);
    let said = |passphrase| refusal(signing_key(gpg.secret_key("bank", &[]), passphrase));
    let wrong = said(Some("not the passphrase"));
    assert!(wrong.contains("wrong passphrase"), "{wrong}");
    assert!(!wrong.contains("not the passphrase"), "{wrong}");
    let none = said(None);
    assert!(none.contains("none was given"), "{none}");
    good(signing_key(gpg.secret_key("bank", &[]), Some(PASSPHRASE)));
}

#[test]
fn says_when_the_secret_part_is_elsewhere() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "bank", false);
    let without_primary = gpg.secret_subkeys("bank");
    // gpg marks a stub by GNU and a number: 1 for what was left out, 2 for what is on a smartcard.
    let stub = without_primary
        .windows(4)
        .position(|bytes| bytes == b"GNU\x01");
    let mut on_card = without_primary.clone();
    on_card[stub.expect("there is a stub") + 3] = 2;
    for bytes in [without_primary, on_card] {
        let said = refusal(signing_key(bytes, None));
        assert!(said.contains("smartcard"), "{said}");
    }
}

#[test]
fn signs_with_dsa_and_warns() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Dsa, "bank", false);
    gpg.make_key(Kind::Curve, "ibkr", false);
    let signer = good(signing_key(gpg.secret_key("bank", &[]), None));
    assert_eq!(ib_cli::warnings(), ["weak_signing_key"]);
    let ibkr = good(recipient(&gpg, "ibkr", Sha1::Refused));
    let message = STANDARD.decode(seal(&signer, &ibkr).base64().expose());
    let (_, said) = gpg.open(&message.expect("it is base64"));
    assert!(said.contains("GOODSIG"), "{said}");
}

#[test]
fn signs_with_the_newest_subkey_that_holds() {
    let gpg = Gnupg::new();
    gpg.make_key_at("20240101T000000", Kind::Curve, "bank", "0", &[]);
    for (time, until) in [
        ("20240101T000000", "never"),
        ("20250101T000000", "never"),
        ("20260101T000000", "1d"),
    ] {
        gpg.add_subkey_at(time, "bank", ["ed25519", "sign", until]);
    }
    let signer = good(signing_key(gpg.secret_key("bank", &[]), None));
    assert_eq!(signer.signing_fingerprint(), gpg.fingerprints("bank")[3]);
    assert_eq!(signer.expires_at(), None);
}
