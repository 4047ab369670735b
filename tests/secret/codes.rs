//! Codes and seeds.

use super::{MARKER, SEED, tool, tool_with};
use crate::support::{Ran, Tool};
use serde_json::json;

/// A tool whose clock stands still.
fn at(tool: Tool, time: &str) -> Tool {
    tool.clock(time)
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("TZ", "UTC")
}

fn code(time: &str) -> Ran {
    at(tool_with(&[("seed", SEED)]), time)
        .args(["totp", "--totp-seed", "file:seed"])
        .run()
        .exits(0)
}

/// The tool refuses the seed with this sentence, and shows nothing of it.
#[track_caller]
fn is_no_seed(given: &str, sentence: &str) {
    let tool = tool_with(&[("seed", given)]).args(["totp", "--totp-seed", "file:seed"]);
    let ran = tool.run().exits(6).is_silent_on_stdout();
    let ran = ran.never_shows(given).never_shows(SEED).never_shows(MARKER);
    let message = ran.error()["message"].to_string();
    let names_it = message.contains("the TOTP seed from file:seed");
    assert!(
        names_it && message.contains(sentence),
        "{sentence}: {}",
        ran.all()
    );
}

#[test]
fn makes_the_codes_of_rfc_6238() {
    for (time, code_then, left) in [
        ("1970-01-01 00:00:59", "287082", 1),
        ("2005-03-18 01:58:29", "081804", 1),
        ("2005-03-18 01:58:31", "050471", 29),
        ("2009-02-13 23:31:30", "005924", 30),
        ("2033-05-18 03:33:20", "279037", 10),
    ] {
        let ran = code(time);
        let expected = json!({
            "schema": "ibgw-secret-totp/1", "code": code_then, "expires_in_seconds": left, "warnings": [],
        });
        assert_eq!(ran.report(), expected, "{time}: {}", ran.all());
    }
}

#[test]
fn takes_the_seed_from_a_whole_login_without_the_rest() {
    let login = format!("{{\"totp_seed\":\"{SEED}\"}}");
    let ran = tool()
        .args(["totp", "--login", "-"])
        .stdin(login)
        .run()
        .exits(0);
    assert_eq!(
        ran.report()["code"].as_str().map(str::len),
        Some(6),
        "{}",
        ran.all()
    );
}

#[test]
fn accepts_seeds_as_people_copy_them() {
    for (given, plain) in [
        ("gezd gnbv gy3t qojq gezd gnbv gy3t qojq\n", SEED),
        ("GEZDGNBVGY3TQOJQGE======", "GEZDGNBVGY3TQOJQGE"),
        (" mfrgg\n", "MFRGG"),
    ] {
        let ran = tool_with(&[("name", "trader"), ("word", "word"), ("seed", given)])
            .args([
                "--username",
                "file:name",
                "--password",
                "file:word",
                "--totp-seed",
                "file:seed",
            ])
            .run()
            .exits(0);
        assert_eq!(ran.report()["totp_seed"], plain, "{}", ran.all());
    }
}

/// The characters that a page, a QR code, a chat or a word processor adds to a seed: none of them is base32.
#[test]
fn takes_seeds_out_of_what_they_are_wrapped_in() {
    let groups = "GEZD-GNBV\u{a0}GY3T\u{2013}QOJQ GEZD\u{200b}GNBV\tGY3T  QOJQ";
    for given in [
        groups.to_owned(),
        format!("\"{SEED}\""),
        format!("'{SEED}='"),
        format!("\u{201c}{SEED}\u{201d} "),
        format!(" {} \r\n", SEED.to_lowercase()),
        format!("otpauth://totp/Interactive%20Brokers:trader?secret={SEED}&issuer=IBKR"),
        format!("otpauth://totp/trader?secret={SEED}&algorithm=SHA1&digits=6&period=30"),
        format!(
            "OTPAUTH://TOTP/x?Secret={}%3D%3D&digits=6&Algorithm=sha1",
            SEED.to_lowercase()
        ),
        format!("otpauth://totp/?issuer=x&secret=GEZD+{}", &SEED[4..]),
        format!("\"otpauth://totp/x?secret={SEED}\""),
        format!("\u{200b}otpauth://totp/x?secret={SEED}\n"),
    ] {
        let files = [
            ("name", "trader"),
            ("word", "word"),
            ("seed", given.as_str()),
        ];
        let parts = ["--username", "file:name", "--password", "file:word"];
        let ran = tool_with(&files).args(parts);
        let ran = ran.args(["--totp-seed", "file:seed"]).run().exits(0);
        assert_eq!(ran.report()["totp_seed"], SEED, "{given}: {}", ran.all());
    }
    // A seed in a whole login is treated in the same way.
    let login = format!(r#"{{"totp_seed":"otpauth://totp/x?secret={SEED}"}}"#);
    let ran = tool().args(["totp", "--login", "-"]).stdin(login).run();
    ran.exits(0);
}

#[test]
fn names_what_is_no_seed_for_ibkr() {
    let otpauth = |rest: &str| format!("otpauth://totp/x?secret={SEED}&{rest}");
    for (given, sentence) in [
        (otpauth("digits=8"), "codes without six digits (digits)"),
        (otpauth("digits=06"), "codes without six digits (digits)"),
        (otpauth("period=60"), "do not last 30 seconds (period)"),
        (
            otpauth("algorithm=SHA256"),
            "not made with SHA1 (algorithm)",
        ),
        (otpauth("secret=GEZDGNBV"), "two secrets"),
        (otpauth("issuer=Steam"), "a seed of Steam"),
        (
            format!("otpauth://totp/Steam:x?secret={SEED}"),
            "a seed of Steam",
        ),
        (format!("steam://{SEED}"), "a seed of Steam"),
        (
            format!("otpauth://hotp/x?secret={SEED}&counter=1"),
            "codes that are counted",
        ),
        (format!("otpauth://totp/x?seed={SEED}"), "without a secret"),
        ("otpauth://totp/x?secret=".to_owned(), "without a secret"),
        (
            format!("otpauth://totp/x?secret={SEED}1"),
            "secret of the otpauth address: character 33 is not base32",
        ),
        (
            format!("otpauth-migration://offline?data={SEED}"),
            "an export of Google Authenticator",
        ),
        (
            format!("https://example.org/?secret={SEED}"),
            "an address that is not an otpauth address",
        ),
        ("234567".to_owned(), "it is a code, not the seed"),
        ("901 234".to_owned(), "it is a code, not the seed"),
        ("12345678".to_owned(), "it is a code, not the seed"),
    ] {
        is_no_seed(&given, sentence);
    }
}

#[test]
fn refuses_a_malformed_seed_with_the_position() {
    for (seed, sentence) in [
        (format!("{SEED}{MARKER}"), "character 43 is not base32"),
        ("GEZD GNB1".to_owned(), "character 9 is not base32"),
        ("GEZDÄ".to_owned(), "character 5 is not base32"),
        ("GEZDGNBVGY3".to_owned(), "it is cut short"),
        ("====".to_owned(), "it is cut short"),
    ] {
        is_no_seed(&seed, sentence);
    }
}
