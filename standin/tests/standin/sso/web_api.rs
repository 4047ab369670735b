//! The Web API, asked by the bearer of a token.

use super::{Hosts, INIT};
use serde_json::{Value, json};

fn difference(later: &Value, earlier: &Value) -> i64 {
    later.as_i64().expect("a number") - earlier.as_i64().expect("a number")
}

#[test]
fn opens_the_read_only_session_once_and_extends_it_from_then_on() {
    let hosts = Hosts::with_token();
    let tickled = hosts.api("POST", "/tickle", "");
    assert_eq!(
        tickled.text(),
        r#"{"error":"not authenticated","statusCode":401}"#
    );
    let first = hosts.api("GET", "/sso/validate", "").json();
    for (key, value) in [
        ("RESULT", json!(true)),
        ("USER_NAME", json!("abcde1234")),
        ("PAPER_USER_NAME", json!("abcde1234")),
        ("IP", json!("1.2.3.4")),
        ("TOKEN", json!(hosts.token)),
    ] {
        assert_eq!(first[key], value, "{key}: {first}");
    }
    assert_eq!(first["features"]["env"], "PROD");
    let life = difference(&first["EXPIRES"], &first["AUTH_TIME"]);
    assert!((1_880_000..=1_901_786).contains(&life), "{life}");
    hosts.pass(60);
    let second = hosts.api("GET", "/sso/validate", "").json();
    assert_eq!(second["AUTH_TIME"], first["AUTH_TIME"]);
    let life = difference(&second["EXPIRES"], &second["AUTH_TIME"]);
    assert!((3_660_000..3_680_000).contains(&life), "{life}");
    assert_eq!(hosts.truth()["validations"], 2);
}

#[test]
fn says_the_time_left_when_told_to() {
    let hosts = Hosts::with_token();
    hosts.set(&json!({"sso": {"expires_unit": "remaining"}}));
    let expires = hosts.api("GET", "/sso/validate", "").json()["EXPIRES"].clone();
    let left = expires.as_u64().expect("a number");
    assert!((1_880_000..=1_901_786).contains(&left), "{left}");
}

#[test]
fn wants_one_validation_a_minute() {
    let hosts = Hosts::with_session();
    let refused = hosts.api("GET", "/sso/validate", "");
    assert_eq!((refused.status, refused.header("Retry-After")), (429, None));
    hosts.set(&json!({"sso": {"pace_validate": false}}));
    hosts.pass(900);
    for _ in 0..2 {
        assert_eq!(hosts.api("GET", "/sso/validate", "").status, 200);
    }
}

#[test]
fn answers_nothing_to_an_address_in_the_penalty_box() {
    let hosts = Hosts::with_session();
    assert_eq!(hosts.api("GET", "/sso/validate", "").status, 429);
    for (method, endpoint) in [
        ("POST", "/tickle"),
        ("POST", INIT),
        ("POST", "/logout"),
        ("GET", "/sso/validate"),
    ] {
        assert_eq!(hosts.api(method, endpoint, "").status, 429, "{endpoint}");
    }
    let other = hosts.api_with("POST", "/tickle", "Authorization: Bearer other\r\n", "");
    assert_eq!(other.status, 429);
    hosts.pass(899);
    assert_eq!(hosts.api("POST", "/tickle", "").status, 429);
    hosts.pass(2);
    assert_eq!(hosts.api("POST", "/tickle", "").status, 200);
}

#[test]
fn has_no_penalty_box_when_it_is_switched_off() {
    let hosts = Hosts::with_session();
    hosts.set(&json!({"sso": {"penalty": false}}));
    assert_eq!(hosts.api("GET", "/sso/validate", "").status, 429);
    assert_eq!(hosts.api("POST", "/tickle", "").status, 200);
}

#[test]
fn denies_access_to_another_bearer_and_another_device() {
    let hosts = Hosts::with_session();
    let none = hosts.api_with("POST", "/tickle", "", "");
    assert_eq!(
        none.text(),
        r#"{"error":"not authenticated","statusCode":401}"#
    );
    let twice = hosts.bearer().repeat(2);
    let long = format!("Authorization: Bearer {}\r\n", "x".repeat(16 * 1024));
    for bearer in [
        "Authorization: Bearer other\r\n",
        "Authorization: Basic x\r\n",
        &twice,
        &long,
    ] {
        let answer = hosts.api_with("POST", "/tickle", bearer, "");
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (401, "Access Denied"),
            "{bearer}"
        );
    }
    for (device, status) in [("1.2.3.5", 401), ("1.2.3.4", 200)] {
        hosts.set(&json!({"sso": {"device_ip": device}}));
        assert_eq!(hosts.api("POST", "/tickle", "").status, status, "{device}");
    }
}

#[test]
fn opens_nothing_after_a_logout() {
    let hosts = Hosts::with_brokerage();
    assert_eq!(
        hosts.api("POST", "/logout", "").text(),
        r#"{"status":true}"#
    );
    let gone = hosts.api("POST", INIT, "");
    assert_eq!((gone.status, gone.text().as_str()), (410, ""));
    assert_eq!(hosts.api("POST", "/tickle", "").status, 401);
    assert_eq!(hosts.api("GET", "/sso/validate", "").status, 401);
    let truth = hosts.truth();
    assert_eq!(
        (&truth["valid_tokens"], &truth["brokerage_open"]),
        (&json!(0), &json!(false))
    );
}

#[test]
fn wants_its_cookie_back_when_told_to() {
    let hosts = Hosts::with_session();
    hosts.set(&json!({"sso": {"needs_cookie": true}}));
    let without = hosts.api("POST", INIT, "");
    assert_eq!(without.status, 400, "{}", without.text());
    let set = without.header("Set-Cookie").expect("a cookie");
    assert!(
        set.starts_with("api=") && set.ends_with("; Secure; HttpOnly"),
        "{set}"
    );
    assert!(
        without.head.contains("Set-Cookie: x-sess-uuid="),
        "{}",
        without.head
    );
    let cookie = set.split(';').next().expect("a pair");
    let headers = format!("{}Cookie: {cookie}\r\n", hosts.bearer());
    assert_eq!(hosts.api_with("POST", INIT, &headers, "").status, 200);
}
