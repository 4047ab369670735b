//! Answers to `auth/status` and to a tickle.

use super::*;

#[test]
fn waits_on_when_the_status_has_no_bridge_yet() {
    let body = r#"{"error":"Bad Request: no bridge","statusCode":400}"#;
    assert_eq!(
        read(Endpoint::Status, 400, body).progress,
        BrokerageProgress::Pending
    );
}

#[test]
fn waits_on_when_the_status_cannot_be_had_and_never_after_a_429() {
    for (status, progress) in [
        (500, BrokerageProgress::Pending),
        (503, BrokerageProgress::Pending),
        (429, BrokerageProgress::Ended),
    ] {
        let answer = read(Endpoint::Status, status, "");
        let found = (answer.outcome.state, answer.progress);
        assert_eq!(found, (SsoState::Unavailable, progress), "{status}");
        assert_eq!(answer.outcome.shuts_out, status == 429);
    }
}

#[test]
fn takes_fail_for_a_refusal_of_an_opening_alone() {
    let flags = r#""authenticated":false,"connected":true,"competing":false,"fail":"earlier""#;
    for (endpoint, body) in [
        (Endpoint::Status, format!("{{{flags}}}")),
        (
            Endpoint::Tickle,
            format!(r#"{{"session":"0123","iserver":{{"authStatus":{{{flags}}}}}}}"#),
        ),
    ] {
        let answer = read(endpoint, 200, &body);
        let found = (answer.outcome.state, answer.progress);
        assert_eq!(
            found,
            (SsoState::Valid, BrokerageProgress::Pending),
            "{body}"
        );
        let fail = answer.brokerage.and_then(|brokerage| brokerage.fail);
        assert_eq!(fail.as_deref(), Some("earlier"));
    }
    let alone = read(Endpoint::Status, 200, r#"{"fail":"earlier"}"#);
    assert_eq!(alone.outcome.state, SsoState::Unknown);
}

#[test]
fn waits_a_minute_at_least_wherever_ibkr_is_unavailable() {
    for endpoint in [Endpoint::Open, Endpoint::Status, Endpoint::Tickle] {
        for (status, header, seconds) in [
            (500, None, 60),
            (503, Some("7"), 60),
            (503, Some("300"), 300),
            (429, Some("7"), 60),
            (429, None, 900),
        ] {
            let answer = read_with(endpoint, status, "", header);
            let expected = Some(std::time::Duration::from_secs(seconds));
            assert_eq!(answer.outcome.retry_after, expected, "{status} {header:?}");
        }
    }
}

#[test]
fn quotes_no_error_that_is_no_text() {
    let body = r#"{"error":{"session":"planted"}}"#;
    let cause = read(Endpoint::Tickle, 200, body).outcome.cause;
    assert_eq!(cause, "asking: 200 with the error: an object");
}

#[test]
fn says_no_bridge_in_flags_too() {
    let body = r#"{"error":"Bad Request: no bridge","statusCode":400}"#;
    let answer = read(Endpoint::Tickle, 400, body);
    let authenticated = answer.brokerage.map(|brokerage| brokerage.authenticated);
    assert_eq!(authenticated, Some(Some(false)));
}

#[test]
fn reads_a_tickle() {
    let body = r#"{"session":"0123","ssoExpires":460311,"collission":false,"userId":123456789,
        "hmds":{"error":"no bridge"},"iserver":{"authStatus":{"authenticated":true,"competing":false,"connected":true,
        "established":true,"message":"","MAC":"98:F2:B3:23:BF:A0",
        "serverInfo":{"serverName":"JifN19053","serverVersion":"Build 10.25.0p"}}}}"#;
    let answer = read(Endpoint::Tickle, 200, body);
    let expected = Brokerage {
        authenticated: Some(true),
        connected: Some(true),
        established: Some(true),
        competing: Some(false),
        server_name: Some("JifN19053".to_owned()),
        server_version: Some("Build 10.25.0p".to_owned()),
        message: None,
        fail: None,
    };
    assert_eq!(answer.brokerage, Some(expected));
    assert_eq!(
        (answer.progress, answer.user_id),
        (BrokerageProgress::Open, Some(123_456_789))
    );
    assert!(matches!(answer.expires, Expires::At(..)));
    for (body, state, progress) in [
        (
            r#"{"session":"0123"}"#,
            SsoState::Valid,
            BrokerageProgress::Pending,
        ),
        (
            r#"{"error":"failed to process request"}"#,
            SsoState::Unknown,
            BrokerageProgress::Ended,
        ),
        (
            r#"{"session":"0123","ssoExpires":0}"#,
            SsoState::Unknown,
            BrokerageProgress::Ended,
        ),
        ("{}", SsoState::Unknown, BrokerageProgress::Ended),
    ] {
        let answer = read(Endpoint::Tickle, 200, body);
        assert_eq!(
            (answer.outcome.state, answer.progress),
            (state, progress),
            "{body}"
        );
    }
}
