//! What becomes of a session whose opening IBKR refuses.

use super::*;

/// A session whose brokerage half was dropped, and what the next openings of it are answered by.
fn opened_by(answer: &Value, times: u32) -> Standin {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    standin.make("drop-brokerage", &json!({}));
    let mut answer = answer.clone();
    answer["path"] = "/v1/api/iserver/auth/ssodh/init".into();
    answer["times"] = times.into();
    standin.set(&json!({"answers": [answer]}));
    standin
}

#[test]
fn a_session_that_is_gone_is_not_recovered() {
    for answer in [
        // Voyz/ibeam#174, Voyz/ibind#134.
        json!({"status": 410, "body": ""}),
        json!({"status": 410, "body": {"error": "gone"}}),
        json!({"status": 401, "body": ""}),
    ] {
        let standin = opened_by(&answer, 1);
        let no = login(&standin).args(["--recover-only"]).run();
        let no = no.exits(1).is_silent_on_stderr();
        assert_eq!(no.report()["state"], "not_authenticated", "{}", no.all());
        sent(&standin, 0, 0);
        // Another run may have made it ready meanwhile, so it is tried once more before the login.
        let standin = opened_by(&answer, 2);
        let ran = login(&standin).stdin(plain()).run().exits(0);
        assert_eq!(ran.report()["how"], "direct", "{}", ran.all());
        sent(&standin, 1, 0);
    }
}

#[test]
fn a_session_without_a_bridge_is_one_without_a_brokerage_session() {
    // Voyz/ibind#104: IBKR may say so in place of flags, until the session is open.
    let standin = opened_by(&json!({"status": 200, "body": {"wait": true}}), 1);
    let answer = json!({
        "path": "/v1/api/iserver/auth/status", "status": 400, "times": 1,
        "body": {"error": "Bad Request: no bridge", "statusCode": 400},
    });
    standin.set(&json!({"answers": [answer]}));
    let ran = login(&standin)
        .args(["--recover-only", "--timeout", "5s"])
        .run()
        .exits(1);
    assert_eq!(ran.report()["state"], "not_authenticated", "{}", ran.all());
    let truth = standin.truth();
    assert_eq!(truth["submissions"], 0, "{truth}");
}

#[test]
fn an_opening_that_ibkr_cannot_make_is_no_reason_to_log_in() {
    // Voyz/ibind#152.
    let answer = json!({"status": 500, "body": {"error": "failed to generate sso dh token"}});
    let standin = opened_by(&answer, 9);
    let ran = login(&standin).stdin(plain()).run().exits(12);
    let message = ran.error()["message"].to_string();
    assert!(message.contains("sso dh token"), "{message}");
    sent(&standin, 0, 0);
}
