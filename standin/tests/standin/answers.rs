//! Scripted answers, and the paths that the gateway answers without the upstream.

use crate::client::ask_securely;
use crate::served::{PATIENCE, Served};
use ib_testkit::{HttpAnswer, ask_plainly};
use std::io;
use std::time::{Duration, Instant};

/// Long enough for an answer to come if one did.
const BRIEFLY: Duration = Duration::from_millis(400);

fn scripted(answer: &str) -> (Served, io::Result<HttpAnswer>) {
    let standin = Served::start();
    standin.control("POST", "/set", &format!(r#"{{"answers":[{answer}]}}"#));
    let answer = standin.try_ask("POST", "/v1/api/tickle", "", "", BRIEFLY);
    (standin, answer)
}

fn unheard(answer: &io::Result<HttpAnswer>) -> bool {
    answer
        .as_ref()
        .is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
}

#[test]
fn answers_as_told_as_often_as_told() {
    let (standin, answer) = scripted(
        r#"{"path":"/v1/api/tickle","method":"POST","status":429,"headers":{"Retry-After":"7"},"body":{"error":"slow down"},"times":1}"#,
    );
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.status, answer.header("Retry-After")),
        (429, Some("7"))
    );
    assert_eq!(answer.text(), r#"{"error":"slow down"}"#);
    assert_eq!(standin.ask("POST", "/v1/api/tickle", "").status, 401);
    assert_eq!(standin.asked("gateway"), ["POST /v1/api/tickle"; 2]);
}

#[test]
fn hangs_until_the_answers_are_cleared() {
    let (standin, answer) = scripted(r#"{"path":"/v1/api/tickle","mode":"hang"}"#);
    assert!(unheard(&answer), "{answer:?}");
    standin.control("DELETE", "/answers", "");
    assert_eq!(standin.ask("POST", "/v1/api/tickle", "").status, 401);
}

#[test]
fn drips_for_ever() {
    let standin = Served::start();
    standin.control(
        "POST",
        "/set",
        r#"{"answers":[{"path":"/","mode":"drip","drip_ms":20}]}"#,
    );
    let (sender, receiver) = std::sync::mpsc::channel();
    let port = standin.port;
    std::thread::spawn(move || {
        // Each byte comes within the read's limit; together they never end.
        sender.send(ask_securely(port, "GET", "/", "", "", BRIEFLY).map(|answer| answer.status))
    });
    assert!(
        receiver.recv_timeout(BRIEFLY * 3).is_err(),
        "the drip ended"
    );
}

#[test]
fn sends_what_is_no_http() {
    let (_standin, answer) = scripted(r#"{"path":"/v1/api/tickle","mode":"garbage"}"#);
    let error = answer.expect_err("no answer");
    assert!(error.to_string().contains("NO-SUCH-PROTOCOL"), "{error}");
}

#[test]
fn closes_in_order_or_by_reset_or_half_way() {
    let (_standin, answer) = scripted(r#"{"path":"/v1/api/tickle","mode":"close"}"#);
    assert_eq!(answer.expect_err("no answer").to_string(), "\"\"");
    let (_standin, answer) = scripted(r#"{"path":"/v1/api/tickle","mode":"reset"}"#);
    assert_eq!(
        answer.expect_err("no answer").kind(),
        io::ErrorKind::ConnectionReset
    );
    let (_standin, answer) = scripted(r#"{"path":"/v1/api/tickle","mode":"half","body":"{\"a\""}"#);
    assert_eq!(
        answer.expect_err("no answer").to_string(),
        "less than announced"
    );
}

#[test]
fn delays_the_true_answer_when_told_only_that() {
    let start = Instant::now();
    let standin = Served::start();
    standin.control(
        "POST",
        "/set",
        r#"{"answers":[{"path":"/v1/api/tickle","delay_ms":200}]}"#,
    );
    let answer = standin
        .try_ask("POST", "/v1/api/tickle", "", "", PATIENCE)
        .expect("an answer");
    assert_eq!(answer.status, 401);
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[test]
fn gives_no_byte_when_the_upstream_misbehaves_and_freezes_after_five() {
    let standin = Served::start();
    for mode in ["garbage", "close", "reset"] {
        let answer = format!(
            r#"{{"answers":[{{"part":"upstream","path":"/v1/api/tickle","mode":"{mode}","times":1}}]}}"#
        );
        standin.control("POST", "/set", &answer);
        let answer = standin.try_ask("POST", "/v1/api/tickle", "", "", BRIEFLY);
        assert!(unheard(&answer), "{mode}: {answer:?}");
    }
    assert_eq!(
        standin.ask("POST", "/v1/api/tickle", "").status,
        401,
        "failed calls give their connection back"
    );
    standin.control(
        "POST",
        "/set",
        r#"{"answers":[{"part":"upstream","path":"/v1/api/tickle","mode":"hang"}]}"#,
    );
    for call in 1..=5 {
        assert!(
            unheard(&standin.try_ask("POST", "/v1/api/tickle", "", "", BRIEFLY)),
            "call {call}"
        );
    }
    assert!(
        unheard(&standin.try_ask("GET", "/v1/api/one/user", "", "", BRIEFLY)),
        "all five are taken"
    );
    assert_eq!(
        standin.ask("GET", "/", "").status,
        302,
        "answered without the upstream"
    );
}

#[test]
fn answers_some_paths_without_the_upstream() {
    let standin = Served::start();
    let answer = standin.ask("GET", "/", "");
    assert_eq!(
        (answer.status, answer.header("Location")),
        (302, Some("/sso/Login?forwardTo=22&RL=1&ip2loc=US"))
    );
    let answer = standin.ask("GET", "/nosuch", "");
    let outside = format!("http://{}/nosuch", standin.upstream);
    assert_eq!(
        (answer.status, answer.header("Location")),
        (302, Some(outside.as_str()))
    );
    assert_eq!(standin.ask("GET", "/clear", "").text(), "cleared");
    assert_eq!(standin.asked("upstream"), [""; 0]);
    let refused =
        ask_plainly(&standin.upstream, "GET", "/nosuch", "").expect("an answer of the upstream");
    assert_eq!(refused.status, 404);
}
