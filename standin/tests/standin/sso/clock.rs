//! Two clocks that run apart: the token's and the brokerage session's.

use super::Hosts;
use serde_json::json;

#[test]
fn closes_an_idle_brokerage_session_and_keeps_the_token() {
    let hosts = Hosts::with_brokerage();
    hosts.pass(290);
    assert_eq!(hosts.tickle()["authenticated"], true, "each request counts");
    hosts.pass(290);
    assert_eq!(hosts.api("GET", "/portfolio/accounts", "").status, 200);
    hosts.pass(290);
    assert_eq!(hosts.truth()["brokerage_open"], true);
    hosts.pass(10);
    assert_eq!(hosts.truth()["brokerage_open"], false);
    let closed = json!({"authenticated": false, "competing": false, "connected": true, "MAC": "F4:03:43:DC:90:80"});
    assert_eq!(hosts.tickle(), closed);
    assert_eq!(hosts.api("POST", "/iserver/auth/status", "").json(), closed);
    assert_eq!(hosts.api("GET", "/iserver/accounts", "").status, 400);
    assert_eq!(hosts.truth()["valid_tokens"], 1);
    assert_eq!(
        hosts.init()["authenticated"],
        true,
        "the token opens it again"
    );
}

#[test]
fn lets_a_token_die_however_busy_its_brokerage_session_is() {
    let hosts = Hosts::with_brokerage();
    for _ in 0..8 {
        hosts.pass(235);
        assert_eq!(hosts.tickle()["authenticated"], true, "{}", hosts.truth());
    }
    hosts.pass(30);
    for (method, endpoint) in [("POST", "/tickle"), ("GET", "/sso/validate")] {
        let denied = hosts.api(method, endpoint, "");
        assert_eq!(
            (denied.status, denied.text().as_str()),
            (401, "Access Denied")
        );
    }
    assert_eq!(hosts.truth()["valid_tokens"], 0);
}

#[test]
fn lets_each_token_die_by_its_own_time() {
    let mut hosts = Hosts::with_session();
    hosts.set(&json!({"sso": {"token_life_ms": 60_000}}));
    hosts.issue("other");
    assert_eq!(hosts.truth()["valid_tokens"], 2);
    hosts.pass(61);
    assert_eq!(hosts.truth()["valid_tokens"], 1);
    assert_eq!(hosts.api("GET", "/sso/validate", "").status, 401);
}

#[test]
fn ends_what_a_test_wants_ended() {
    let hosts = Hosts::with_brokerage();
    hosts.control("POST", "/do/drop-brokerage", "{}");
    let status = hosts.tickle();
    assert_eq!(
        (&status["authenticated"], &status["connected"]),
        (&json!(false), &json!(false))
    );
    hosts.control("POST", "/do/drop-session", "{}");
    let answer = hosts.api("POST", "/tickle", "");
    assert_eq!(
        answer.text(),
        r#"{"error":"not authenticated","statusCode":401}"#
    );
    hosts.control("POST", "/do/expire-token", "{}");
    assert_eq!(hosts.api("POST", "/tickle", "").text(), "Access Denied");
    hosts.control("POST", "/do/reset", "{}");
    assert_eq!(hosts.truth()["tokens"], 0, "{}", hosts.truth());
}
