//! The notifications on the phone: sent, approved, refused, expired, and the challenge beside them.

use crate::login::dispatch;
use crate::second_factors::Begun;
use serde_json::json;

const POLL: &str = "PUSH=true&counter=1";

#[test]
fn waits_until_it_is_approved() {
    let login = Begun::with(&["5.2a"], &json!({}));
    login.choose("");
    assert_eq!(login.give(POLL), json!({"auth_res": false}));
    login.standin.control("POST", "/do/approve-push", "{}");
    assert_eq!(login.give(POLL), json!({"auth_res": true}));
    assert_eq!(
        dispatch(&login.standin, &login.proof),
        "Client login succeeds"
    );
}

#[test]
fn is_approved_refused_or_expired_by_the_clock() {
    for (push, answer) in [
        (json!({"approved_after_ms": 0}), json!({"auth_res": true})),
        (
            json!({"approved_after_ms": 600_000}),
            json!({"auth_res": false}),
        ),
        (
            json!({"refused_after_ms": 0, "approved_after_ms": 0}),
            json!({"auth_res": false, "error": "Authentication failed"}),
        ),
        (
            json!({"expires_after_ms": 0, "expired_text": "Too late"}),
            json!({"auth_res": false, "error": "Too late"}),
        ),
    ] {
        let login = Begun::with(&["5.2a"], &json!({"push": push}));
        login.choose("");
        assert_eq!(login.give(POLL), answer, "{push}");
    }
}

#[test]
fn is_counted_each_time_it_is_sent() {
    let login = Begun::with(&["5.2a"], &json!({}));
    login.choose("");
    login.counts("pushes", 1);
    login.counts("resends", 0);
    login.choose("");
    login.counts("pushes", 2);
    login.counts("resends", 1);
}

#[test]
fn is_finished_by_the_answer_to_the_challenge_beside_it_too() {
    let login = Begun::with(&["5.2a"], &json!({"push": {"with_challenge": true}}));
    assert_eq!(
        login.choose(""),
        json!({"type": "PUSH", "challenge": "111 222"})
    );
    assert_eq!(login.give(POLL), json!({"auth_res": false}));
    assert_eq!(login.give("RESPONSE=39166143"), json!({"auth_res": true}));
    login.counts("pushes", 1);
}

#[test]
fn is_not_sent_again_by_asking_for_a_challenge() {
    let login = Begun::with(&["5.2a"], &json!({}));
    login.choose("");
    assert_eq!(
        login.choose("&CHALLENGE=true"),
        json!({"type": "SWCR", "challenge": "111 222"})
    );
    login.counts("pushes", 1);
    login.standin.control("POST", "/do/approve-push", "{}");
    assert_eq!(login.give(POLL), json!({"auth_res": true}));
}

#[test]
fn is_not_counted_where_a_qr_code_is_shown() {
    let login = Begun::with(&["5.2a"], &json!({"push": {"by_qr_code": true}}));
    login.choose("");
    login.counts("pushes", 0);
    login.standin.control("POST", "/do/approve-push", "{}");
    assert_eq!(login.give(POLL), json!({"auth_res": true}));
}
