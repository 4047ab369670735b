//! Answers about a brokerage session, and what they mean.

mod status;

use super::*;
use crate::client::Answered;
use ib_cli::Secret;

fn read(endpoint: Endpoint, status: u16, body: &str) -> BrokerageAnswer {
    read_with(endpoint, status, body, None)
}

fn read_with(
    endpoint: Endpoint,
    status: u16,
    body: &str,
    retry_after: Option<&str>,
) -> BrokerageAnswer {
    let answer = Answered {
        status,
        location: None,
        retry_after: retry_after.map(str::to_owned),
        date: None,
        body: body.as_bytes().to_vec(),
    };
    let now = SystemTime::UNIX_EPOCH;
    let reply = Reply::of(answer, &Secret::new(b"token".to_vec()), now);
    BrokerageAnswer::read(endpoint, "asking", &reply, now)
}

#[test]
fn reads_every_answer_to_ssodh_init() {
    let flags = |more: &str| {
        format!(r#"{{"authenticated":true,"connected":true,"competing":false{more}}}"#)
    };
    let server = r#","serverInfo":{"serverName":"JisfN8122"}"#;
    let (valid, pending) = (SsoState::Valid, BrokerageProgress::Pending);
    for (status, body, state, progress) in [
        (
            200,
            flags(&format!(r#","fail":""{server}"#)),
            valid,
            BrokerageProgress::Open,
        ),
        // IBKR's reference has neither a server nor the flag, so its status is asked for.
        (200, flags(r#","passed":true"#), valid, pending),
        (
            200,
            flags(r#","serverInfo":{"serverName":null}"#),
            valid,
            pending,
        ),
        (
            200,
            format!(r#"{{"authenticated":true,"connected":true{server}}}"#),
            SsoState::Unknown,
            BrokerageProgress::Ended,
        ),
        (
            200,
            flags(r#","established":true,"passed":true"#),
            valid,
            BrokerageProgress::Open,
        ),
        (200, flags(r#","established":false"#), valid, pending),
        (
            200,
            r#"{"authenticated":false,"connected":true}"#.to_owned(),
            valid,
            pending,
        ),
        (
            200,
            r#"{"authenticated":true,"connected":false}"#.to_owned(),
            valid,
            pending,
        ),
        (200, r#"{"wait":true}"#.to_owned(), valid, pending),
        (
            200,
            r#"{"authenticated":true,"connected":true,"competing":true}"#.to_owned(),
            SsoState::Competing,
            BrokerageProgress::Ended,
        ),
        (
            200,
            r#"{"authenticated":false,"connected":false,"fail":"no"}"#.to_owned(),
            SsoState::Refused,
            BrokerageProgress::Ended,
        ),
        (
            200,
            r#"{"fail":"no"}"#.to_owned(),
            SsoState::Refused,
            BrokerageProgress::Ended,
        ),
        (
            200,
            r#"{"error":"what"}"#.to_owned(),
            SsoState::Unknown,
            BrokerageProgress::Ended,
        ),
        (
            200,
            r#"{"authenticated":"yes","connected":true}"#.to_owned(),
            SsoState::Unknown,
            BrokerageProgress::Ended,
        ),
        (
            200,
            r#"{"authenticated":true}"#.to_owned(),
            SsoState::Unknown,
            BrokerageProgress::Ended,
        ),
        (
            200,
            "{}".to_owned(),
            SsoState::Unknown,
            BrokerageProgress::Ended,
        ),
        (
            200,
            "<html>".to_owned(),
            SsoState::Unknown,
            BrokerageProgress::Ended,
        ),
        (
            302,
            String::new(),
            SsoState::Unknown,
            BrokerageProgress::Ended,
        ),
        (
            401,
            "Invalid signature".to_owned(),
            SsoState::Invalid,
            BrokerageProgress::Ended,
        ),
        (
            403,
            "<html>".to_owned(),
            SsoState::Refused,
            BrokerageProgress::Ended,
        ),
        (
            404,
            String::new(),
            SsoState::Unknown,
            BrokerageProgress::NoSuchPath,
        ),
        (
            410,
            String::new(),
            SsoState::Invalid,
            BrokerageProgress::Ended,
        ),
        (
            429,
            String::new(),
            SsoState::Unavailable,
            BrokerageProgress::Ended,
        ),
        (
            400,
            r#"{"error":"Bad Request: no bridge","statusCode":400}"#.to_owned(),
            SsoState::Unknown,
            BrokerageProgress::Ended,
        ),
        (
            500,
            r#"{"error":"failed to generate sso dh token"}"#.to_owned(),
            SsoState::Unavailable,
            BrokerageProgress::Ended,
        ),
        (
            500,
            "Can't connect to backend service".to_owned(),
            SsoState::Unavailable,
            BrokerageProgress::Transient,
        ),
        (
            503,
            "can't connect to backend service".to_owned(),
            SsoState::Unavailable,
            BrokerageProgress::Transient,
        ),
        (
            502,
            "can't connect to backend service".to_owned(),
            SsoState::Unavailable,
            BrokerageProgress::Ended,
        ),
        (
            503,
            "<html>maintenance</html>".to_owned(),
            SsoState::Unavailable,
            BrokerageProgress::Ended,
        ),
    ] {
        let answer = read(Endpoint::Open, status, &body);
        let found = (answer.outcome.state, answer.progress);
        assert_eq!(found, (state, progress), "{status} {body}");
    }
}

#[test]
fn gives_every_failure_of_ssodh_init_a_sentence_of_its_own() {
    let causes: std::collections::BTreeSet<String> = [
        (
            200,
            r#"{"authenticated":true,"connected":true,"competing":true}"#,
        ),
        (
            200,
            r#"{"fail":"Force compete capability must be used together with compete flag"}"#,
        ),
        (200, r#"{"fail":"Something else"}"#),
        (
            400,
            r#"{"error":"Bad Request: no bridge","statusCode":400}"#,
        ),
        (404, ""),
        (410, ""),
        (500, r#"{"error":"failed to generate sso dh token"}"#),
        (500, "can't connect to backend service"),
        (500, ""),
    ]
    .into_iter()
    .map(|(status, body)| read(Endpoint::Open, status, body).outcome.cause)
    .collect();
    assert_eq!(causes.len(), 9, "{causes:#?}");
}

#[test]
fn will_not_have_the_dh_token_asked_for_again() {
    let body = r#"{"error":"failed to generate sso dh token"}"#;
    let may_retry = |body| {
        let error = read(Endpoint::Open, 500, body).outcome.error();
        error.expect("a 500 is an error").is_worth_a_retry()
    };
    assert!(!may_retry(body));
    assert!(may_retry(""));
}
