//! Logging in through the gateway without a browser.

use crate::proof::{self, Proof};
use crate::served::{PATIENCE, Served};
use serde_json::{Value, json};

fn authenticate(standin: &Served, form: &str) -> Value {
    standin
        .ask(
            "POST",
            "/sso/Authenticator",
            &format!("{form}&RESP_TYPE=JSON&SERVICE=AM.LOGIN"),
        )
        .json()
}

/// A step after the proof, with the cookies that the page has set by then.
pub(crate) fn authenticate_as(standin: &Served, proof: &Proof, form: &str) -> Value {
    let form = format!("{form}&RESP_TYPE=JSON&SERVICE=AM.LOGIN");
    let answer = standin.try_ask(
        "POST",
        "/sso/Authenticator",
        &cookies(proof),
        &form,
        PATIENCE,
    );
    answer.expect("an answer of the Authenticator").json()
}

fn cookies(proof: &Proof) -> String {
    format!("XYZAB_AM.LOGIN={0}; XYZAB={0}", proof.cookie)
}

/// INIT and COMPLETEAUTH; gives the proof and the answer to it.
pub(crate) fn prove(
    standin: &Served,
    user: &str,
    password: &str,
    login_type: u8,
) -> (Proof, Value) {
    assert_eq!(
        standin
            .ask("GET", "/sso/Login?forwardTo=22&RL=1&ip2loc=US", "")
            .status,
        200
    );
    let number = proof::public_number();
    let ini = authenticate(
        standin,
        &format!("ACTION=INIT&USER={user}&A={number}&LOGIN_TYPE={login_type}"),
    );
    let proof = proof::answer(user, password, &ini);
    let form = format!(
        "ACTION=COMPLETEAUTH&USER={user}&M1={}&VERSION=1&EKX={}&LOGIN_TYPE={login_type}",
        proof.m1, proof.sealed_key
    );
    let answer = authenticate(standin, &form);
    (proof, answer)
}

/// The Dispatcher's body.
pub(crate) fn dispatch(standin: &Served, proof: &Proof) -> String {
    let answer = standin
        .try_ask(
            "POST",
            "/sso/Dispatcher",
            &cookies(proof),
            "loginType=1&forwardTo=22",
            PATIENCE,
        )
        .expect("an answer of the Dispatcher");
    assert_eq!(answer.status, 200);
    answer.text()
}

#[test]
fn becomes_ready_after_the_dispatcher_by_the_gateways_own_bring_up() {
    let standin = Served::start();
    assert_eq!(standin.ask("POST", "/v1/api/tickle", "").status, 401);
    let (proof, answer) = prove(&standin, "testuser01", "Correct-Horse1", 1);
    assert_eq!(answer, json!({"M2": proof.m2, "reached_max_login": false}));
    standin.control("DELETE", "/requests", "");
    assert_eq!(dispatch(&standin, &proof), "Client login succeeds");
    let state = standin.until("authenticated", |state| state["authenticated"] == true);
    assert_eq!(
        (&state["user"], &state["mode"], &state["submissions"]),
        (&json!("testuser01"), &json!("live"), &json!(1))
    );
    let tickle = standin.tickle();
    for (flag, expected) in [
        ("authenticated", true),
        ("connected", true),
        ("established", true),
        ("competing", false),
    ] {
        assert_eq!(tickle[flag], expected, "{flag} in {tickle}");
    }
    assert_eq!(
        standin.asked("upstream")[..7],
        [
            "POST /sso/Dispatcher",
            "GET /v1/portal/sso/validate",
            "GET /v1/portal/one/user",
            "GET /v1/portal/ssodh/init",
            "GET /v1/portal/ssodh/st",
            "GET /v1/portal/iserver/auth/status",
            "POST /v1/portal/iserver/auth/ssodh/init",
        ]
    );
}

#[test]
fn sends_the_login_page_again_without_a_login() {
    let standin = Served::start();
    let (proof, _) = prove(&standin, "testuser01", "Wrong-Horse", 1);
    assert!(dispatch(&standin, &proof).contains("loginformWrapper"));
    let (right, _) = prove(&standin, "testuser01", "Correct-Horse1", 1);
    let stale = Proof {
        cookie: proof.cookie,
        ..right
    };
    assert!(
        dispatch(&standin, &stale).contains("loginformWrapper"),
        "a stale cookie opens nothing"
    );
    assert_eq!(standin.state()["sso"], false);
}

#[test]
fn takes_each_code_of_the_authenticator_once() {
    let standin = Served::start();
    let code = proof::code();
    let send = |proof: &Proof, code: &str| {
        authenticate_as(
            &standin,
            proof,
            &format!("ACTION=COMPLETETWOFACT&RESPONSE={code}&SF=4&VERSION=1"),
        )
    };
    let (proof, answer) = prove(&standin, "totpuser", "Correct-Horse2", 1);
    assert_eq!(answer["sftypes"], json!(["4"]));
    assert!(
        dispatch(&standin, &proof).contains("loginformWrapper"),
        "the second factor is missing"
    );
    let (proof, _) = prove(&standin, "totpuser", "Correct-Horse2", 1);
    let choose = |proof: &Proof| {
        authenticate_as(
            &standin,
            proof,
            &format!("ACTION=COMPLETEAUTH_1&M1={}&VERSION=1&SF=4", proof.m1),
        )
    };
    let strange = Proof {
        cookie: proof
            .cookie
            .replace(|letter: char| letter.is_ascii_hexdigit(), "2"),
        m1: proof.m1.clone(),
        m2: proof.m2.clone(),
        sealed_key: proof.sealed_key.clone(),
    };
    assert_eq!(choose(&strange)["error"], "Authentication failed");
    let chosen = choose(&proof);
    assert_eq!(chosen["two_factor"]["type"], "SWTK");
    assert_eq!(
        send(&proof, "12345"),
        json!({"auth_res": false, "error": "Incorrect security code"})
    );
    assert_eq!(send(&proof, &code), json!({"auth_res": true}));
    assert_eq!(dispatch(&standin, &proof), "Client login succeeds");
    let (proof, _) = prove(&standin, "totpuser", "Correct-Horse2", 1);
    choose(&proof);
    assert_eq!(send(&proof, &code)["auth_res"], false);
    assert_eq!(standin.state()["codes"], 3);
}

#[test]
fn locks_a_username_after_ten_failures_for_a_day_since_the_last() {
    let standin = Served::start();
    for failure in 1..=10 {
        let (_, answer) = prove(&standin, "testuser01", "Wrong-Horse", 1);
        assert_eq!(
            answer,
            json!({"M2": null, "reached_max_login": failure == 10}),
            "failure {failure}"
        );
    }
    let (_, answer) = prove(&standin, "testuser01", "Correct-Horse1", 1);
    assert_eq!(answer, json!({"M2": null, "reached_max_login": true}));
    assert_eq!(standin.state()["failed_logins"]["testuser01"], 11);
    standin.control("POST", "/set", r#"{"clock_skew_ms": 86400000}"#);
    let (proof, answer) = prove(&standin, "testuser01", "Correct-Horse1", 1);
    assert_eq!(answer["M2"], json!(proof.m2));
    assert_eq!(standin.state()["failed_logins"], json!({}));
}

#[test]
fn refuses_a_paper_username_in_live_mode_and_asks_it_for_no_second_factor() {
    let standin = Served::start();
    let (_, answer) = prove(&standin, "paperuser", "Correct-Horse3", 1);
    assert!(
        answer["error"]
            .as_str()
            .is_some_and(|text| text.starts_with("You have selected the Live")),
        "{answer}"
    );
    let (proof, _) = prove(&standin, "paperuser", "Correct-Horse3", 2);
    assert_eq!(dispatch(&standin, &proof), "Client login succeeds");
    assert_eq!(standin.state()["mode"], "paper");
}
