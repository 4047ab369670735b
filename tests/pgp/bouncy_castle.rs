//! Payloads, opened by BouncyCastle, which services in Java use.

use super::{PLAINTEXT, good, recipient, seal, signing_key};
use crate::support::gnupg::Gnupg;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ib_pgp::Sha1;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

const JARS: &str = "/usr/share/java/bcpg.jar:/usr/share/java/bcprov.jar";

/// The answers of the careful and of the naive receiver, in turn, for each payload.
fn receive(folder: &Path, cases: &[&str]) -> Vec<Value> {
    let mut java = Command::new("java");
    java.args(["-XX:TieredStopAtLevel=1", "-cp", JARS])
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/bouncycastle/Receiver.java"
        ))
        .args(cases)
        .current_dir(folder);
    let output = java
        .output()
        .expect("java starts (apt-get install default-jdk libbcpg-java)");
    let printed = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{java:?}: {}\n{printed}\n{said}",
        output.status
    );
    let lines = printed.lines().map(serde_json::from_str);
    let lines: Result<Vec<Value>, _> = lines.collect();
    lines.unwrap_or_else(|error| panic!("{java:?}: {error}\n{printed}\n{said}"))
}

fn put(folder: &Path, [payload, recipient, signer]: [&[u8]; 3]) {
    fs::create_dir(folder).expect("a folder can be made");
    for (name, bytes) in [
        ("payload", payload),
        ("recipient", recipient),
        ("signer", signer),
    ] {
        fs::write(folder.join(name), bytes).expect("a file can be written");
    }
}

#[test]
fn bouncy_castle_opens_payloads_of_all_kinds_of_keys() {
    let gpg = Gnupg::new();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let cases = [
        ("rsa2048", "rsa2048"),
        ("rsa3072", "rsa3072"),
        ("rsa4096", "rsa4096"),
        ("ed25519", "cv25519"),
    ];
    for (signing, encryption) in cases {
        let (bank, ibkr) = (format!("bank {signing}"), format!("ibkr {signing}"));
        gpg.make_primary(&bank, signing, "sign", false);
        gpg.make_primary(&ibkr, "ed25519", "cert", false);
        gpg.add_subkey(&ibkr, encryption, "encr");
        let signer = good(signing_key(gpg.secret_key(&bank, &[]), None));
        let payload = seal(&signer, &good(recipient(&gpg, &ibkr, Sha1::Refused)));
        put(
            &folder.path().join(signing),
            [
                payload.base64().expose(),
                &gpg.secret_key(&ibkr, &[]),
                &gpg.public_key(&bank),
            ],
        );
    }
    let said = receive(folder.path(), &cases.map(|(signing, _)| signing));
    assert_eq!(said.len(), 2 * cases.len(), "{said:#?}");
    for (index, line) in said.iter().enumerate() {
        let expected = json!({
            "folder": cases[index / 2].0, "naive": index % 2 == 1, "error": null, "text": STANDARD.encode(PLAINTEXT),
            "signed": true, "intact": true, "compressed": true,
        });
        assert_eq!(*line, expected, "{said:#?}");
    }
}

#[test]
fn the_naive_receiver_stumbles_over_what_is_not_compressed() {
    let gpg = Gnupg::new();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    gpg.make_primary("bank", "rsa2048", "sign,encr", false);
    let sealed = gpg.run(
        &[
            "--compress-algo",
            "none",
            "-u",
            "bank",
            "-r",
            "bank",
            "--sign",
            "--encrypt",
        ],
        PLAINTEXT.as_bytes(),
    );
    put(
        &folder.path().join("plain"),
        [
            STANDARD.encode(sealed).as_bytes(),
            &gpg.secret_key("bank", &[]),
            &gpg.public_key("bank"),
        ],
    );
    let said = receive(folder.path(), &["plain"]);
    assert_eq!(said[0]["signed"], true, "{said:#?}");
    assert_eq!(said[0]["compressed"], false, "{said:#?}");
    assert_eq!(said[1]["error"], "ClassCastException", "{said:#?}");
}
