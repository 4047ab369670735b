//! `pgp:`, with what the real gpg wrote.

use super::{MARKER, chmod, put, tool};
use crate::support::Ran;
use crate::support::gnupg::{Gnupg, Kind, PASSPHRASE};

const ARMOR: &[&str] = &["--armor"];
const BINARY: &[&str] = &[];

/// Runs `get pgp:message` with these files and flags.
fn get(files: &[(&str, &[u8])], flags: &[&str]) -> Ran {
    let tool = tool();
    for (name, bytes) in files {
        put(tool.folder.path(), name, bytes);
    }
    tool.args(["get", "pgp:message"]).args(flags).run()
}

#[track_caller]
fn opens(ran: Ran) {
    let ran = ran.exits(0).is_silent_on_stderr();
    assert_eq!(ran.stdout, format!("{MARKER}\n"), "{}", ran.all());
}

#[track_caller]
fn stays_closed(ran: Ran, sentence: &str) {
    let ran = ran
        .exits(6)
        .is_silent_on_stdout()
        .never_shows(MARKER)
        .never_shows(PASSPHRASE);
    let message = ran.error()["message"].to_string();
    assert!(
        message.contains("opening the value in pgp:message"),
        "{}",
        ran.all()
    );
    assert!(message.contains(sentence), "{sentence}: {}", ran.all());
}

fn opens_what_was_encrypted_to_a_key(kind: Kind) {
    let gpg = Gnupg::new();
    gpg.make_key(kind, "open", false);
    gpg.make_key(kind, "locked", true);
    for form in [ARMOR, BINARY] {
        let (key, message) = (
            gpg.secret_key("open", form),
            gpg.encrypt_to("open", form, MARKER),
        );
        opens(get(
            &[("message", &message), ("key", &key)],
            &["--key", "file:key"],
        ));
    }
    let (key, message) = (
        gpg.secret_key("locked", ARMOR),
        gpg.encrypt_to("locked", BINARY, MARKER),
    );
    let files: &[(&str, &[u8])] = &[
        ("message", &message),
        ("key", &key),
        ("right", PASSPHRASE.as_bytes()),
        ("wrong", b"battery"),
    ];
    opens(get(
        files,
        &["--key", "file:key", "--key-passphrase", "file:right"],
    ));
    stays_closed(
        get(files, &["--key", "file:key"]),
        "none was given (give --key-passphrase REF)",
    );
    let wrong = get(
        files,
        &["--key", "file:key", "--key-passphrase", "file:wrong"],
    );
    stays_closed(wrong, "the passphrase of the key is wrong");
}

#[test]
fn opens_what_was_encrypted_to_an_rsa_key() {
    opens_what_was_encrypted_to_a_key(Kind::Rsa(2048));
}

#[test]
fn opens_what_was_encrypted_to_a_curve_key() {
    opens_what_was_encrypted_to_a_key(Kind::Curve);
}

#[test]
fn opens_what_was_encrypted_with_a_passphrase() {
    let gpg = Gnupg::new();
    for form in [
        ARMOR,
        BINARY,
        &["--compress-algo", "none"],
        &["--compress-algo", "zlib"],
    ] {
        let message = gpg.encrypt_with_passphrase(form, MARKER);
        let files: &[(&str, &[u8])] = &[
            ("message", &message),
            ("right", PASSPHRASE.as_bytes()),
            ("wrong", b"battery"),
        ];
        opens(get(files, &["--passphrase", "file:right"]));
        stays_closed(
            get(files, &["--passphrase", "file:wrong"]),
            "the passphrase is wrong",
        );
    }
}

#[test]
fn opens_what_names_no_recipient_or_several() {
    opens_what_names_no_recipient(Kind::Curve);
}

#[test]
fn opens_what_names_no_recipient_of_several_rsa_keys() {
    opens_what_names_no_recipient(Kind::Rsa(2048));
}

fn opens_what_names_no_recipient(kind: Kind) {
    let gpg = Gnupg::new();
    gpg.make_key(kind, "first", false);
    gpg.make_key(kind, "second", false);
    let key = gpg.secret_key("second", BINARY);
    let hidden = gpg.encrypt_to(
        "second",
        &["--throw-keyids", "--recipient", "first"],
        MARKER,
    );
    opens(get(
        &[("message", &hidden), ("key", &key)],
        &["--key", "file:key"],
    ));
    let signed = gpg.encrypt_to("second", &["--sign", "--recipient", "first"], MARKER);
    opens(get(
        &[("message", &signed), ("key", &key)],
        &["--key", "file:key"],
    ));
}

#[test]
fn says_which_keys_it_does_not_know() {
    let gpg = Gnupg::new();
    gpg.make_primary("trader", "ed25519", "sign", false);
    gpg.add_subkey("trader", "brainpoolP256r1", "encrypt");
    let message = gpg.encrypt_to("trader", BINARY, MARKER);
    let key = gpg.secret_key("trader", BINARY);
    let ran = get(
        &[("message", &message), ("key", &key)],
        &["--key", "file:key"],
    );
    stays_closed(
        ran,
        "of a kind that is not supported (use cmd:gpg --decrypt FILE)",
    );
}

#[test]
fn opens_a_whole_login() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "trader", false);
    let login = format!("{{\"username\":\"trader\",\"password\":\"{MARKER}\"}}\n");
    let tool = tool();
    put(
        tool.folder.path(),
        "login.pgp",
        gpg.encrypt_to("trader", BINARY, &login),
    );
    put(tool.folder.path(), "key", gpg.secret_key("trader", BINARY));
    let ran = tool
        .args(["--login", "pgp:login.pgp", "--key", "file:key"])
        .run()
        .exits(0);
    assert_eq!(ran.report()["password"], MARKER, "{}", ran.all());
}

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
    closed(
        &gpg.encrypt_to("mine", ARMOR, ""),
        with_key,
        "there is nothing in it",
    );
    // Wherever a copy of it was broken off: no more is known of one that has no whole key in it.
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
    // GnuPG 2.2 leaves the check out only for the ciphers of its youth.
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
    // Where the tests' own folders may be in memory, the build's is on a disk.
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
