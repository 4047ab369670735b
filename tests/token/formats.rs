//! The forms of a token.

use super::{Bank, message, success};
use crate::support::{Ran, binary};
use serde_json::{Value, json};
use std::process::{Command, Stdio};

fn printed(bank: &Bank, format: &str) -> String {
    let ran = bank.token().args(["--format", format]).run();
    ran.exits(0).is_silent_on_stderr().stdout
}

fn last_token(bank: &Bank) -> String {
    let truth = bank.standin.truth();
    let last = &truth["sso"]["last_token"];
    last.as_str().expect("a token").to_owned()
}

#[test]
fn prints_the_token_alone() {
    let bank = Bank::new();
    assert_eq!(printed(&bank, "bare"), format!("{}\n", last_token(&bank)));
}

#[test]
fn prints_the_header_that_curl_takes() {
    let bank = Bank::new();
    let header = printed(&bank, "header");
    assert_eq!(
        header,
        format!("Authorization: Bearer {}\n", last_token(&bank))
    );
    let script = r#""$0" --format header | curl -sS -H @- --cacert ca.pem "$API/sso/validate""#;
    let tool = bank.token().env("API", bank.standin.api_url());
    let ran = tool.in_shell(script).run().exits(0);
    assert_eq!(ran.report()["RESULT"], true, "{}", ran.all());
    assert_eq!(ran.report()["USER_NAME"], "abcde1234", "{}", ran.all());
}

/// The example of the man page: curl fails on a 401.
#[test]
fn a_token_that_is_kept_is_good_for_curl_once_it_is_validated() {
    let bank = Bank::new();
    let ends_with = |exit: i32, script: &str| {
        let validate = binary("ibsso-validate");
        let folder = validate.parent().expect("it has a folder").display();
        let path = std::env::var("PATH").expect("PATH is set");
        let tool = bank.token().env("API", bank.standin.api_url());
        let tool = tool.env("IBSSO_API_URL", bank.standin.api_url());
        let tool = tool.env("PATH", format!("{folder}:{path}"));
        let script =
            format!("set -e; curl() {{ command curl -fsS --cacert ca.pem \"$@\"; }}\n{script}");
        tool.in_shell(&script).run().exits(exit)
    };
    let with_jq = r#"jq -r '"Authorization: Bearer " + .access_token' token.json |
        curl -H @- "$API/portfolio/accounts""#;
    let into_json = r#""$0" --out token.json >/dev/null"#;
    ends_with(22, &format!("{into_json}; {with_jq}"));
    let validate = "ibsso-validate <token.json >/dev/null";
    ends_with(0, &format!("{into_json}; {validate}; {with_jq}"));
    let into_header = r#""$0" --format header --out header >/dev/null"#;
    let call = |path: &str| format!(r#"curl -H @header "$API/{path}" >/dev/null"#);
    let (validate, accounts) = (call("sso/validate"), call("portfolio/accounts"));
    ends_with(22, &format!("{into_header}; {accounts}"));
    ends_with(0, &format!("{into_header}; {validate}; {accounts}"));
}

#[test]
fn prints_ibkrs_own_answer_on_one_line() {
    let bank = Bank::new();
    let body = "{\r\n  \"RESULT\": true ,\n\t\"NEW\": [1.50, \"a b\"],\n\"TOKEN_TYPE\":\"Bearer\", \"ACCESS_TOKEN\":\"a-token\"}\n";
    bank.answers(&[json!({"status": 200, "body": body})]);
    let expected =
        r#"{"RESULT":true,"NEW":[1.50,"a b"],"TOKEN_TYPE":"Bearer","ACCESS_TOKEN":"a-token"}"#;
    assert_eq!(printed(&bank, "upstream"), format!("{expected}\n"));
}

#[test]
fn prints_nothing_that_could_be_taken_for_a_token() {
    let bank = Bank::new();
    bank.standin.set(&json!({"sso": {"usernames": []}}));
    for format in ["bare", "header", "upstream"] {
        let ran = bank.token().args(["--format", format]).run();
        let ran = ran.exits(4).is_silent_on_stdout();
        assert!(
            message(&ran).contains("no token for this username"),
            "{}",
            ran.all()
        );
    }
}

#[test]
fn prints_no_header_but_the_one() {
    let bank = Bank::new();
    for token in ["a\r\nX-Planted: y", "a\nb", "a b", "a\tb", "\u{f6}"] {
        bank.answers(&[json!({"status": 200, "body": success(token), "times": 1})]);
        let ran = bank.token().args(["--format", "header"]).run();
        ran.exits(9).is_silent_on_stdout().never_shows("Planted");
    }
}

#[test]
fn shows_no_token_on_a_terminal_unless_told() {
    let bank = Bank::new();
    let inner = |flags: &str| format!("script -qec \"$0 {flags}\" /dev/null");
    let run = |flags: &str| -> Ran { bank.token().in_shell(&inner(flags)).run() };
    for flags in ["", "--format bare"] {
        let ran = run(flags).exits(2);
        assert!(ran.stdout.contains("--show"), "{}", ran.all());
    }
    assert!(bank.requests().is_empty(), "nothing was sent");
    let ran = run("--format bare --show").exits(0);
    assert!(ran.stdout.contains(&last_token(&bank)), "{}", ran.all());
    // These outputs hold no secret.
    run("--dry-run").exits(0).never_shows("--show");
    run("--out token").exits(0).never_shows(&last_token(&bank));
}

#[test]
fn says_that_its_output_failed() {
    let bank = Bank::new();
    let ran = bank
        .token()
        .in_shell(r#"exec "$0" --format bare >/dev/full"#)
        .run();
    let ran = ran.exits(9).never_shows(&last_token(&bank));
    assert!(message(&ran).contains("No space left"), "{}", ran.all());
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    let mut version = Command::new(binary("ibsso-token"));
    let child = version
        .arg("--version")
        .stdout(writer)
        .stderr(Stdio::piped());
    let output = child
        .spawn()
        .and_then(std::process::Child::wait_with_output);
    let ran = Ran::from_output("--version".to_owned(), output.expect("it runs")).exits(9);
    let error: Value = ran.error();
    assert!(
        error["message"].to_string().contains("Broken pipe"),
        "{error}"
    );
}
