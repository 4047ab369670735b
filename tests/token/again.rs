//! When the tool asks again, and when it does not.

use super::{Bank, message, says, success};
use crate::support::{Ran, at_once};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::time::{Duration, Instant};

/// A run of the tool with these answers, one after the other.
fn after(bank: &Bank, answers: &[Value], timeout: &str) -> (Ran, Duration) {
    let each_once: Vec<Value> = answers
        .iter()
        .map(|answer| {
            let mut answer = answer.clone();
            answer["times"] = 1.into();
            answer
        })
        .collect();
    bank.answers(&each_once);
    let begin = Instant::now();
    let ran = bank.token().args(["--timeout", timeout]).run();
    (ran, begin.elapsed())
}

#[test]
fn comes_through_a_short_failure_of_ibkrs() {
    at_once(4, [502, 503, 504], |status| {
        let bank = Bank::new();
        let failure = json!({"status": status, "body": "<html><title>Sorry</title></html>"});
        let (ran, _) = after(&bank, &[failure.clone(), failure], "30s");
        says(ran, "issued", 0);
        assert_eq!(bank.requests().len(), 3, "{status}");
    });
}

/// A second passes between the attempts, and signatures are dated to the second.
#[test]
fn signs_and_seals_each_attempt_afresh() {
    let bank = Bank::new();
    let failure = json!({"status": 503, "headers": {"Retry-After": "1"}, "body": ""});
    let (ran, _) = after(&bank, &[failure.clone(), failure], "30s");
    says(ran, "issued", 0);
    let payloads: BTreeSet<String> = bank.requests().iter().map(payload).collect();
    assert_eq!(payloads.len(), 3, "each payload differs");
    let signed_at: BTreeSet<String> = payloads
        .iter()
        .map(|payload| {
            let message = STANDARD.decode(payload).expect("it is base64");
            let (_, said) = bank.gpg.open(&message);
            let dated = said.split("VALIDSIG ").nth(1);
            let time = dated.and_then(|dated| dated.split(' ').nth(2));
            time.unwrap_or_else(|| panic!("no signature: {said}"))
                .to_owned()
        })
        .collect();
    assert_eq!(signed_at.len(), 3, "each is signed anew: {signed_at:?}");
}

fn payload(request: &Value) -> String {
    let body = request["body"].as_str().unwrap_or_default();
    let body: Value = serde_json::from_str(body).expect("the body is JSON");
    body["payload"]
        .as_str()
        .expect("it has a payload")
        .to_owned()
}

#[test]
fn gives_up_after_three_attempts() {
    let bank = Bank::new();
    bank.answers(&[json!({"status": 503, "body": ""})]);
    let ran = bank.token().run();
    assert_eq!(ran.error()["retry"], true, "{}", ran.all());
    says(ran, "unavailable", 12);
    assert_eq!(bank.requests().len(), 3);
}

#[test]
fn repeats_once_what_may_have_been_done() {
    at_once(8, ["close", "reset", "hang", "half", "garbage"], |mode| {
        let bank = Bank::new();
        let lost = json!({"mode": mode, "status": 200, "body": success("lost")});
        let (ran, took) = after(&bank, std::slice::from_ref(&lost), "9s");
        says(ran, "issued", 0);
        assert_eq!(bank.requests().len(), 2, "{mode}");
        assert!(took < Duration::from_secs(20), "{mode}: {took:?}");
        // The tool asks only twice.
        let (ran, _) = after(&bank, &[lost.clone(), lost], "9s");
        let (state, exit) = match mode {
            "hang" => ("timed_out", 8),
            _ => ("unknown", 9),
        };
        says(ran.never_shows("lost\""), state, exit);
        assert_eq!(bank.requests().len(), 4, "{mode}");
    });
}

#[test]
fn waits_for_a_slow_answer_after_one_that_never_came() {
    let bank = Bank::new();
    let never = json!({"mode": "hang"});
    let slow = json!({"status": 200, "body": success("slow"), "delay_ms": 4000});
    // A third of the time, or half of what is left after the first attempt, would be too little.
    let (ran, _) = after(&bank, &[never, slow], "12s");
    let report = says(ran, "issued", 0);
    assert_eq!(report["access_token"], "slow");
    assert_eq!(bank.requests().len(), 2);
}

#[test]
fn tries_a_host_that_is_not_there_three_times() {
    let bank = Bank::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("its number").port();
    drop(listener);
    let url = format!("https://localhost:{port}/sso/dam/token");
    let ran = bank
        .token()
        .args(["-v", "--token-url", &url])
        .run()
        .exits(7);
    let asked = ran.stderr.matches("\"event\":\"request\"").count();
    assert_eq!(asked, 3, "{}", ran.all());
    assert_eq!(ran.report()["state"], "down", "{}", ran.all());
}

/// In a network of its own, without a way to a name server.
#[test]
fn tries_an_unknown_host_three_times() {
    let bank = Bank::new();
    let url = "https://no-such-host.invalid/sso/dam/token";
    let tool = bank.token().args(["-v", "--token-url", url]);
    let ran = tool
        .in_shell(r#"exec unshare -rn "$0" "$@""#)
        .run()
        .exits(7);
    let asked = ran.stderr.matches("\"event\":\"request\"").count();
    assert_eq!(asked, 3, "{}", ran.all());
}

#[test]
fn tries_tls_that_breaks_off_again_and_a_wrong_certificate_not() {
    let cases = [("closes", 3), ("expired", 1), ("wrong-name", 1)];
    at_once(4, cases, |(lie, attempts)| {
        let bank = Bank::with(&["--tls", lie]);
        let ran = bank.token().run();
        let said = message(&ran);
        assert!(said.contains("TLS does not work"), "{lie}: {said}");
        says(ran, "down", 7);
        let handshakes = &bank.standin.truth()["sso"]["handshakes"];
        assert_eq!(handshakes, attempts, "{lie}");
        assert!(bank.requests().is_empty(), "{lie}: nothing is sent");
    });
}

#[test]
fn waits_as_long_as_a_429_asks_or_comes_back_later() {
    let bank = Bank::new();
    let paced = |header: Option<&str>| match header {
        Some(seconds) => json!({"status": 429, "headers": {"Retry-After": seconds}, "body": ""}),
        None => json!({"status": 429, "body": ""}),
    };
    let (ran, took) = after(&bank, &[paced(Some("2"))], "30s");
    says(ran, "issued", 0);
    assert!(took >= Duration::from_secs(2), "{took:?}");
    assert_eq!(bank.requests().len(), 2);
    // A wait that does not fit into the run ends it at once. The caller may try again later.
    for (header, wait) in [(Some("60"), 60), (None, 900)] {
        let before = bank.requests().len();
        let (ran, took) = after(&bank, &[paced(header)], "30s");
        assert_eq!(ran.error()["retry_after_seconds"], wait, "{}", ran.all());
        says(ran, "unavailable", 12);
        assert_eq!(bank.requests().len(), before + 1, "{header:?}");
        assert!(took < Duration::from_secs(15), "{took:?}");
    }
}

#[test]
fn takes_a_wait_of_no_seconds_for_none_given() {
    let bank = Bank::new();
    let at_once =
        |status: u16| json!({"status": status, "headers": {"Retry-After": "0"}, "body": ""});
    let (ran, _) = after(&bank, &[at_once(429)], "30s");
    assert_eq!(ran.error()["retry_after_seconds"], 900, "{}", ran.all());
    says(ran, "unavailable", 12);
    assert_eq!(bank.requests().len(), 1, "not sent again");
    // One of the two waits may be zero by chance. Both are zero once in half a million runs.
    bank.answers(&[at_once(503)]);
    let ran = bank.token().args(["-v"]).run().exits(12);
    assert_eq!(bank.requests().len(), 4, "{}", ran.all());
    let waits = ran.stderr.matches("; again in ").count();
    let at_once = ran.stderr.matches("; again in 0 ms").count();
    assert!(waits == 2 && at_once < 2, "{}", ran.all());
}

#[test]
fn ends_in_time_whatever_the_host_does() {
    let cases = [("hang", 50), ("drip", 1000), ("drip", 20)];
    at_once(4, cases, |(mode, drip_ms)| {
        let bank = Bank::new();
        let answer =
            json!({"mode": mode, "status": 200, "body": success("slow"), "drip_ms": drip_ms});
        bank.answers(&[answer]);
        let begin = Instant::now();
        let ran = bank.token().args(["--timeout", "1500ms"]).run();
        let took = begin.elapsed();
        says(ran, "timed_out", 8);
        assert!(took < Duration::from_secs(10), "{mode} took {took:?}");
        assert!(bank.requests().len() <= 2, "{mode}");
    });
}

/// A host that takes connections and does nothing with them: the tool cannot have sent anything.
#[test]
fn ends_in_time_when_no_server_takes_the_connection_further() {
    let bank = Bank::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("its number").port();
    let url = format!("https://localhost:{port}/sso/dam/token");
    let begin = Instant::now();
    let tool = bank.token().args(["-v", "--token-url", &url]);
    // The waits between the attempts take up to a second and a half, and leave time for a third one.
    let ran = tool.args(["--timeout", "8s"]).run().exits(8);
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert_eq!(ran.report()["state"], "timed_out", "{}", ran.all());
    let asked = ran.stderr.matches("no connection in time").count();
    // Two failures appear twice, before and after the wait. The error repeats the last one.
    assert_eq!(asked, 6, "{}", ran.all());
    let sent = ran.stderr.matches("no whole answer").count();
    assert_eq!(sent, 0, "{}", ran.all());
}
