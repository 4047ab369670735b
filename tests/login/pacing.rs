//! IBKR's limits: ten requests a second to the Web API from all programs together, and one tickle.

use super::bring_up::Started;
use super::*;

/// When IBKR was asked for something by us, in milliseconds.
fn asked_at(standin: &Standin, path: &str) -> Vec<u64> {
    let asked = standin.requests();
    let ours = asked.iter().filter(|asked| {
        let agent = asked["headers"]["user-agent"].as_str().unwrap_or_default();
        asked["part"] == "upstream" && asked["path"] == path && agent.starts_with("ib-tools/")
    });
    ours.map(|asked| asked["at_ms"].as_u64().expect("a number"))
        .collect()
}

#[test]
fn a_login_stays_within_ibkrs_limits_with_either_bring_up() {
    for bring_up in ["brokerage", "java"] {
        // The Gateway waits as long as the shipped one.
        let gateway = Started::with_conf(&["--bring-up", bring_up], |conf| {
            conf.replace("authDelay: 10", "authDelay: 3000")
        });
        gateway.standin.set(&json!({"limits": true}));
        let ran = gateway.login(&[]).exits(0);
        let tickles = asked_at(&gateway.standin, "/v1/api/tickle");
        assert_eq!(tickles.len(), 1, "{bring_up}: {}", ran.all());
        let truth = gateway.standin.truth();
        assert_eq!(truth["beyond_limits"], 0, "{bring_up}: {truth}");
    }
}

#[test]
fn a_session_that_is_slow_to_come_is_asked_for_once_a_second() {
    for bring_up in ["brokerage", "java"] {
        let gateway = Started::with(&["--bring-up", bring_up]);
        gateway
            .standin
            .set(&json!({"bringup": {"established_after_ms": 2500}}));
        gateway.login(&[]).exits(0);
        let at = asked_at(&gateway.standin, "/v1/api/iserver/auth/status");
        // The first comes before the login, the second at once after it, and after our own opening another.
        let polls = &at[if bring_up == "brokerage" { 2 } else { 1 }..];
        assert!(polls.len() >= 3, "{bring_up}: {at:?}");
        let is_a_second = |pair: &[u64]| pair[1] - pair[0] >= 990;
        assert!(polls.windows(2).all(is_a_second), "{bring_up}: {at:?}");
    }
}
