use super::*;
use crate::expires::ExpiresUnit;
use std::time::{Duration, UNIX_EPOCH};

fn answer(status: u16, body: &str) -> Answered {
    Answered {
        status,
        location: None,
        retry_after: None,
        date: None,
        body: body.as_bytes().to_vec(),
    }
}

fn read(endpoint: Endpoint, status: u16, body: &str) -> Session {
    session(endpoint, "asking", &answer(status, body), UNIX_EPOCH)
}

/// Voyz/ibind#104.
const NO_BRIDGE: &str = r#"{"error":"Bad Request: no bridge","statusCode":400}"#;

/// A tickle with these members in its `authStatus`.
fn tickle(status: &str) -> Session {
    let body = format!(
        r#"{{"session":"0123","ssoExpires":415000,"collission":false,"userId":1,
            "hmds":{{"error":"no bridge"}},"iserver":{{"authStatus":{{{status}}}}}}}"#
    );
    read(Endpoint::Tickle, 200, &body)
}

#[test]
fn tells_the_states_of_a_brokerage_session_apart() {
    use SessionState::{Competing, NotAuthenticated, NotEstablished, Ready, Unknown};
    let server = r#""serverInfo":{"serverName":"JifZ28074","serverVersion":"Build 10.25"}"#;
    let nameless = r#""serverInfo":{"serverName":null}"#;
    for (authenticated, connected, competing, established, rest, expected) in [
        ("true", "true", "false", "true", server, Ready),
        ("true", "true", "false", "true", nameless, Ready),
        ("true", "true", "false", "null", server, Ready),
        ("true", "true", "false", "null", nameless, NotEstablished),
        ("true", "true", "false", "false", server, NotEstablished),
        ("true", "false", "false", "true", server, NotEstablished),
        ("true", "true", "true", "true", server, Competing),
        ("false", "false", "true", "false", nameless, Competing),
        (
            "false",
            "true",
            "false",
            "false",
            nameless,
            NotAuthenticated,
        ),
        (
            "false",
            "false",
            "false",
            "false",
            nameless,
            NotAuthenticated,
        ),
        ("false", "null", "null", "null", nameless, NotAuthenticated),
        ("null", "true", "false", "true", server, Unknown),
        ("true", "null", "false", "true", server, Unknown),
        ("true", "true", "null", "true", server, Unknown),
        (r#""true""#, "true", "false", "true", server, Unknown),
        ("true", "1", "false", "true", server, Unknown),
        ("true", "true", "0", "true", server, Unknown),
        ("true", "true", "false", r#""yes""#, server, Unknown),
        ("true", "true", "false", "{}", server, Unknown),
    ] {
        let status = format!(
            r#""authenticated":{authenticated},"connected":{connected},"competing":{competing},
               "established":{established},"message":"",{rest}"#
        );
        let session = tickle(&status);
        assert_eq!(session.state, expected, "{status}: {}", session.cause);
        let top = read(Endpoint::Status, 200, &format!("{{{status}}}"));
        assert_eq!(top.state, expected, "{status}: {}", top.cause);
    }
}

#[test]
fn tells_everything_else_apart() {
    use Endpoint::{Open, Status, Tickle};
    use SessionState::{
        AccessDenied, NoSession, NotAuthenticated, NotEstablished, Unavailable, Unknown,
    };
    for (endpoint, status, body, expected) in [
        // Voyz/ibeam reads these as "log in again"; only the first six mean it.
        (Tickle, 401, "", NoSession),
        (Tickle, 401, "Unauthorized", NoSession),
        (Tickle, 200, r#"{"error":"no session"}"#, NoSession),
        (Tickle, 200, r#"{"error": "no session"}"#, NoSession),
        (
            Tickle,
            200,
            "\r\n{ \"error\" :\t\"no session\" }\n",
            NoSession,
        ),
        (Status, 200, r#"{"error":"no session"}"#, NoSession),
        (
            Tickle,
            200,
            r#"{"session":"0123","ssoExpires":1}"#,
            NotAuthenticated,
        ),
        (
            Tickle,
            200,
            r#"{"session":"0123","iserver":{}}"#,
            NotAuthenticated,
        ),
        (
            Tickle,
            200,
            r#"{"session":"0123","iserver":{"authStatus":null}}"#,
            NotAuthenticated,
        ),
        (
            Tickle,
            200,
            r#"{"session":"0123","iserver":{"authStatus":[]}}"#,
            Unknown,
        ),
        (
            Tickle,
            200,
            r#"{"session":"0123","iserver":{"authStatus":{}}}"#,
            Unknown,
        ),
        (Tickle, 200, r#"{"iserver":{}}"#, Unknown),
        (Tickle, 200, "{}", Unknown),
        (Tickle, 200, r#"{"error":"not logged in"}"#, Unknown),
        (Tickle, 200, r#"{"error":{"code":1}}"#, Unknown),
        (Tickle, 200, r#"{"error":true,"session":"0123"}"#, Unknown),
        (
            Tickle,
            200,
            r#"{"error":null,"session":"0123"}"#,
            NotAuthenticated,
        ),
        (
            Tickle,
            200,
            r#"{"error":"","session":"0123"}"#,
            NotAuthenticated,
        ),
        (Tickle, 200, r#"{"message":"triggered"}"#, Unknown),
        (Tickle, 200, "", Unknown),
        (Tickle, 200, "Unknown service am", Unknown),
        (Tickle, 200, "<html>", Unknown),
        (Tickle, 200, "[]", Unknown),
        (Tickle, 200, "null", Unknown),
        (Tickle, 200, r#"{"session":"0123""#, Unknown),
        (Tickle, 204, "", Unknown),
        (Tickle, 302, "", Unknown),
        (Tickle, 400, "", Unknown),
        (Tickle, 403, "Access Denied", Unknown),
        (Tickle, 404, "Access Denied", AccessDenied),
        (Tickle, 404, "not here", Unknown),
        (Tickle, 410, "", Unknown),
        (Tickle, 429, "", Unavailable),
        (Tickle, 500, "", Unavailable),
        (Tickle, 502, "<html>", Unavailable),
        (Tickle, 503, r#"{"error":"no session"}"#, Unavailable),
        (Tickle, 504, "", Unavailable),
        (Status, 200, "{}", Unknown),
        (Open, 200, r#"{"wait":true}"#, NotEstablished),
        (Open, 200, "{}", Unknown),
        (Open, 401, "", NoSession),
        (Open, 410, "", NoSession),
        (Open, 410, r#"{"error":"gone"}"#, NoSession),
        (Status, 410, "", NoSession),
        (Open, 400, NO_BRIDGE, NotAuthenticated),
        (Status, 400, NO_BRIDGE, NotAuthenticated),
        (Tickle, 400, NO_BRIDGE, Unknown),
        (
            Status,
            400,
            r#"{"error":"Init session first","statusCode":400}"#,
            NotAuthenticated,
        ),
        (Open, 400, r#"{"error":"Bad Request"}"#, Unknown),
        (Open, 400, "no bridge", Unknown),
        (Open, 403, "<html>Access Denied</html>", Unknown),
        (Open, 404, "", Unknown),
        (
            Open,
            500,
            r#"{"error":"failed to generate sso dh token"}"#,
            Unavailable,
        ),
        (Open, 503, "", Unavailable),
    ] {
        let session = read(endpoint, status, body);
        assert_eq!(
            session.state, expected,
            "{status} {body}: {}",
            session.cause
        );
        assert!(session.cause.starts_with("asking: "), "{}", session.cause);
    }
}

#[test]
fn takes_a_list_nested_too_deep_for_no_json() {
    let body = format!(r#"{{"session":{}"#, "[".repeat(100_000));
    assert_eq!(
        read(Endpoint::Tickle, 200, &body).state,
        SessionState::Unknown
    );
}

#[test]
fn repeats_the_flags_the_server_and_the_end_of_the_session() {
    let session = tickle(
        r#""authenticated":true,"connected":true,"competing":false,"message":"hello",
           "serverInfo":{"serverName":"JifZ28074"}"#,
    );
    assert_eq!(session.authenticated, Some(true));
    assert_eq!(session.connected, Some(true));
    assert_eq!(session.competing, Some(false));
    assert_eq!(session.established, None);
    assert_eq!(session.server.as_deref(), Some("JifZ28074"));
    assert_eq!(session.message.as_deref(), Some("hello"));
    let end = UNIX_EPOCH + Duration::from_secs(415);
    assert_eq!(
        session.expires,
        Expires::At(end, ExpiresUnit::MillisecondsLeft)
    );
}

#[test]
fn quotes_no_more_of_a_message_than_a_line() {
    let long = format!("a\\u001b[31m\\n{}", "b".repeat(500));
    let session = read(Endpoint::Tickle, 503, &format!(r#"{{"error":"{long}"}}"#));
    let message = session.message.expect("there is a message");
    assert!(message.chars().count() <= 120, "{message}");
    assert!(
        !session.cause.contains(char::is_control),
        "{}",
        session.cause
    );
    let page = "<html>planted</html>";
    assert!(!read(Endpoint::Tickle, 200, page).cause.contains("planted"));
}

#[test]
fn says_how_long_ibkr_asks_us_to_wait_when_it_is_unavailable() {
    let mut answer = answer(429, "");
    answer.retry_after = Some("17".to_owned());
    let session = session(Endpoint::Tickle, "asking", &answer, UNIX_EPOCH);
    assert_eq!(session.retry_after, Some(Duration::from_secs(17)));
    answer.status = 403;
    let session = super::session(Endpoint::Tickle, "asking", &answer, UNIX_EPOCH);
    assert_eq!(session.retry_after, None);
}
