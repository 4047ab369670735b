//! `pgp:`, with what the real gpg wrote.

use super::{MARKER, put, tool};
use crate::support::Ran;
use crate::support::gnupg::{Gnupg, Kind, PASSPHRASE};

pub(crate) const ARMOR: &[&str] = &["--armor"];
pub(crate) const BINARY: &[&str] = &[];

/// Runs `get pgp:message` with these files and flags.
pub(crate) fn get(files: &[(&str, &[u8])], flags: &[&str]) -> Ran {
    let tool = tool();
    for (name, bytes) in files {
        put(tool.folder.path(), name, bytes);
    }
    tool.args(["get", "pgp:message"]).args(flags).run()
}

#[track_caller]
pub(crate) fn opens(ran: Ran) {
    let ran = ran.exits(0).is_silent_on_stderr();
    assert_eq!(ran.stdout, format!("{MARKER}\n"), "{}", ran.all());
}

#[track_caller]
pub(crate) fn stays_closed(ran: Ran, sentence: &str) {
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

/// Packet 20, the form of gpg 2.3 and later for their own keys. This gpg cannot make it, so its packet gets that
/// number.
fn as_packet_20(mut message: Vec<u8>) -> Vec<u8> {
    let first = match message[0] & 3 {
        0 => 2 + usize::from(message[1]),
        _ => 3 + usize::from(u16::from_be_bytes([message[1], message[2]])),
    };
    assert_eq!(
        message[first],
        0xc0 | 18,
        "the second packet is the encrypted one"
    );
    message[first] = 0xc0 | 20;
    message
}

/// "Encrypt it again" would be no help: GnuPG would make the same form (open-keychain#2900,
/// Android-Password-Store#2586).
#[test]
fn says_of_gnupgs_own_form_that_it_is_one_and_what_works() {
    use base64::Engine;
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "mine", false);
    let key = gpg.secret_key("mine", ARMOR);
    let to_key = as_packet_20(gpg.encrypt_to("mine", BINARY, MARKER));
    let with_passphrase = as_packet_20(gpg.encrypt_with_passphrase(BINARY, MARKER));
    // gpg puts a packet of version 5 with OCB before it: 11 bytes of S2K, 15 of nonce, 48 of key and tag.
    let version_5 = [
        &[0xc3, 77, 5, 9, 2, 3, 8][..],
        &[7; 8],
        &[0xe0],
        &[7; 15 + 48],
        &with_passphrase[15..],
    ]
    .concat();
    let base64 = base64::engine::general_purpose::STANDARD.encode(&to_key);
    let armored = format!("-----BEGIN PGP MESSAGE-----\n\n{base64}\n-----END PGP MESSAGE-----\n");
    for message in [
        &to_key[..],
        armored.as_bytes(),
        &with_passphrase,
        &version_5,
    ] {
        let files: &[(&str, &[u8])] = &[
            ("message", message),
            ("key", &key),
            ("word", PASSPHRASE.as_bytes()),
        ];
        let ran = get(files, &["--key", "file:key", "--passphrase", "file:word"]);
        for sentence in [
            "GnuPG's own OCB form",
            "gpg --rfc4880 -e",
            "cmd:gpg --decrypt FILE",
        ] {
            stays_closed(
                get(files, &["--key", "file:key", "--passphrase", "file:word"]),
                sentence,
            );
        }
        assert!(!ran.stderr.contains("2.2 or later"), "{}", ran.all());
    }
}

/// For some curves GnuPG makes keys of version 5, which neither gpg 2.2 nor other programs read.
#[test]
fn says_of_a_key_of_gnupgs_version_5_that_it_is_one() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "mine", false);
    let message = gpg.encrypt_to("mine", BINARY, MARKER);
    // Tag 5 and 6, version 5, a time, EdDSA, four bytes of material, and a user id.
    let key = |tag: u8| {
        let body = [5, 0x60, 0, 0, 0, 22, 0, 0, 0, 4, 1, 2, 3, 4];
        [&[0xc0 | tag, 14][..], &body, &[0xcd, 1, b'x']].concat()
    };
    let files: &[(&str, &[u8])] = &[("message", &message), ("key", &key(5))];
    let ran = get(files, &["--key", "file:key"])
        .exits(6)
        .is_silent_on_stdout();
    let sentence =
        "it is not a key of version 4, and GnuPG 2.2 reads no other (gpg --quick-generate-key";
    assert!(ran.stderr.contains(sentence), "{}", ran.all());
    let tool = tool();
    put(tool.folder.path(), "key", key(6));
    let seal = ["seal", "--recipient", "key", "--out", "sealed"];
    let ran = tool.args(seal).stdin("word").run().exits(6);
    assert!(ran.stderr.contains(sentence), "{}", ran.all());
}
