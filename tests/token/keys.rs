//! Keys that work, and keys that are refused before anything is sent.

use super::{Bank, Kind, chmod, put, refuses, says};
use crate::support::Tool;
use crate::support::gnupg::PASSPHRASE;
use std::collections::BTreeSet;
use std::fs;

fn with_recipient(bank: &Bank, name: &str) -> Tool {
    bank.token_with(&bank.gpg.secret_key("bank", &[]), name)
}

#[test]
fn refuses_a_key_of_ibkrs_for_seven_reasons_and_sends_nothing() {
    let bank = Bank::new();
    let gpg = &bank.gpg;
    gpg.make_expired_key("expired");
    gpg.make_key(Kind::Curve, "revoked", false);
    gpg.revoke("revoked");
    let sha1 = ["--cert-digest-algo", "SHA1"];
    gpg.make_key_at("20190101T000000", Kind::Curve, "old", "0", &sha1);
    gpg.make_key(Kind::Rsa(1024), "weak", false);
    gpg.make_key(Kind::Dsa, "elgamal", false);
    let mut said = BTreeSet::new();
    let mut refused = |tool: Tool, words: &str| {
        let ran = tool.run();
        said.insert(super::message(&ran));
        refuses(&bank, ran, 6, words);
    };
    refused(with_recipient(&bank, "expired"), "2020-01-02");
    refused(with_recipient(&bank, "revoked"), "revoked");
    refused(with_recipient(&bank, "old"), "--allow-sha1-key");
    refused(with_recipient(&bank, "weak"), "1024");
    refused(with_recipient(&bank, "elgamal"), "ElGamal");
    let tool = bank.token();
    put(tool.folder.path(), "ibkr.asc", gpg.secret_key("ibkr", &[]));
    refused(tool, "secret");
    let other = bank
        .token()
        .args(["--recipient-fpr", &gpg.fingerprints("bank")[0]]);
    refused(other, &gpg.fingerprints("ibkr")[0]);
    assert_eq!(said.len(), 7, "{said:#?}");
}

#[test]
fn takes_sha1_only_when_told_to_and_only_for_the_pinned_key() {
    let bank = Bank::new();
    let sha1 = ["--cert-digest-algo", "SHA1"];
    bank.gpg
        .make_key_at("20190101T000000", Kind::Curve, "old", "0", &sha1);
    let tool = with_recipient(&bank, "old").args(["--allow-sha1-key"]);
    let other = &bank.gpg.fingerprints("ibkr")[0];
    refuses(&bank, tool.args(["--recipient-fpr", other]).run(), 6, other);
    let tool = with_recipient(&bank, "old").args(["--allow-sha1-key"]);
    says(tool.run(), "issued", 0);
}

#[test]
fn wants_forty_digits_with_or_without_blanks() {
    let bank = Bank::new();
    let whole = bank.gpg.fingerprints("ibkr").swap_remove(0);
    for part in [
        "",
        &whole[24..],
        &whole[1..],
        "trader@example.com",
        &format!("G{}", &whole[1..]),
    ] {
        let ran = bank.token().args([format!("--recipient-fpr={part}")]).run();
        refuses(&bank, ran, 2, "--recipient-fpr");
    }
    let spaced = whole.as_bytes().chunks(4).map(String::from_utf8_lossy);
    let spaced = spaced.collect::<Vec<_>>().join(" ").to_lowercase();
    let tool = bank.token().args(["--recipient-fpr", &spaced]);
    says(tool.run(), "issued", 0);
}

#[test]
fn signs_with_every_kind_of_key_that_gpg_makes() {
    let bank = Bank::new();
    let gpg = &bank.gpg;
    for bits in [2048, 3072, 4096] {
        gpg.make_key(Kind::Rsa(bits), &format!("rsa{bits}"), false);
    }
    gpg.make_key(Kind::Dsa, "dsa", false);
    gpg.make_key(Kind::Curve, "parted", false);
    gpg.add_subkey("parted", "ed25519", "sign");
    let subkey = gpg.fingerprints("parted").pop().expect("a subkey");
    for (name, key, signed_by) in [
        ("rsa2048", gpg.secret_key("rsa2048", &[]), None),
        ("rsa3072", gpg.secret_key("rsa3072", &["--armor"]), None),
        ("rsa4096", gpg.secret_key("rsa4096", &[]), None),
        ("dsa", gpg.secret_key("dsa", &[]), None),
        (
            "parted",
            gpg.secret_key("parted", &[]),
            Some(subkey.clone()),
        ),
        ("parted", gpg.secret_subkeys("parted"), Some(subkey)),
    ] {
        let report = says(bank.token_with(&key, "ibkr").run(), "issued", 0);
        let warnings = if name == "dsa" {
            &["weak_signing_key"][..]
        } else {
            &[]
        };
        assert_eq!(report["warnings"], serde_json::json!(warnings), "{name}");
        let requests = bank.requests();
        let found = &requests.last().expect("a request")["gnupg"]["fingerprint"];
        let expected = signed_by.unwrap_or_else(|| gpg.fingerprints(name).swap_remove(0));
        assert_eq!(found, expected.as_str(), "{name}");
    }
}

#[test]
fn unlocks_a_key_and_asks_no_person() {
    let bank = Bank::new();
    bank.gpg.make_key(Kind::Curve, "locked", true);
    let key = bank.gpg.secret_key("locked", &[]);
    let locked = |word: Option<&str>| {
        let tool = bank.token_with(&key, "ibkr");
        let Some(word) = word else {
            return tool.run();
        };
        put(tool.folder.path(), "word", word);
        tool.args(["--passphrase", "file:word"]).run()
    };
    let wrong = locked(Some("planted-wrong")).never_shows("planted");
    refuses(&bank, wrong, 6, "wrong passphrase");
    refuses(&bank, locked(None), 6, "passphrase");
    let ran = locked(Some(&format!("{PASSPHRASE}\n"))).never_shows(PASSPHRASE);
    says(ran, "issued", 0);
}

#[test]
fn refuses_an_invalid_signing_key() {
    let bank = Bank::new();
    bank.gpg.make_expired_key("expired");
    for (key, words) in [
        (bank.gpg.secret_key("expired", &[]), "2020-01-02"),
        (bank.gpg.public_key("bank"), "public"),
        (b"planted".to_vec(), "OpenPGP"),
        (Vec::new(), "OpenPGP"),
    ] {
        let ran = bank.token_with(&key, "ibkr").run().never_shows("planted");
        refuses(&bank, ran, 6, words);
    }
}

#[test]
fn refuses_a_key_and_a_passphrase_that_others_can_read() {
    let bank = Bank::new();
    let disk = tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    bank.gpg.make_key(Kind::Curve, "locked", true);
    put(disk.path(), "key", bank.gpg.secret_key("locked", &[]));
    put(disk.path(), "word", PASSPHRASE);
    let [key, word] = ["key", "word"].map(|name| disk.path().join(name));
    let [from_key, from_word] = [&key, &word].map(|path| format!("file:{}", path.display()));
    let tool = || {
        let tool = bank.token().args(["--sign-key", &from_key]);
        tool.args(["--passphrase", &from_word])
    };
    for file in [&key, &word] {
        chmod(file, 0o640);
        refuses(&bank, tool().run(), 6, "others can read the file");
        chmod(file, 0o600);
    }
    chmod(&key, 0o644);
    let report = says(tool().args(["--allow-readable-key"]).run(), "issued", 0);
    assert_eq!(
        report["warnings"],
        serde_json::json!(["readable_by_others"])
    );
}

#[test]
fn warns_of_keys_that_expire_within_30_days() {
    let bank = Bank::new();
    for (name, days) in [("soon", "20d"), ("later", "40d")] {
        let now = ib_cli::time(std::time::SystemTime::now()).replace(['-', ':'], "");
        bank.gpg
            .make_key_at(now.trim_end_matches('Z'), Kind::Curve, name, days, &[]);
    }
    for (name, warnings) in [
        (
            "soon",
            &["recipient_key_expires_soon", "signing_key_expires_soon"][..],
        ),
        ("later", &[]),
    ] {
        let key = bank.gpg.secret_key(name, &[]);
        let report = says(bank.token_with(&key, name).run(), "issued", 0);
        assert_eq!(report["warnings"], serde_json::json!(warnings), "{name}");
    }
}

#[test]
fn says_which_file_is_not_there() {
    let bank = Bank::new();
    for (flag, place) in [
        ("--recipient", "nowhere.asc"),
        ("--sign-key", "file:nowhere.key"),
        ("--csid", "file:nowhere.csid"),
        ("--cacert", "nowhere.pem"),
    ] {
        let ran = bank.token().args([flag, place]).run();
        refuses(&bank, ran, 6, "nowhere");
    }
    let tool = bank.token();
    fs::write(tool.folder.path().join("csid"), "").expect("it can be emptied");
    refuses(&bank, tool.run(), 6, "the CSID");
}

/// Sent unchanged, each would be another CSID than IBKR issued.
#[test]
fn refuses_a_csid_or_a_passphrase_that_is_not_one_line() {
    let bank = Bank::new();
    let marker = "Mk7~b3c1~Qz9";
    for (bytes, words) in [
        (format!("{marker}\nsecond\n"), "line end inside"),
        (format!("{marker}\rsecond"), "carriage return inside"),
        (format!("{marker}\0"), "NUL inside"),
        (format!("\u{feff}{marker}"), "byte order mark"),
        (format!("{marker} \n"), "begins or ends with a blank"),
        (format!("\t{marker}"), "begins or ends with a blank"),
    ] {
        let tool = bank.token();
        put(tool.folder.path(), "csid", &bytes);
        let ran = tool.run().never_shows(marker);
        refuses(&bank, ran, 6, words);
        // A blank may well be a part of a passphrase.
        if !words.ends_with("blank") {
            let tool = bank.token().args(["--passphrase", "file:word"]);
            put(tool.folder.path(), "word", &bytes);
            let ran = tool.run().never_shows(marker);
            refuses(&bank, ran, 6, words);
        }
    }
}
