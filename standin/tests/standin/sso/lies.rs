//! Both hosts as they must not be trusted: late, wrong, half, or not there.

use super::Hosts;
use crate::served::PATIENCE;
use ib_testkit::HttpAnswer;
use serde_json::{Value, json};
use std::io;
use std::time::{Duration, Instant};

/// Long enough for an answer to come if one did.
const BRIEFLY: Duration = Duration::from_millis(400);

const HOSTS: [(&str, &str, &str); 2] = [
    ("token_url", "token", "/sso/dam/token"),
    ("api_url", "api", "/v1/api/sso/validate"),
];

/// One answer of a host that was told how to answer.
fn told(
    host: (&str, &str, &str),
    mut answer: Value,
    limit: Duration,
) -> (Hosts, io::Result<HttpAnswer>) {
    let hosts = Hosts::with_token();
    let (url, part, path) = host;
    answer["part"] = json!(part);
    answer["path"] = json!(path);
    hosts.set(&json!({"answers": [answer]}));
    let headers = "User-Agent: test\r\nContent-Length: 0\r\n";
    let answer = hosts.try_ask(url, &format!("POST {path}"), headers, "", limit);
    assert_eq!(hosts.requests()[0]["part"], part, "it is in the record");
    (hosts, answer)
}

#[test]
fn says_all_that_the_token_host_is_known_to_say() {
    let html = "<html><title>Maintenance</title></html>";
    for (status, headers, body) in [
        (200, json!({}), json!({"RESULT": false})),
        (
            200,
            json!({}),
            json!({"RESULT": "true", "ACCESS_TOKEN": "x", "TOKEN_TYPE": "Bearer"}),
        ),
        (
            200,
            json!({}),
            json!({"RESULT": true, "ACCESS_TOKEN": "a\r\nb", "TOKEN_TYPE": "Bearer"}),
        ),
        (200, json!({"Content-Type": "text/html"}), json!(html)),
        (
            200,
            json!({"Content-Type": "application/json"}),
            json!(r#"{"ACCESS_TOKEN":"eyJ"#),
        ),
        (
            302,
            json!({"Location": "https://elsewhere.invalid/sso/Login"}),
            json!(""),
        ),
        (
            308,
            json!({"Location": "https://elsewhere.invalid/"}),
            json!(""),
        ),
        (400, json!({}), json!({"error": "Bad Request"})),
        (
            429,
            json!({"Retry-After": "7"}),
            json!({"error": "too many"}),
        ),
        (429, json!({}), json!({"error": "too many"})),
        (500, json!({}), json!("Error While Processing")),
        (503, json!({"Content-Type": "text/html"}), json!(html)),
    ] {
        let answer = json!({"status": status, "headers": headers, "body": body});
        is_said_as_told(HOSTS[0], &answer);
    }
}

// Voyz/ibind#134, #152; Voyz/ibeam#38, #164, #174, #266; IBKR's Web API reference.
#[test]
fn says_all_that_the_web_api_is_known_to_say() {
    for (path, status, body) in [
        ("sso/validate", 200, json!({"RESULT": false})),
        (
            "sso/validate",
            401,
            json!({"error": "not authenticated", "statusCode": 401}),
        ),
        (
            "sso/validate",
            403,
            json!("<html><title>Access Denied</title></html>"),
        ),
        ("sso/validate", 429, json!({"error": "too many"})),
        ("tickle", 200, json!({"error": "failed to process request"})),
        ("iserver/ssodh/init", 401, json!("Invalid signature")),
        ("iserver/ssodh/init", 410, json!("")),
        (
            "iserver/ssodh/init",
            500,
            json!({"error": "failed to generate sso dh token"}),
        ),
        (
            "iserver/ssodh/init",
            500,
            json!("can't connect to backend service"),
        ),
        (
            "iserver/ssodh/init",
            503,
            json!("<html><title>Maintenance</title></html>"),
        ),
        (
            "iserver/accounts",
            500,
            json!("Please query /accounts first"),
        ),
    ] {
        let path = format!("/v1/api/{path}");
        is_said_as_told(
            ("api_url", "api", &path),
            &json!({"status": status, "body": body}),
        );
    }
}

#[track_caller]
fn is_said_as_told(host: (&str, &str, &str), wanted: &Value) {
    let (_hosts, answer) = told(host, wanted.clone(), PATIENCE);
    let answer = answer.unwrap_or_else(|error| panic!("{wanted}: {error}"));
    assert_eq!(answer.status, wanted["status"], "{wanted}");
    let body = &wanted["body"];
    let text = body
        .as_str()
        .map_or_else(|| body.to_string(), str::to_owned);
    assert_eq!(answer.text(), text, "{wanted}");
    for (name, value) in wanted["headers"].as_object().into_iter().flatten() {
        assert_eq!(answer.header(name), value.as_str(), "{wanted}");
    }
}

#[test]
fn closes_resets_stops_half_way_and_speaks_nonsense() {
    for host in HOSTS {
        for (mode, ends_in) in [
            ("close", "\"\""),
            ("reset", "Connection reset by peer (os error 104)"),
            ("half", "less than announced"),
            ("garbage", "NO-SUCH-PROTOCOL"),
        ] {
            let (_hosts, answer) = told(
                host,
                json!({"mode": mode, "body": "{\"RESULT\":"}),
                PATIENCE,
            );
            let error = answer.expect_err(mode).to_string();
            assert!(error.contains(ends_in), "{host:?} {mode}: {error}");
        }
    }
}

#[test]
fn comes_late_or_never_or_byte_by_byte() {
    for host in HOSTS {
        let (_hosts, answer) = told(host, json!({"mode": "hang"}), BRIEFLY);
        assert!(
            answer.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock),
            "{host:?}"
        );
        let drip = json!({"mode": "drip", "drip_ms": 1000});
        let (_hosts, answer) = told(host, drip, BRIEFLY);
        assert!(
            answer.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock),
            "{host:?}"
        );
        let start = Instant::now();
        let (_hosts, answer) = told(host, json!({"delay_ms": 200, "status": 502}), PATIENCE);
        assert_eq!(answer.expect("an answer").status, 502);
        assert!(start.elapsed() >= Duration::from_millis(200), "{host:?}");
    }
}

#[test]
fn sends_two_megabytes_of_junk() {
    let junk = json!({"body": "junk", "body_repeat": 524_288});
    for host in HOSTS {
        let (_hosts, answer) = told(host, junk.clone(), PATIENCE);
        assert_eq!(
            answer.expect("an answer").body.len(),
            2 * 1024 * 1024,
            "{host:?}"
        );
    }
}

#[test]
fn answers_truly_once_the_lie_is_used_up() {
    let hosts = Hosts::with_token();
    let once = json!({"part": "api", "path": "/v1/api/sso/validate", "status": 503, "times": 1});
    hosts.set(&json!({"answers": [once]}));
    assert_eq!(hosts.api("GET", "/sso/validate", "").status, 503);
    assert_eq!(hosts.api("GET", "/sso/validate", "").status, 200);
    let truth = hosts.truth();
    assert_eq!(
        (&truth["validations"], &truth["handshakes"]),
        (&json!(1), &json!(2))
    );
}
