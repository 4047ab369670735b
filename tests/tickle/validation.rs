//! The second call, `sso/validate`.

use super::{answered, asked, ready, says, tickle};
use serde_json::{Value, json};

const BOTH: [&str; 2] = ["POST /v1/api/tickle", "GET /v1/api/sso/validate"];

/// A tickle of a session that is ready and ends so soon.
fn ending(milliseconds: u64) -> Value {
    json!({"status": 200, "body": {"session": "0123", "ssoExpires": milliseconds, "iserver": {"authStatus": {
        "authenticated": true, "connected": true, "established": true, "competing": false,
        "serverInfo": {"serverName": "JifN19053"},
    }}}})
}

#[test]
fn validates_when_asked_to() {
    let standin = ready();
    says(tickle(&standin).args(["--validate"]).run(), "ready", 0);
    assert_eq!(asked(&standin), BOTH);
}

#[test]
fn validates_unasked_only_near_the_end() {
    let standin = ready();
    says(answered(&standin, &ending(61_000)), "ready", 0);
    assert_eq!(asked(&standin), BOTH[..1]);
    let report = says(answered(&standin, &ending(59_000)), "ready", 0);
    assert_eq!(asked(&standin)[1..], BOTH);
    // The stand-in extends the session to 590 seconds, as the Gateway does.
    assert_eq!(report["warnings"], json!([]));
}

#[test]
fn says_no_session_when_the_read_only_session_is_not_valid() {
    let standin = ready();
    for answer in [
        json!({"status": 200, "body": {"RESULT": false}}),
        json!({"status": 401}),
    ] {
        let mut scripted = answer.clone();
        scripted["path"] = json!("/v1/api/sso/validate");
        scripted["times"] = json!(1);
        standin.set(&json!({"answers": [scripted]}));
        let ran = tickle(&standin).args(["--validate"]).run();
        let report = says(ran, "no_session", 1);
        assert_eq!(report["session_expires_at"], Value::Null, "{answer}");
    }
}

#[test]
fn keeps_to_the_tickle_when_the_validation_has_no_answer() {
    let standin = ready();
    standin.set(&json!({"answers": [{"path": "/v1/api/sso/validate", "status": 503}]}));
    let report = says(answered(&standin, &ending(30_000)), "ready", 0);
    let warnings = json!(["validation_unanswered", "session_expires_soon"]);
    assert_eq!(report["warnings"], warnings);
}

#[test]
fn does_not_validate_what_is_not_there() {
    let standin = ready();
    standin.make("drop-session", &json!({}));
    says(tickle(&standin).args(["--validate"]).run(), "no_session", 1);
    assert_eq!(asked(&standin), BOTH[..1]);
}
