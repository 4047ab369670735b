//! `pgp:`, with messages that do not open, and why.

use super::opening::{ARMOR, BINARY, get, opens, stays_closed};
use super::{MARKER, chmod, put, tool};
use crate::support::gnupg::{Gnupg, Kind, PASSPHRASE};

#[test]
fn says_why_a_file_stays_closed() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "mine", false);
    gpg.make_key(Kind::Curve, "other", false);
    let key = gpg.secret_key("mine", ARMOR);
    let with_key: &[&str] = &["--key", "file:key"];
    let closed = |message: &[u8], flags: &[&str], sentence: &str| {
        let files: &[(&str, &[u8])] = &[
            ("message", message),
            ("key", &key),
            ("word", PASSPHRASE.as_bytes()),
        ];
        stays_closed(get(files, flags), sentence);
    };
    closed(
        &gpg.encrypt_to("other", ARMOR, MARKER),
        with_key,
        "it is encrypted for another key",
    );
    closed(
        &gpg.encrypt_to("mine", ARMOR, MARKER),
        &["--passphrase", "file:word"],
        "give --key REF",
    );
    closed(
        &gpg.encrypt_with_passphrase(ARMOR, MARKER),
        with_key,
        "give --passphrase REF",
    );
    closed(MARKER.as_bytes(), with_key, "it is not an OpenPGP message");
    closed(b"", with_key, "it is not an OpenPGP message");
    closed(&key, with_key, "it is not an OpenPGP message");
    closed(
        &gpg.run(&["--store"], MARKER.as_bytes()),
        with_key,
        "not encrypted",
    );
    closed(
        &gpg.run(&["--sign", "--local-user", "mine"], MARKER.as_bytes()),
        with_key,
        "not encrypted",
    );
    closed(&gpg.encrypt_to("mine", ARMOR, ""), with_key, "it is empty");
    // A copy may break off anywhere. If it has no whole key in it, the tool cannot say more.
    let whole = gpg.encrypt_with_passphrase(BINARY, MARKER);
    for size in 0..whole.len() {
        closed(&whole[..size], &["--passphrase", "file:word"], "");
    }
    let mut damaged = gpg.encrypt_to("mine", BINARY, &MARKER.repeat(50));
    let place = damaged.len() - 30;
    damaged[place] ^= 1;
    closed(&damaged, with_key, "it is damaged");
    damaged.truncate(place - 20);
    closed(&damaged, with_key, "damaged");
    let squeezed = gpg.encrypt_to("mine", &["--compress-algo", "bzip2"], &MARKER.repeat(50));
    closed(&squeezed, with_key, "(gpg --compress-algo zip)");
    let large = "x".repeat(2 << 20);
    closed(
        &gpg.encrypt_to("mine", BINARY, &large),
        with_key,
        "larger than 1 MiB",
    );
}

#[test]
fn refuses_what_carries_no_integrity_check() {
    let gpg = Gnupg::new();
    // GnuPG 2.2 leaves out the integrity check only for its oldest ciphers.
    let plain = gpg.encrypt_with_passphrase(&["--rfc2440", "--cipher-algo", "3DES"], MARKER);
    let files: &[(&str, &[u8])] = &[("message", &plain), ("word", PASSPHRASE.as_bytes())];
    stays_closed(
        get(files, &["--passphrase", "file:word"]),
        "it is not protected as it must be",
    );
}

#[test]
fn refuses_keys_it_cannot_use() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "mine", false);
    let message = gpg.encrypt_to("mine", BINARY, MARKER);
    let public = gpg.public_key("mine");
    for (key, sentence) in [
        (&public[..], "it is a public key"),
        (b"no key", "it is not one OpenPGP key"),
        (b"", "it is not one OpenPGP key"),
    ] {
        let ran = get(
            &[("message", &message), ("key", key)],
            &["--key", "file:key"],
        );
        let ran = ran.exits(6).is_silent_on_stdout().never_shows(MARKER);
        assert!(
            ran.error()["message"].to_string().contains(sentence),
            "{sentence}: {}",
            ran.all()
        );
    }
    let ran = get(&[("message", &message)], &[])
        .exits(2)
        .is_silent_on_stdout();
    assert!(
        ran.error()["message"].to_string().contains("--key REF"),
        "{}",
        ran.all()
    );
}

#[test]
fn refuses_a_secret_key_that_others_can_read() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "mine", false);
    // The tests' own folders may be in memory. The build's folder is on a disk.
    let disk =
        tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made");
    put(disk.path(), "key", gpg.secret_key("mine", BINARY));
    chmod(&disk.path().join("key"), 0o644);
    put(
        disk.path(),
        "message",
        gpg.encrypt_to("mine", BINARY, MARKER),
    );
    chmod(&disk.path().join("message"), 0o644);
    let key = format!("file:{}/key", disk.path().display());
    let message = format!("pgp:{}/message", disk.path().display());
    let ran = tool()
        .args(["get", &message, "--key", &key])
        .run()
        .exits(6)
        .is_silent_on_stdout();
    assert!(
        ran.error()["message"]
            .to_string()
            .contains("others can read the file"),
        "{}",
        ran.all()
    );
    opens(
        tool()
            .args(["get", &message, "--key", &key, "--allow-readable-key"])
            .run(),
    );
}
