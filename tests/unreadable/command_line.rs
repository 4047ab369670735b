//! A secret in the wrong place of a command line, or in the wrong variable, is not shown either.

use super::readers::PASSWORD;
use crate::support::Tool;

#[test]
fn no_value_is_repeated() {
    for (tool, flag, variable) in [
        ("ibgw-start", "--kind", "IBGW_KIND"),
        ("ibgw-start", "--port", "IBGW_PORT"),
        ("ibgw-start", "--tls-key", "IBGW_TLS_KEY"),
        ("ibgw-login", "--mode", "IBGW_MODE"),
        ("ibgw-login", "--timeout", "IBGW_TIMEOUT"),
        ("ibgw-login", "--code-from", "IBGW_CODE_FROM"),
        ("ibgw-secret", "--mode", "IBGW_MODE"),
        ("ibgw-secret", "--password", "IBGW_PASSWORD"),
        ("ibgw-tickle", "--max-age", "IBGW_MAX_AGE"),
        ("ibsso-token", "--format", "IBSSO_FORMAT"),
        ("ibsso-token", "--recipient-fpr", "IBSSO_RECIPIENT_FPR"),
        ("ibsso-token", "--csid", "IBSSO_CSID"),
        ("ibsso-validate", "--format", "IBSSO_FORMAT"),
        ("ibsso-validate", "--token", "IBSSO_TOKEN"),
    ] {
        for tool in [
            Tool::new(tool).args([flag, PASSWORD]),
            Tool::new(tool).env(variable, PASSWORD),
        ] {
            let ran = tool.run().exits(2).is_silent_on_stdout();
            let ran = ran.never_shows(PASSWORD);
            let message = ran.error()["message"].to_string();
            assert!(message.contains(flag), "{variable}: {}", ran.all());
        }
    }
}

#[test]
fn no_value_of_a_flag_that_takes_none_is_repeated() {
    for (tool, flag) in [
        ("ibgw-start", "--stop"),
        ("ibgw-start", "--check"),
        ("ibgw-login", "--status"),
        ("ibgw-secret", "--show"),
        ("ibsso-token", "--dry-run"),
        ("ibsso-validate", "--tickle"),
    ] {
        let value = format!("{flag}={PASSWORD}");
        let ran = Tool::new(tool).args([&value]).run().exits(2);
        let message = ran.never_shows(PASSWORD).error()["message"].to_string();
        assert!(message.contains(flag), "{tool}: {message}");
    }
}
