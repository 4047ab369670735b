//! The brokerage session above a token: opened, lost, missing.

use super::Hosts;
use serde_json::json;

#[test]
fn opens_the_brokerage_session_where_it_is_told() {
    let (guide, reference) = ("/iserver/ssodh/init", "/iserver/auth/ssodh/init");
    let hosts = Hosts::with_session();
    for (told, at_guide, at_reference) in [
        ("guide", 200, 404),
        ("reference", 404, 200),
        ("both", 200, 200),
    ] {
        hosts.set(&json!({"sso": {"init_path": told}}));
        for (path, status) in [(guide, at_guide), (reference, at_reference)] {
            let answer = hosts.api("POST", &format!("{path}?compete=true&publish=true"), "");
            assert_eq!(answer.status, status, "{told} {path}");
        }
    }
    assert_eq!(hosts.truth()["inits"], 4);
}

#[test]
fn answers_an_opening_as_the_guide_has_it() {
    let hosts = Hosts::with_session();
    hosts.set(&json!({"bringup": {"established": "absent"}}));
    let guide = json!({
        "authenticated": true, "competing": false, "connected": true, "message": "", "MAC": "F4:03:43:DC:90:80",
        "serverInfo": {"serverName": "JisfN8122", "serverVersion": "Build 10.20.0w, Apr 5, 2023 7:42:15 AM"}, "fail": "",
    });
    assert_eq!(hosts.init(), guide);
    for (told, established) in [("false", false), ("present", true)] {
        hosts.set(&json!({"bringup": {"established": told}}));
        assert_eq!(hosts.init()["established"], established, "{told}");
    }
    hosts.set(&json!({"bringup": {"established_after_ms": 600_000}}));
    assert_eq!(hosts.tickle()["established"], false);
}

#[test]
fn wants_publish_and_compete_from_the_query_or_the_body() {
    let hosts = Hosts::with_session();
    let init =
        |query: &str, body: &str| hosts.api("POST", &format!("/iserver/ssodh/init{query}"), body);
    for (query, body) in [
        ("", ""),
        ("?compete=true", ""),
        ("", r#"{"publish":false,"compete":true}"#),
    ] {
        assert_eq!(init(query, body).status, 500, "{query} {body}");
    }
    for (query, body) in [
        ("?publish=true", ""),
        ("", r#"{"publish":true,"compete":false}"#),
    ] {
        let answer = init(query, body).json();
        let fail = "Force compete capability must be used together with compete flag";
        assert_eq!(
            (&answer["fail"], &answer["authenticated"]),
            (&json!(fail), &json!(false))
        );
    }
    assert_eq!(hosts.truth()["brokerage_open"], false);
    assert_eq!(
        init("", r#"{"publish":true,"compete":true}"#).json()["authenticated"],
        true
    );
    assert_eq!(hosts.truth()["brokerage_open"], true);
}

#[test]
fn has_no_bridge_without_a_brokerage_session() {
    let hosts = Hosts::with_session();
    assert_eq!(hosts.api("GET", "/portfolio/accounts", "").text(), "{}");
    let refused = hosts.api("GET", "/iserver/accounts", "");
    let text = r#"{"error":"Bad Request: no bridge","statusCode":400}"#;
    assert_eq!((refused.status, refused.text().as_str()), (400, text));
    hosts.init();
    assert_eq!(hosts.api("GET", "/iserver/accounts", "").status, 200);
}

#[test]
fn gives_a_username_one_brokerage_session() {
    let mut hosts = Hosts::with_brokerage();
    let first = hosts.token.clone();
    hosts.issue("abcde1234");
    assert_eq!(hosts.api("GET", "/sso/validate", "").status, 200);
    hosts.init();
    let second = std::mem::replace(&mut hosts.token, first);
    let lost = hosts.tickle();
    assert_eq!(
        (&lost["authenticated"], &lost["competing"]),
        (&json!(false), &json!(true))
    );
    hosts.token = second;
    assert_eq!(hosts.tickle()["authenticated"], true);
    hosts.control("POST", "/do/compete", "{}");
    assert_eq!(hosts.tickle()["competing"], true);
    assert_eq!(hosts.init()["competing"], false);
}
