//! The column of `ibsso-validate`.

use super::assert_column;
use crate::validate::Device;
use serde_json::json;

#[test]
fn ibsso_validate_ends_as_the_table_says() {
    let run = |args: &[&str]| Device::new().tool().args(args).run();
    let answered = |path: &str, answer: serde_json::Value, args: &[&str]| {
        Device::answering(path, answer).tool().args(args).run()
    };
    let validated = |answer: serde_json::Value| answered("/sso/validate", answer, &[]);
    let down = Device::with(&["--tls", "closes"]);
    let competing =
        json!({"authenticated": true, "connected": true, "established": true, "competing": true});
    let missing = Device::new();
    let missing = missing
        .tool_without_token()
        .args(["--token", "cmd:no-such-program-anywhere"]);
    assert_column(
        "ibsso-validate",
        vec![
            (0, run(&[])),
            (0, run(&["--brokerage", "--tickle"])),
            (1, validated(json!({"status": 401}))),
            (2, run(&["--timeout", "30"])),
            (4, validated(json!({"status": 403, "body": "<html>"}))),
            (5, missing.run()),
            (
                6,
                run(&["--brokerage", "--init-path", "/iserver/auth/ssodh/init"]),
            ),
            (7, down.tool().run()),
            (
                8,
                answered(
                    "/sso/validate",
                    json!({"mode": "hang"}),
                    &["--timeout", "1s"],
                ),
            ),
            (9, validated(json!({"status": 200, "body": "hello"}))),
            (
                10,
                answered(
                    "/iserver/ssodh/init",
                    json!({"status": 200, "body": competing}),
                    &["--brokerage"],
                ),
            ),
            (12, validated(json!({"status": 429}))),
        ],
    );
}
