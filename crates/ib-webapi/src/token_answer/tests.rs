use super::*;
use RetryAdvice::{After, Backoff, Never, Once};

const TOKEN: &str = "eyJ0eXAiOiJKV1QifQ.eyJ1c2VyIjoiYWJjZGUxMjM0In0.c2lnbmF0dXJl";

fn answered(status: u16, headers: &[(&str, &str)], body: &str) -> TokenAnswer {
    let header = |name: &str| {
        let found = headers.iter().find(|(found, _)| *found == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let answer = Answered {
        status,
        location: header("Location"),
        retry_after: header("Retry-After"),
        date: header("Date"),
        body: body.as_bytes().to_vec(),
    };
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    TokenAnswer::read("asking", &answer, &["F86B0129F", "hQIMA4QK6XY"], now)
}

fn success() -> String {
    format!(r#"{{"ACCESS_TOKEN":"{TOKEN}","TOKEN_TYPE":"Bearer","RESULT":true}}"#)
}

#[test]
fn takes_a_token_with_whatever_else_ibkr_sends() {
    for (status, body, token_type) in [
        (200, success(), "Bearer"),
        (201, success(), "Bearer"),
        (200, success().replace("Bearer", "bearer"), "bearer"),
        (
            200,
            success().replace('{', r#"{"expires_in": 3600, "NEW": [{"RESULT":false}],"#),
            "Bearer",
        ),
        (200, success().replace(TOKEN, &"t".repeat(8192)), "Bearer"),
    ] {
        let answer = answered(status, &[], &body);
        assert_eq!(answer.state, TokenState::Issued, "{status} {body}");
        assert_eq!(answer.retry, Never);
        let token = answer.token.expect("there is a token");
        assert_eq!(token.token_type, token_type);
        assert_eq!(token.upstream.expose(), body.replace(' ', "").as_bytes());
    }
}

#[test]
fn takes_nothing_else_for_a_token() {
    let with = |from: &str, to: &str| success().replace(from, to);
    let unknown = [
        with("true", r#""true""#),
        with("true", "1"),
        with("true", "null"),
        with(r#","RESULT":true"#, ""),
        with(r#""ACCESS_TOKEN""#, r#""TOKEN""#),
        with(TOKEN, ""),
        with(&format!("{TOKEN:?}"), "17"),
        with(&format!("{TOKEN:?}"), "null"),
        with(TOKEN, "eyJ0\\r\\nSet-Cookie: planted"),
        with(TOKEN, "two words"),
        with(TOKEN, "tab\\there"),
        with(TOKEN, "t\u{f6}ken"),
        with("Bearer", "MAC"),
        with("Bearer", "Bearer x"),
        with(r#""TOKEN_TYPE":"Bearer","#, ""),
        format!("[{}]", success()),
        success()[..40].to_owned(),
        format!("{} {}", success(), success()),
        "<html><title>Welcome</title>".to_owned(),
        "x".repeat(2 << 20),
        String::new(),
        "null".to_owned(),
        "[".repeat(100_000),
    ];
    for body in unknown {
        let answer = answered(200, &[], &body);
        assert_eq!(answer.state, TokenState::Unknown, "{body:.200}");
        assert!(answer.token.is_none(), "{body:.200}");
        assert_eq!(answer.retry, Never, "{body:.200}");
        assert_eq!(answer.state.exit(), Exit::Unexpected);
        let cause = &answer.cause;
        assert!(
            !cause.contains("planted") && !cause.contains("eyJ0"),
            "{cause}"
        );
        assert!(cause.chars().count() < 400, "{cause}");
    }
}

#[test]
fn takes_no_token_from_a_failure() {
    for (status, state) in [
        (302, TokenState::Unknown),
        (400, TokenState::Refused),
        (401, TokenState::Refused),
        (403, TokenState::Refused),
        (404, TokenState::Unknown),
        (411, TokenState::Unknown),
        (429, TokenState::Unavailable),
        (500, TokenState::Unavailable),
        (503, TokenState::Unavailable),
    ] {
        let answer = answered(status, &[], &success());
        assert_eq!(answer.state, state, "{status}");
        assert!(answer.token.is_none(), "{status}");
        assert!(!answer.cause.contains("eyJ0"), "{}", answer.cause);
    }
}

const PAGE_401: &str = "<html><head><title>401 Authentication Error. Either CSID is incorrect or you are trying to \
                        access the service from an unauthorized IP Address.</title></head></html>";

const ENCRYPTION: &str =
    "Encryption Error. Payload was not signed or was signed with an incorrect key.";

#[test]
fn tells_refusals_apart_and_never_asks_again() {
    for (status, body, words) in [
        (200, r#"{"RESULT":false}"#, "this username"),
        (
            200,
            r#"{"RESULT": false, "ACCESS_TOKEN": 5}"#,
            "this username",
        ),
        (400, r#"{"RESULT":false}"#, "this username"),
        (401, r#"{"RESULT":false}"#, "this username"),
        (403, r#"{"RESULT":false}"#, "this username"),
        (422, r#"{"RESULT":false}"#, "this username"),
        (500, r#"{"RESULT":false}"#, "this username"),
        (503, r#"{"RESULT":false}"#, "this username"),
        (401, r#"{"error":"no"}"#, "401: IBKR refuses the request"),
        (403, r#"{"error":"no"}"#, "403: IBKR refuses the request"),
        (400, r#"{"error":"bad"}"#, "is the CSID whole"),
        (
            401,
            PAGE_401,
            "either the CSID is wrong, or this host's address",
        ),
        (
            200,
            PAGE_401,
            "either the CSID is wrong, or this host's address",
        ),
        (401, "", "either the CSID is wrong, or this host's address"),
        (
            403,
            "<html><title>Error 403 - Access Denied</title>",
            "edge refuses this host",
        ),
        (200, ENCRYPTION, "signed with a key other than"),
        (400, ENCRYPTION, "sealed to a key that is not IBKR's"),
        (500, ENCRYPTION, "signed with a key other than"),
    ] {
        let answer = answered(status, &[("Retry-After", "7")], body);
        assert_eq!(answer.state, TokenState::Refused, "{status} {body}");
        assert_eq!(answer.retry, Never, "{status} {body}");
        assert_eq!(answer.retry_after, None, "{status} {body}");
        assert!(
            answer.cause.contains(words),
            "{status} {body}: {}",
            answer.cause
        );
        let error = answer.error().expect("a refusal is an error");
        assert!(!error.is_worth_a_retry(), "{status} {body}");
    }
}

#[test]
fn says_when_to_come_back() {
    let seconds = Duration::from_secs;
    let date = "Sun, 06 Nov 1994 08:50:37 GMT";
    for (status, header, body, wait, again) in [
        (429, Some("7"), "", Some(7), After(seconds(7))),
        (429, Some(date), "", Some(60), After(seconds(60))),
        (429, Some("soon"), "", Some(900), Never),
        (429, None, r#"{"RESULT":false}"#, Some(900), Never),
        (500, None, "", None, Never),
        (429, Some("0"), "", Some(900), Never),
        (500, Some("7"), "", Some(7), Never),
        (503, Some("0"), "", None, Backoff),
        (502, None, "<html><title>Bad Gateway</title>", None, Backoff),
        (503, None, "", None, Backoff),
        (503, Some("7"), "", Some(7), After(seconds(7))),
        (504, None, "", None, Backoff),
        (503, None, "Error While Processing", None, Never),
        (200, None, "Error While Processing", None, Never),
    ] {
        let headers: Vec<_> = header
            .map(|value| ("Retry-After", value))
            .into_iter()
            .collect();
        let answer = answered(status, &headers, body);
        assert_eq!(answer.state, TokenState::Unavailable, "{status} {body}");
        assert_eq!(
            answer.retry_after,
            wait.map(seconds),
            "{status} {header:?} {body}"
        );
        assert_eq!(answer.retry, again, "{status} {header:?} {body}");
        let is_maintenance = answer.cause.contains("Wednesdays");
        assert_eq!(is_maintenance, status != 429, "{}", answer.cause);
    }
}

#[test]
fn names_the_host_of_a_redirect_and_no_more() {
    for (location, words) in [
        (
            Some("https://login.example/sso?token=planted"),
            "to login.example,",
        ),
        (Some("/sso/Login?planted"), "to another path,"),
        (None, "to nowhere,"),
    ] {
        let headers: Vec<_> = location
            .map(|place| ("Location", place))
            .into_iter()
            .collect();
        let answer = answered(307, &headers, "");
        assert_eq!(answer.state, TokenState::Unknown);
        assert!(answer.cause.contains(words), "{}", answer.cause);
        assert!(!answer.cause.contains("planted"), "{}", answer.cause);
    }
}

#[test]
fn repeats_neither_csid_nor_payload() {
    let body = r#"{"error":"no csid F86B0129F, payload hQIMA4QK6XY"}"#;
    let cause = answered(400, &[], body).cause;
    assert!(cause.contains("no csid …, payload …"), "{cause}");
}

#[test]
fn compares_clocks() {
    for (date, skew) in [
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
        ("Sun, 06 Nov 1994 08:48:36 GMT", Some(61)),
        ("Sun, 06 Nov 1994 08:51:38 GMT", Some(-121)),
        ("yesterday", None),
    ] {
        assert_eq!(
            answered(401, &[("Date", date)], "").clock_skew,
            skew,
            "{date}"
        );
    }
    assert_eq!(answered(200, &[], &success()).clock_skew, None);
}

#[test]
fn asks_again_only_what_may_heal() {
    let because = || "because".to_owned();
    for (failure, state, again) in [
        (Failure::Down(because()), TokenState::Down, Backoff),
        (Failure::Tls(because()), TokenState::Down, Backoff),
        (Failure::Untrusted(because()), TokenState::Down, Never),
        (
            Failure::TimedOut { connected: false },
            TokenState::TimedOut,
            Backoff,
        ),
        (
            Failure::TimedOut { connected: true },
            TokenState::TimedOut,
            Once,
        ),
        (Failure::Garbled(because()), TokenState::Unknown, Once),
    ] {
        let answer = TokenAnswer::failed("asking", &failure);
        assert_eq!((answer.state, answer.retry), (state, again), "{failure:?}");
        assert!(answer.cause.starts_with("asking: "), "{}", answer.cause);
    }
}
