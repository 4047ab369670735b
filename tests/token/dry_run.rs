//! `--dry-run`: everything except sending.

use super::{Bank, refuses};
use serde_json::{Value, json};

#[test]
fn says_how_it_would_be_sealed_and_sends_nothing() {
    let bank = Bank::new();
    let ran = bank
        .token()
        .args(["--dry-run"])
        .run()
        .exits(0)
        .is_silent_on_stderr();
    let report = ran.report();
    assert_eq!(report["schema"], "ibsso-token-dry-run/1", "{}", ran.all());
    let expected = json!({
        "state": "sealed",
        "username": "abcde1234",
        "ip": "1.2.3.4",
        "plaintext_bytes": 60,
        "signer_fingerprint": bank.gpg.fingerprints("bank")[0],
        "signing_fingerprint": bank.gpg.fingerprints("bank")[0],
        "signer_expires_at": null,
        "recipient_fingerprint": bank.gpg.fingerprints("ibkr")[0],
        "encryption_fingerprint": bank.gpg.fingerprints("ibkr")[1],
        "recipient_expires_at": null,
        "token_url": bank.standin.token_url(),
        "warnings": [],
    });
    for (key, value) in expected.as_object().expect("an object") {
        assert_eq!(&report[key], value, "{key}: {}", ran.all());
    }
    let size = report["payload_bytes"].as_u64().expect("a number");
    assert!((300..2000).contains(&size), "{}", ran.all());
    let packets = report["packets"].as_array().expect("a list");
    let packets: Vec<&str> = packets.iter().filter_map(Value::as_str).collect();
    let named = [
        "PKESK v3",
        "SEIPD v1",
        "compressed ZIP",
        "one-pass v3",
        "literal b",
    ];
    assert_eq!(packets[..5], named, "{}", ran.all());
    assert!(
        !ran.stdout.contains("hF4D") && ran.stdout.len() < 1500,
        "no payload: {}",
        ran.all()
    );
    assert_eq!(bank.standin.truth()["sso"]["handshakes"], 0);
}

#[test]
fn finds_what_would_be_wrong() {
    let bank = Bank::new();
    let dry = |flags: &[&str]| bank.token().args(["--dry-run"]).args(flags).run();
    refuses(&bank, dry(&["--csid", "file:nowhere"]), 6, "the CSID");
    refuses(
        &bank,
        dry(&["--sign-key", "file:nowhere"]),
        6,
        "the signing key",
    );
    refuses(&bank, dry(&["--recipient", "nowhere"]), 6, "IBKR's key");
    refuses(&bank, dry(&["--ip", "10.0.0.1"]), 2, "--ip");
}
