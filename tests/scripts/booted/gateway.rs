//! The Gateway's units, from their own heads: the session comes up by the timer, and a refusal holds.

use super::machine::{Machine, head};
use crate::scripts::network::{STANDIN, UPSTREAM};
use crate::support::slowly;
use serde_json::{Value, json};
use std::thread;
use std::time::Duration;

const GATEWAY: &str = "ibgw@.service";

/// A machine whose units keep an account's session up, set up as the units' head says.
fn with_gateway(password: &str) -> Machine {
    let machine = Machine::boot();
    let standin = STANDIN.join(" ");
    machine.does(&format!("systemd-run --quiet --unit=standin {standin}"));
    machine.does(&format!(
        "ib-standin layout /opt/clientportal.gw --upstream {UPSTREAM}"
    ));
    let further = [
        "IBGW_JAVA=/opt/clientportal.gw/jre/bin/java",
        // A tickle of the Gateway's own, if there were one, would soon come and log out what was dropped.
        "IB_STANDIN_TICKLE_MS=200",
    ];
    machine.follow_head(GATEWAY, &further, &login(password));
    machine
}

fn login(password: &str) -> Value {
    json!({"username": "paperuser", "password": password})
}

#[track_caller]
fn becomes_ready(machine: &Machine, submissions: u64) {
    slowly("a session", || {
        let truth = machine.network.truth();
        (truth["established"] == true && truth["submissions"] == submissions).then_some(())
    });
    slowly("the end of the login", || {
        let state = machine.does("systemctl show --property=ActiveState --value ibgw-login@main");
        (state == "inactive").then_some(())
    });
}

#[test]
fn the_units_bring_a_session_up_and_leave_nothing() {
    let machine = with_gateway("Correct-Horse3");
    // By the timer, its "no", and the login that follows.
    becomes_ready(&machine, 1);
    machine.does("systemctl start ibgw-tickle@main");
    // A dropped brokerage session comes back without the password. Nothing signals that the Gateway sends no tickle.
    machine.network.make("drop-brokerage", &json!({}));
    thread::sleep(Duration::from_secs(1));
    // The timer may have been faster.
    machine.sh("systemctl start ibgw-tickle@main");
    becomes_ready(&machine, 1);
    let logins = machine.does("journalctl --quiet --output=cat --unit=ibgw-login@main");
    assert!(logins.contains(r#""how":"recovered""#), "{logins}");
    machine.does("systemctl start ibgw-tickle@main");
    for line in head("ibgw-health-main.socket") {
        machine.does(&line);
    }
    for path in ["readyz", "livez", "metrics"] {
        let url = format!("http://127.0.0.1:5001/{path}");
        let status =
            machine
                .network
                .curl(&["--output", "/dev/null", "--write-out", "%{http_code}", &url]);
        assert_eq!(status, "200", "{path}");
    }
    let modes =
        machine.does("stat --format='%a %U' /run/ib-tools/main.json /run/ib-tools/main.prom");
    assert_eq!(modes, "600 ibgw\n644 ibgw");
    // Another Gateway has no session, and the next tickle finds that out.
    machine.does("systemctl restart ibgw@main");
    assert_ne!(machine.sh("systemctl start ibgw-tickle@main").status, 0);
    becomes_ready(&machine, 2);
    machine.does("systemctl start ibgw-tickle@main");
    machine.does("systemctl stop ibgw@main");
    assert_eq!(
        machine
            .sh("systemctl is-active ibgw-tickle@main.timer")
            .stdout,
        "inactive\n"
    );
    assert_eq!(machine.processes(), "");
    assert_eq!(machine.does("systemctl --failed --plain --no-legend"), "");
    let journal = machine.does("journalctl --no-pager --quiet");
    assert!(!journal.contains("Correct-Horse3"), "{journal}");
}

#[test]
fn a_refusal_holds_until_a_person_allows_one_more_login() {
    let machine = with_gateway("Wrong-Horse9");
    let failed_logins = || machine.network.truth()["failed_logins"]["paperuser"].clone();
    slowly("the refusal", || {
        let there = machine.sh("test -e /var/lib/ib-tools/main.refused").status;
        (there == 0).then_some(())
    });
    // From here on by hand alone.
    machine.does("systemctl stop ibgw-tickle@main.timer");
    let by_hand = "systemctl start ibgw-login@main";
    assert_ne!(
        machine.sh(by_hand).status,
        0,
        "a person is told that nothing was sent"
    );
    machine.does("rm /var/lib/ib-tools/main.refused");
    assert_ne!(machine.sh(by_hand).status, 0, "the guard holds");
    let status = machine.does("systemctl show --property=ExecMainStatus --value ibgw-login@main");
    assert_eq!(status, "11");
    assert_eq!(failed_logins(), 1);
    let seal = "systemd-creds encrypt --name=login - /etc/credstore.encrypted/ibgw-main.login";
    machine.does(&format!("echo '{}' | {seal}", login("Correct-Horse3")));
    let allow = head("ibgw-login@.service").pop().expect("a command");
    machine.does(&allow);
    becomes_ready(&machine, 2);
    // One login was allowed, and no more.
    machine.does("test ! -e /var/lib/ib-tools/main.force");
    // What a refusal left goes when the session is ready, however it became so.
    machine.does("touch /var/lib/ib-tools/main.refused && systemctl start ibgw-tickle@main");
    machine.does("test ! -e /var/lib/ib-tools/main.refused");
}
