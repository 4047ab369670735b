//! Where the token comes from, and which are refused before anything is sent.

use super::{Device, VALIDATE, line, message, says};
use crate::support::Tool;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// One request, with exactly one bearer, wherever the token comes from.
#[test]
fn sends_one_bearer_wherever_it_comes_from() {
    let device = Device::new();
    device
        .standin
        .set(&json!({"sso": {"pace_validate": false}}));
    for form in [
        device.token.clone(),
        format!("{}\n", device.token),
        device.line(),
    ] {
        let file = device.state.path().join("token");
        fs::write(&file, &form).expect("it can be written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("it can be set");
        let path = file.to_str().expect("a path").to_owned();
        for tool in [
            device.tool_without_token().stdin(form.clone()),
            device
                .tool_without_token()
                .args(["--token", "-"])
                .stdin(form.clone()),
            device
                .tool_without_token()
                .args(["--token", &format!("file:{path}")]),
            device
                .tool_without_token()
                .args(["--token", &format!("cmd:cat {path}")]),
            device
                .tool_without_token()
                .args(["--token", "fd:7"])
                .in_shell(&format!(r#"exec "$0" "$@" 7<{path}"#)),
            device
                .tool_without_token()
                .args(["--token", "cred:token"])
                .env("CREDENTIALS_DIRECTORY", device.state.path()),
            device
                .tool_without_token()
                .env("IBSSO_TOKEN", format!("file:{path}")),
        ] {
            // Each run has to ask anew.
            let _ = fs::remove_dir_all(device.state.path().join("sso"));
            says(tool.run(), "valid", 0);
        }
    }
    let requests = device.standin.requests();
    assert_eq!(requests.len(), 21);
    for request in requests {
        let headers = &request["headers"];
        // Two of them would be joined by a comma.
        assert_eq!(headers["authorization"], format!("Bearer {}", device.token));
        let agent = format!("ib-tools/{}", env!("CARGO_PKG_VERSION"));
        assert_eq!(headers["user-agent"], agent);
        assert_eq!(request["method"], "GET");
        assert_eq!(request["path"], "/v1/api/sso/validate");
    }
}

#[test]
fn warns_of_a_token_in_the_environment() {
    let device = Device::new();
    let tool = device.tool_without_token().args(["--token", "env:PLANTED"]);
    let ran = tool.env("PLANTED", &device.token).run();
    let report = says(ran, "valid", 0);
    assert_eq!(report["warnings"], json!(["secret_in_environment"]));
}

/// A token that no header can hold meets no connection.
#[test]
fn refuses_a_token_that_no_header_can_hold_before_any_connection() {
    let device = Device::new();
    for token in [
        "planted\rX-Evil: 1",
        "planted\nX-Evil: 1",
        "planted\r\n\r\n",
        "planted\n\n",
        "planted token",
        "planted\t",
        "planted\u{7f}",
        "planted\0",
        "plant\u{e4}d",
        " planted",
        "Authorization: Bearer planted",
    ] {
        for form in [token.to_owned(), line(&json!(token), super::IP)] {
            let ran = device.tool_without_token().stdin(form).run();
            let ran = ran.exits(6).is_silent_on_stdout().never_shows("planted");
            assert!(message(&ran).contains("cannot be sent"), "{}", ran.all());
        }
    }
    for token in [json!(""), json!(" ")] {
        let ran = device
            .tool_without_token()
            .stdin(line(&token, super::IP))
            .run();
        ran.exits(6).is_silent_on_stdout().error();
    }
    assert_eq!(device.handshakes(), 0);
}

#[test]
fn says_what_is_wrong_with_its_input() {
    let device = Device::new();
    let failed = json!({"schema": "ib-error/1", "tool": "ibsso-token", "error": "refused", "exit": 4, "retry": false,
        "retry_after_seconds": null, "message": "asking the token host: 401 Authentication Error"});
    for (input, words) in [
        (String::new(), "empty"),
        ("\n".to_owned(), "empty"),
        (
            failed.to_string(),
            "ibsso-token failed: asking the token host: 401 Authentication Error",
        ),
        (line(&Value::Null, super::IP), "no access_token"),
        (
            json!({"schema": "ibgw-secret/1", "password": "planted"}).to_string(),
            "ibgw-secret/1",
        ),
        (json!({"access_token": "planted"}).to_string(), "no schema"),
        (
            r#"{"schema":"ibsso-token/1","access_token":"planted"#.to_owned(),
            "ibsso-token/1",
        ),
    ] {
        let ran = device.tool_without_token().stdin(input.clone()).run();
        let ran = ran.exits(6).is_silent_on_stdout().never_shows("planted");
        assert!(message(&ran).contains(words), "{input}: {}", ran.all());
    }
    assert_eq!(device.handshakes(), 0);
}

/// No flag and no variable takes the token itself.
#[test]
fn takes_no_token_from_the_command_line() {
    let token = "eyJ0eXAiOiJKV1QifQ.planted";
    for tool in [
        Tool::new("ibsso-validate").args(["--token", token]),
        Tool::new("ibsso-validate").args([token]),
        Tool::new("ibsso-validate").env("IBSSO_TOKEN", token),
    ] {
        let ran = tool.run().exits(2).is_silent_on_stdout();
        ran.never_shows("planted").error();
    }
}

#[test]
fn names_a_program_that_is_not_installed() {
    let device = Device::new();
    let tool = device
        .tool_without_token()
        .args(["--token", "cmd:no-such-program-anywhere"]);
    tool.run().exits(5).is_silent_on_stdout().error();
    assert_eq!(device.asked(), [""; 0]);
}

#[test]
fn waits_for_the_tool_before_it_in_the_pipe() {
    let device = Device::new();
    let line = device.state.path().join("line");
    fs::write(&line, device.line()).expect("it can be written");
    let script = format!(r#"{{ sleep 0.3; cat '{}'; }} | "$0" "$@""#, line.display());
    says(
        device.tool_without_token().in_shell(&script).run(),
        "valid",
        0,
    );
    assert_eq!(device.asked(), [VALIDATE]);
}
