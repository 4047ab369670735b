//! Payloads, decrypted and verified by gpg 2.2.

use super::{PLAINTEXT, good, recipient, seal, signing_key};
use crate::support::gnupg::{Gnupg, Kind, PASSPHRASE};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ib_pgp::{PinnedRecipient, Sha1, SigningKey};
use std::time::SystemTime;

/// Seals, and has gpg decrypt and verify.
#[track_caller]
fn gpg_opens(gpg: &Gnupg, signer: &SigningKey, recipient: &PinnedRecipient, case: &str) {
    let payload = seal(signer, recipient);
    let sealed = payload.base64().expose();
    let message = STANDARD
        .decode(sealed)
        .expect("it is padded base64 without breaks");
    let (text, said) = gpg.open(&message);
    assert_eq!(String::from_utf8_lossy(&text), PLAINTEXT, "{case}: {said}");
    let signed_by = format!("VALIDSIG {} ", signer.signing_fingerprint());
    for word in ["DECRYPTION_OKAY", "GOODMDC", "GOODSIG", &signed_by] {
        assert!(said.contains(word), "{case}: no {word} in {said}");
    }
    assert!(said.contains(&signer.fingerprint()), "{case}: {said}");
}

fn gpg_opens_all(signing: &str, encryption: &str) {
    let gpg = Gnupg::new();
    gpg.make_primary("ibkr", "ed25519", "cert", false);
    gpg.add_subkey("ibkr", encryption, "encr");
    gpg.make_primary("bank", signing, "sign", false);
    gpg.make_primary("locked", signing, "sign", true);
    let ibkr = good(recipient(&gpg, "ibkr", Sha1::Refused));
    assert_eq!(ibkr.encryption_fingerprint(), gpg.fingerprints("ibkr")[1]);

    let signer = good(signing_key(gpg.secret_key("bank", &[]), None));
    assert_eq!(signer.signing_fingerprint(), gpg.fingerprints("bank")[0]);
    gpg_opens(&gpg, &signer, &ibkr, "the primary key signs");

    let locked = gpg.secret_key("locked", &["--armor"]);
    let signer = good(signing_key(locked, Some(PASSPHRASE)));
    gpg_opens(&gpg, &signer, &ibkr, "a protected key signs");

    gpg.add_subkey("bank", signing, "sign");
    let signer = good(signing_key(gpg.secret_key("bank", &["--armor"]), None));
    assert_eq!(signer.signing_fingerprint(), gpg.fingerprints("bank")[1]);
    gpg_opens(&gpg, &signer, &ibkr, "a subkey signs");

    let signer = good(signing_key(gpg.secret_subkeys("bank"), None));
    gpg_opens(&gpg, &signer, &ibkr, "the primary key is elsewhere");
}

#[test]
fn gpg_opens_what_rsa_2048_seals() {
    gpg_opens_all("rsa2048", "rsa2048");
}

#[test]
fn gpg_opens_what_rsa_3072_seals() {
    gpg_opens_all("rsa3072", "rsa3072");
}

#[test]
fn gpg_opens_what_rsa_4096_seals() {
    gpg_opens_all("rsa4096", "rsa4096");
}

#[test]
fn gpg_opens_what_ed25519_seals() {
    gpg_opens_all("ed25519", "cv25519");
}

#[test]
fn gpg_opens_what_is_sealed_to_its_own_signer() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "bank", false);
    let signer = good(signing_key(gpg.secret_key("bank", &[]), None));
    let own = good(signer.as_recipient(SystemTime::now()));
    assert_eq!(own.fingerprint(), signer.fingerprint());
    gpg_opens(&gpg, &signer, &own, "sealed to itself");
}
