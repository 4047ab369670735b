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

#[test]
fn refuses_a_malformed_seed_with_the_position() {
    for (seed, sentence) in [
        (format!("{SEED}{MARKER}"), "character 39 is not base32"),
        ("GEZD GNB1".to_owned(), "character 9 is not base32"),
        ("GEZDÄ".to_owned(), "character 5 is not base32"),
        ("GEZDGNBVGY3".to_owned(), "it is cut short"),
        ("====".to_owned(), "it is cut short"),
    ] {
        let ran = tool_with(&[("seed", &seed)])
            .args(["totp", "--totp-seed", "file:seed"])
            .run()
            .exits(6);
        let ran = ran
            .is_silent_on_stdout()
            .never_shows(&seed)
            .never_shows(MARKER);
        let message = ran.error()["message"].to_string();
        assert!(
            message.contains("the TOTP seed from file:seed"),
            "{}",
            ran.all()
        );
        assert!(message.contains(sentence), "{sentence}: {}", ran.all());
    }
}
