//! The way to the Web API: time, TLS, sizes, redirects, retries.

use super::brokerage::GUIDE;
use super::{Device, VALIDATE, message, says};
use crate::support::{Standin, Tool};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::time::{Duration, Instant};

const PATH: &str = "/sso/validate";

/// The tool, about to talk to an address without the stand-in's certificate.
fn tool_at(device: &Device, url: &str) -> Tool {
    Tool::new("ibsso-validate")
        .state(device.state.path())
        .args(["--api-url", url])
        .stdin(device.line())
}

/// The tool ends in time, even if the host does not answer.
#[test]
fn ends_in_time_whatever_the_host_does() {
    for (mode, exit) in [
        ("hang", 8),
        ("drip", 8),
        ("garbage", 9),
        ("close", 9),
        ("reset", 9),
        ("half", 9),
    ] {
        let answer =
            json!({"mode": mode, "status": 200, "body": "{\"RESULT\":true}", "drip_ms": 1000});
        let device = Device::answering(PATH, answer);
        let begin = Instant::now();
        let ran = device.tool().args(["--timeout", "2s"]).run().exits(exit);
        let took = begin.elapsed();
        assert!(took < Duration::from_secs(10), "{mode} took {took:?}");
        // The tool does not repeat a request that may have been sent.
        assert_eq!(device.asked(), [VALIDATE], "{mode}: {}", ran.all());
    }
}

#[test]
fn says_when_to_come_back_after_a_silence() {
    let device = Device::answering(PATH, json!({"mode": "hang"}));
    let ran = device.tool().args(["--timeout", "2s"]).run();
    assert_eq!(ran.error()["retry_after_seconds"], 60, "{}", ran.all());
    says(ran, "timed_out", 8);
}

/// Without TLS the tool sent nothing, so the next run need not wait and asks.
#[test]
fn spends_no_minute_on_a_listener_that_never_speaks_tls() {
    let device = Device::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let url = format!("https://127.0.0.1:{port}/v1/api");
    for _ in 0..2 {
        let ran = tool_at(&device, &url).args(["--timeout", "1s"]).run();
        assert!(message(&ran).contains("no connection"), "{}", ran.all());
        let error = ran.error();
        assert_eq!(error["retry_after_seconds"], Value::Null, "{error}");
        says(ran, "timed_out", 8);
    }
    listener.set_nonblocking(true).expect("it can be set");
    let connections = listener.incoming().take_while(Result::is_ok).count();
    assert_eq!(connections, 2);
}

#[test]
fn reads_no_more_than_a_mebibyte() {
    let answer = json!({"status": 200, "body": "{\"RESULT\":true}  ", "body_repeat": 1 << 17});
    let device = Device::answering(PATH, answer);
    let ran = device.tool().run().exits(9).is_silent_on_stdout();
    assert!(message(&ran).contains("1 MiB"), "{}", ran.all());
}

/// While nothing was sent, the tool makes up to three attempts, with pauses.
#[test]
fn tries_three_times_while_no_connection_stands() {
    let device = Device::with(&["--tls", "closes"]);
    let begin = Instant::now();
    let ran = device.tool().run();
    assert!(message(&ran).contains("TLS does not work"), "{}", ran.all());
    says(ran, "down", 7);
    assert_eq!(device.handshakes(), 3);
    assert!(begin.elapsed() < Duration::from_secs(20));
    assert_eq!(device.asked(), [""; 0]);
}

#[test]
fn tries_once_when_the_certificate_is_not_to_be_trusted() {
    for lie in ["expired", "wrong-name"] {
        let device = Device::with(&["--tls", lie]);
        let ran = device.tool().run();
        assert!(message(&ran).contains("TLS does not work"), "{}", ran.all());
        says(ran, "down", 7);
        assert_eq!(device.handshakes(), 1, "{lie}");
        assert_eq!(device.asked(), [""; 0], "{lie}");
    }
}

#[test]
fn says_down_when_nothing_listens_and_when_there_is_no_such_host() {
    let device = Device::new();
    // No resolver is asked for a label of 64 letters (RFC 1035 2.3.4).
    let nowhere = format!("https://{}.example/v1/api", "a".repeat(64));
    for url in ["https://localhost:1/v1/api", &nowhere] {
        let ran = tool_at(&device, url).run();
        assert!(message(&ran).contains("--api-url"), "{}", ran.all());
        says(ran, "down", 7);
    }
}

/// No redirect is followed, and the token reaches no second host.
#[test]
fn follows_no_redirect_and_shows_the_token_to_no_second_host() {
    let other = Device::new();
    for status in [301, 302, 303, 307, 308] {
        let place = format!("{}/sso/validate", other.standin.api_url());
        let answer = json!({"status": status, "headers": {"Location": place}});
        let device = Device::answering(PATH, answer.clone());
        let ran = device.tool().run().exits(9).is_silent_on_stdout();
        assert!(message(&ran).contains("redirect"), "{}", ran.all());
        assert_eq!(device.asked(), [VALIDATE]);
        // Nor a redirect of a POST, which 307 and 308 would repeat unchanged.
        for (endpoint, flag) in [
            (GUIDE, "--brokerage"),
            ("/tickle", "--tickle"),
            ("/logout", "--logout"),
        ] {
            let device = Device::answering(endpoint, answer.clone());
            let ran = device.tool().args([flag]).run().exits(9);
            let ran = ran.is_silent_on_stdout();
            assert!(message(&ran).contains("redirect"), "{}", ran.all());
            let asked = device.asked();
            let posts = asked.iter().filter(|asked| asked.starts_with("POST"));
            assert_eq!(posts.count(), 1, "{asked:?}");
        }
    }
    assert_eq!(other.handshakes(), 0);
    assert_eq!(other.asked(), [""; 0]);
}

/// Plain http is only for a loopback host.
#[test]
fn refuses_addresses_that_it_cannot_trust() {
    let device = Device::new();
    for url in [
        "http://api.ibkr.com/v1/api",
        "http://127.0.0.1.example/v1/api",
        "https://user:planted@localhost/v1/api",
        "https://localhost/v1/api?x=planted",
        "ftp://localhost/v1/api",
        "planted",
        "",
    ] {
        let ran = tool_at(&device, url).run().exits(2).is_silent_on_stdout();
        let ran = ran.never_shows("planted");
        assert_eq!(ran.error()["error"], "usage", "{url}");
    }
}

#[test]
fn talks_plainly_to_a_loopback_host() {
    let device = Device::new();
    let standin = Standin::serve();
    let url = standin.upstream_url().to_owned() + "/v1/api";
    assert!(url.starts_with("http://127.0.0.1"), "{url}");
    // Its answer does not matter: the tool asked it.
    let ran = tool_at(&device, &url).run();
    let asked = standin.requests().into_iter();
    let paths: Vec<_> = asked.map(|request| request["path"].clone()).collect();
    assert_eq!(paths, ["/v1/api/sso/validate"], "{}", ran.all());
}

#[test]
fn goes_to_a_loopback_host_without_a_proxy() {
    let device = Device::new();
    let proxy = "http://127.0.0.1:1";
    says(device.tool().env("HTTPS_PROXY", proxy).run(), "valid", 0);
}
