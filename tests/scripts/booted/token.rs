//! The unit that validates a token of DAM SSO.

use super::machine::Machine;
use crate::support::{eventually, slowly};
use crate::validate::{USERNAME, line};
use serde_json::{Value, json};

#[test]
fn a_token_is_validated_by_its_timer() {
    let machine = Machine::boot();
    machine.install();
    machine.does("systemd-run --quiet --unit=standin ib-standin sso --gnupg-home /nonexistent --control-port 8001");
    let announced = eventually("where it listens", || {
        let said = machine
            .sh("journalctl --quiet --output=cat --unit=standin")
            .stdout;
        let mut lines = said.lines();
        lines.find_map(|line| serde_json::from_str::<Value>(line).ok())
    });
    machine
        .network
        .make("issue-token", &json!({"user": USERNAME, "ip": "127.0.0.1"}));
    let token = line(&machine.network.truth()["sso"]["last_token"], "127.0.0.1");
    machine.does(&format!(
        "echo 'IBSSO_API_URL={}' >/etc/ib-tools/main.env",
        announced["api_url"].as_str().expect("a URL")
    ));
    machine.does(&format!(
        "umask 077 && cat >/etc/ib-tools/main.token <<'.'\n{token}.\n"
    ));
    machine.does("systemctl enable --now ibsso-validate@main.timer");
    let validated = || {
        machine
            .sh("journalctl --quiet --output=cat --unit=ibsso-validate@main")
            .stdout
    };
    slowly("a validation", || {
        validated().contains(r#""state":"valid""#).then_some(())
    });
    assert_eq!(machine.does("systemctl --failed --plain --no-legend"), "");
}
