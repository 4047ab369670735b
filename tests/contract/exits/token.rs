//! The column of `ibsso-token`.

use super::assert_column;
use crate::token::Bank;
use serde_json::json;

#[test]
fn ibsso_token_ends_as_the_table_says() {
    let bank = Bank::new();
    let token = |args: &[&str]| bank.token().args(args).run();
    let answered = |answer: serde_json::Value, args: &[&str]| {
        let bank = Bank::new();
        bank.answers(&[answer]);
        bank.token().args(args).run()
    };
    let no_gpg = bank
        .token()
        .env("PATH", "/nonexistent")
        .args(["--self-test"]);
    assert_column(
        "ibsso-token",
        vec![
            (0, token(&[])),
            (0, token(&["--dry-run"])),
            (0, token(&["--self-test"])),
            (2, token(&["--ip", "10.0.0.1"])),
            (4, answered(json!({"status": 401, "body": ""}), &[])),
            (5, no_gpg.run()),
            (6, token(&["--csid", "file:/nonexistent"])),
            (
                7,
                token(&["--token-url", "https://localhost:1/sso/dam/token"]),
            ),
            (8, answered(json!({"mode": "hang"}), &["--timeout", "1s"])),
            (9, answered(json!({"status": 200, "body": "hello"}), &[])),
            (12, answered(json!({"status": 429, "body": ""}), &[])),
        ],
    );
}
