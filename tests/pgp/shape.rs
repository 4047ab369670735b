//! The packets of a payload, as gpg lists them.

use super::{good, recipient, seal, signing_key};
use crate::support::gnupg::{Gnupg, Kind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ib_pgp::Sha1;

#[test]
fn a_payload_has_the_packets_of_gpg() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Rsa(2048), "ibkr", false);
    gpg.make_key(Kind::Rsa(2048), "bank", false);
    let signer = good(signing_key(gpg.secret_key("bank", &[]), None));
    let ibkr = good(recipient(&gpg, "ibkr", Sha1::Refused));
    let payload = seal(&signer, &ibkr);
    let message = STANDARD.decode(payload.base64().expose());
    let message = message.expect("it is base64");
    let listed = gpg.run(&["--list-packets"], &message);
    let listed = String::from_utf8(listed).expect("gpg prints UTF-8");
    let packets: Vec<&str> = listed
        .lines()
        .filter(|line| line.starts_with(':'))
        .collect();
    let recipient = &gpg.fingerprints("ibkr")[1][24..];
    let bank = &gpg.fingerprints("bank")[0];
    let issuer = &bank[24..];
    assert_eq!(
        packets,
        [
            &format!(":pubkey enc packet: version 3, algo 1, keyid {recipient}"),
            ":encrypted data packet:",
            ":compressed packet: algo=1",
            &format!(":onepass_sig packet: keyid {issuer}"),
            ":literal data packet:",
            &format!(":signature packet: algo 1, keyid {issuer}"),
        ],
        "{listed}"
    );
    for (line, count) in [
        ("tag=18 ", 1),
        ("mdc_method: 2", 1),
        ("version 3, sigclass 0x00, digest 10, pubkey 1, last=1", 1),
        ("mode b (62), ", 1),
        (", name=\"\",", 1),
        ("raw data: 60 bytes", 1),
        ("version 4, created ", 1),
        ("digest algo 10, ", 1),
        ("subpkt ", 3),
        (
            &format!("hashed subpkt 33 len 21 (issuer fpr v4 {bank})"),
            1,
        ),
        ("hashed subpkt 2 len 4 (sig created ", 1),
        (&format!("subpkt 16 len 8 (issuer key ID {issuer})"), 1),
    ] {
        assert_eq!(listed.matches(line).count(), count, "{line} in {listed}");
    }
    assert_eq!(
        payload.packets().len(),
        packets.len() + 1,
        "gpg lists no MDC"
    );
}

#[test]
fn two_payloads_of_the_same_plaintext_differ() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "bank", false);
    let signer = good(signing_key(gpg.secret_key("bank", &[]), None));
    let ibkr = good(recipient(&gpg, "bank", Sha1::Refused));
    let (one, two) = (seal(&signer, &ibkr), seal(&signer, &ibkr));
    assert!(one.base64().expose() != two.base64().expose());
}
