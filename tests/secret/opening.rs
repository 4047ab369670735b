//! `pgp:`, with what the real gpg wrote.

use super::{MARKER, put, tool};
use crate::support::Ran;
use crate::support::gnupg::{Gnupg, Kind, PASSPHRASE};

pub const ARMOR: &[&str] = &["--armor"];
pub const BINARY: &[&str] = &[];

/// Runs `get pgp:message` with these files and flags.
pub fn get(files: &[(&str, &[u8])], flags: &[&str]) -> Ran {
    let tool = tool();
    for (name, bytes) in files {
        put(tool.folder.path(), name, bytes);
    }
    tool.args(["get", "pgp:message"]).args(flags).run()
}

#[track_caller]
pub fn opens(ran: Ran) {
    let ran = ran.exits(0).is_silent_on_stderr();
    assert_eq!(ran.stdout, format!("{MARKER}\n"), "{}", ran.all());
}

#[track_caller]
pub fn stays_closed(ran: Ran, sentence: &str) {
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
