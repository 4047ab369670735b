//! What IBKR answers when `ibgw-login` opens the brokerage session after a login, and what becomes of the login.

use super::bring_up::Started;
use super::*;
use crate::support::{eventually, signal};

const OPENING: &str = "/v1/api/iserver/auth/ssodh/init";

/// Scripts IBKR's answers when ibgw-login opens the session.
fn answer_openings(gateway: &Started, answer: &Value) {
    let mut answer = answer.clone();
    answer["path"] = OPENING.into();
    gateway.standin.set(&json!({"answers": [answer]}));
}

/// When our openings reached the Gateway, in milliseconds.
fn openings(gateway: &Started) -> Vec<u64> {
    let asked = gateway.standin.requests();
    let ours = asked
        .iter()
        .filter(|asked| asked["part"] == "gateway" && asked["path"] == OPENING);
    ours.map(|asked| asked["at_ms"].as_u64().expect("a number"))
        .collect()
}

#[test]
fn a_moments_trouble_behind_an_opening_costs_no_login() {
    let gateway = Started::with(&[]);
    answer_openings(
        &gateway,
        &json!({
            "status": 503, "headers": {"Retry-After": "1"}, "times": 2, "body": "Can't connect to backend service",
        }),
    );
    let ran = gateway.login(&[]).exits(0);
    assert_eq!(ran.report()["submissions"], 1, "{}", ran.all());
}

#[test]
fn an_opening_is_made_again_when_ibkr_asks_for_it_and_not_before() {
    let gateway = Started::with(&[]);
    answer_openings(
        &gateway,
        &json!({"status": 429, "headers": {"Retry-After": "4"}, "times": 1}),
    );
    let ran = gateway.login(&[]).exits(0);
    let at = openings(&gateway);
    assert!(at[1] - at[0] >= 4000, "{at:?}: {}", ran.all());
}

#[test]
fn servers_that_name_no_wait_are_left_alone_for_ten_seconds() {
    let gateway = Started::with(&[]);
    answer_openings(&gateway, &json!({"status": 502, "times": 1}));
    let ran = gateway.login(&[]).exits(0);
    let at = openings(&gateway);
    assert!(at[1] - at[0] >= 10_000, "{at:?}: {}", ran.all());
}

#[test]
fn a_wait_beyond_the_time_there_is_left_to_the_caller() {
    let gateway = Started::with(&[]);
    answer_openings(
        &gateway,
        &json!({"status": 429, "headers": {"Retry-After": "3600"}}),
    );
    let ran = gateway.login(&[]).exits(12);
    assert_eq!(ran.error()["retry_after_seconds"], 3600, "{}", ran.all());
    assert_eq!(openings(&gateway).len(), 1, "{}", ran.all());
}

/// Answers that do not say whether the session is open: a Gateway ends, or IBKR's edge refuses.
fn unclear() -> [Value; 5] {
    [
        json!({"mode": "close"}),
        json!({"mode": "reset"}),
        json!({"mode": "garbage"}),
        json!({"status": 403, "body": "Access Denied"}),
        json!({"status": 200, "body": "<html>maintenance</html>"}),
    ]
}

#[test]
fn an_opening_without_a_clear_answer_is_made_again() {
    at_once(4, unclear(), |mut answer| {
        let gateway = Started::with(&[]);
        answer["times"] = 1.into();
        answer_openings(&gateway, &answer);
        let ran = gateway.login(&[]);
        assert_eq!(ran.status, 0, "{answer}: {}", ran.all());
        assert_eq!(ran.report()["submissions"], 1, "{answer}: {}", ran.all());
    });
}

/// Exit 9 calls for a person. IBKR accepted this login, so the tool exits 1 and the next run opens the session.
#[test]
fn openings_that_never_have_a_clear_answer_leave_a_session_to_recover() {
    let with = |bring_up| unclear().map(|answer| (bring_up, answer));
    let cases = ["brokerage", "java"].map(with).into_iter().flatten();
    at_once(4, cases, |(bring_up, answer)| {
        let gateway = Started::with(&["--bring-up", bring_up]);
        gateway
            .standin
            .set(&json!({"bringup": {"needs_init": true}}));
        answer_openings(&gateway, &answer);
        let ran = gateway.login(&[]);
        assert_eq!(ran.status, 1, "{bring_up}, {answer}: {}", ran.all());
        let report = ran.report();
        assert_eq!(report["submissions"], 1, "{}", ran.all());
        assert_eq!(report["reason"], "not_ready", "{}", ran.all());
        gateway.standin.forget_answers();
        let ran = gateway.login(&["--recover-only"]).exits(0);
        assert_eq!(ran.report()["how"], "recovered", "{}", ran.all());
    });
}

#[test]
fn a_gateway_that_ends_while_the_session_is_opened_is_down() {
    let gateway = Started::with(&[]);
    answer_openings(&gateway, &json!({"mode": "hang"}));
    let (child, _folder) = gateway.tool().spawn();
    eventually("the opening", || {
        (!openings(&gateway).is_empty()).then_some(())
    });
    signal(gateway.place.java().expect("it runs"), "KILL");
    let report = Ran::of(child).exits(7).report();
    assert_eq!(report["submissions"], 1, "{report}");
}
