//! Answers to `sso/validate`, and what they mean.

use super::*;
use crate::client::Answered;
use crate::expires::ExpiresUnit;
use ib_cli::Secret;

const TOKEN: &str = "planted-token";

pub(crate) fn reply(status: u16, body: &str) -> Reply {
    let answer = Answered {
        status,
        location: None,
        retry_after: None,
        date: None,
        body: body.as_bytes().to_vec(),
    };
    Reply::of(answer, &Secret::new(TOKEN.as_bytes().to_vec()), now())
}

/// When the guide's example was authenticated.
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(1_666_709_248_942)
}

fn read(status: u16, body: &str) -> TokenValidation {
    TokenValidation::read("asking", &reply(status, body), now())
}

fn about(body: &str) -> TokenHolder {
    read(200, body)
        .about
        .unwrap_or_else(|| panic!("not valid: {body}"))
}

#[test]
fn tells_valid_from_invalid_from_everything_else() {
    for (status, body, state) in [
        (200, r#"{"RESULT":true}"#, SsoState::Valid),
        (201, r#"{"RESULT":true}"#, SsoState::Valid),
        (200, r#"{"RESULT":false}"#, SsoState::Invalid),
        (401, "", SsoState::Invalid),
        (401, "Access Denied", SsoState::Invalid),
        (401, "<html>Access Denied</html>", SsoState::Invalid),
        (
            401,
            r#"{"error":"not authenticated","statusCode":401}"#,
            SsoState::Invalid,
        ),
        (410, "", SsoState::Invalid),
        (403, "<html>Access Denied</html>", SsoState::Refused),
        (429, r#"{"error":"too fast"}"#, SsoState::Unavailable),
        (500, r#"{"RESULT":true}"#, SsoState::Unavailable),
        (503, "<html>maintenance</html>", SsoState::Unavailable),
        (200, r#"{"RESULT":"true"}"#, SsoState::Unknown),
        (200, r#"{"RESULT":1}"#, SsoState::Unknown),
        (200, r#"{"RESULT":null}"#, SsoState::Unknown),
        (200, "{}", SsoState::Unknown),
        (200, "<html>", SsoState::Unknown),
        (200, r#"[{"RESULT":true}]"#, SsoState::Unknown),
        (200, r#"{"RESULT":true"#, SsoState::Unknown),
        (204, "", SsoState::Unknown),
        (302, r#"{"RESULT":true}"#, SsoState::Unknown),
        (400, r#"{"RESULT":true}"#, SsoState::Unknown),
        (404, "", SsoState::Unknown),
    ] {
        assert_eq!(read(status, body).outcome.state, state, "{status} {body}");
    }
}

#[test]
fn waits_the_minute_at_least_and_the_penalty_if_nothing_is_said() {
    for (status, header, seconds) in [
        (429, None, 900),
        (429, Some("7"), 60),
        (429, Some("120"), 120),
        (503, None, 60),
        (503, Some("300"), 300),
        (503, Some("18446744073709551615"), 86_400),
    ] {
        let mut reply = reply(status, "");
        reply.retry_after_seconds = header.and_then(|header| header.parse().ok());
        let outcome = TokenValidation::read("asking", &reply, now()).outcome;
        let expected = Some(Duration::from_secs(seconds));
        assert_eq!(outcome.retry_after, expected, "{status} {header:?}");
    }
}

#[test]
fn reads_the_guides_example() {
    let about = about(
        r#"{"PAPER_USER_NAME":"abcde1234","LOGIN_TYPE":2,"LANDING_APP":"UNIVERSAL","IS_PENDING_APPLICANT":false,
        "SF_ENABLED":false,"AUTH_TIME":1666709248942,"CREDENTIAL":"abcde1234","SF_CONFIG":"","USER_NAME":"abcde1234",
        "CREDENTIAL_TYPE":0,"RESULT":true,"IS_FREE_TRIAL":false,"IP":"1.2.3.4","USER_ID":12345678,
        "EXPIRES":1666711150728,"TOKEN":"eyJ0eXAiOi...fz3Hrqyyw","took":101,"IS_MASTER":false,
        "features":{"alpha":true,"env":"PROD","ibamWidget":true}}"#,
    );
    let end = UNIX_EPOCH + Duration::from_millis(1_666_711_150_728);
    let expected = TokenHolder {
        username: Some("abcde1234".to_owned()),
        paper_username: Some("abcde1234".to_owned()),
        user_id: Some(12_345_678),
        is_master: Some(false),
        login_type: Some(LoginType::Paper),
        authenticated_at: Some(now()),
        expires: Expires::At(end, ExpiresUnit::EpochMilliseconds),
        ip: Some("1.2.3.4".to_owned()),
        environment: Some("PROD".to_owned()),
    };
    assert_eq!(about, expected);
}

#[test]
fn reads_what_other_sessions_leave_out_or_spell_otherwise() {
    let read = about(r#"{"RESULT":true,"loginType":1,"region":"NJ","EXPIRES":415890}"#);
    assert_eq!(read.login_type, Some(LoginType::Live));
    assert_eq!(read.paper_username, None);
    let left = Duration::from_millis(415_890);
    let end = Expires::At(now() + left, ExpiresUnit::MillisecondsLeft);
    assert_eq!(read.expires, end);
    // Nothing of the wrong type is taken for what it should be.
    let nonsense = r#"{"RESULT":true,"USER_NAME":7,"USER_ID":"x","IS_MASTER":"no","LOGIN_TYPE":3,"AUTH_TIME":-1,
        "IP":null,"features":[],"EXPIRES":"soon"}"#;
    assert_eq!(about(nonsense), TokenHolder::nothing(Expires::Malformed));
    let nothing = about(r#"{"RESULT":true,"AUTH_TIME":9223372036854775808}"#);
    assert_eq!(nothing, TokenHolder::nothing(Expires::Missing));
}

#[test]
fn keeps_nothing_that_repeats_a_token() {
    let body = format!(
        r#"{{"RESULT":true,"TOKEN":"planted-other-token","session":"planted-session","USER_NAME":"u","x":"Bearer {TOKEN}",
        "deep":{{"list":["{TOKEN}","kept",["planted-other-token"],[{{"Session":"planted-session"}}]],"session":"planted-session"}},
        "{TOKEN}":1}}"#
    );
    let reply = reply(200, &body);
    assert_eq!(reply.token_changed(), Some(true));
    let stored = serde_json::to_string(&reply.storable()).expect("JSON");
    let body = reply.body(Duration::ZERO).expect("a body");
    let body = String::from_utf8_lossy(body.expose());
    assert!(
        !stored.contains("planted") && !body.contains("planted"),
        "{stored} {body}"
    );
    assert_eq!(
        body,
        r#"{"RESULT":true,"USER_NAME":"u","deep":{"list":["kept",[],[{}]]}}"#
    );
    let whole = reply.whole_body().expect("a body");
    assert!(String::from_utf8_lossy(whole.expose()).contains("planted-other-token"));
}

#[test]
fn takes_no_member_for_a_secret_because_of_a_token_as_short_as_a_word() {
    let reply = reply(200, r#"{"RESULT":true,"TOKEN":"ES","EXPIRES":415890}"#);
    assert_eq!(reply.token_changed(), Some(true));
    let body = reply.body(Duration::ZERO).expect("a body");
    let body = String::from_utf8_lossy(body.expose());
    assert_eq!(body, r#"{"EXPIRES":415890,"RESULT":true}"#);
}

#[test]
fn counts_down_the_time_left_and_nothing_else() {
    for (expires, later) in [
        ("415890", "355890"),
        ("50000", "0"),
        ("1666711150728", "1666711150728"),
        ("1666711150", "1666711150"),
        ("\"415890\"", "\"415890\""),
        ("-1", "-1"),
    ] {
        let reply = reply(200, &format!(r#"{{"RESULT":true,"EXPIRES":{expires}}}"#));
        let body = reply.body(Duration::from_secs(60)).expect("a body");
        let body = String::from_utf8_lossy(body.expose());
        let expected = format!(r#"{{"EXPIRES":{later},"RESULT":true}}"#);
        assert_eq!(body, expected, "{expires}");
    }
}

#[test]
fn stores_no_more_than_16_kib_and_still_what_matters() {
    let junk = "a".repeat(1 << 19);
    let body = format!(r#"{{"RESULT":true,"USER_NAME":"u","IP":"{junk}","junk":"{junk}"}}"#);
    let stored = serde_json::to_vec(&reply(200, &body).storable()).expect("JSON");
    assert!(stored.len() < 17 << 10, "{}", stored.len());
    let stored: Reply = serde_json::from_slice(&stored).expect("a reply");
    let read = TokenValidation::read("asking", &stored, now());
    let username = read.about.and_then(|about| about.username);
    assert_eq!(username.as_deref(), Some("u"));
}
