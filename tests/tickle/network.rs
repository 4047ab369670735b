//! The way to the Gateway: time, TLS, sizes, addresses.

use super::{answered, asked, ready, says, tickle};
use crate::support::{ClosedPort, Standin, Tool};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

#[test]
fn ends_in_time_whatever_the_gateway_does() {
    for (mode, state, exit) in [
        ("hang", "timed_out", 8),
        ("drip", "timed_out", 8),
        ("garbage", "unknown", 9),
        ("close", "unknown", 9),
        ("reset", "unknown", 9),
        ("half", "unknown", 9),
    ] {
        let standin = Standin::serve();
        standin.set(&json!({"answers": [{
            "path": "/v1/api/tickle", "mode": mode, "status": 200, "body": "{\"session\":", "drip_ms": 50,
        }]}));
        let begin = Instant::now();
        let ran = tickle(&standin).args(["--timeout", "700ms"]).run();
        let took = begin.elapsed();
        says(ran, state, exit);
        assert!(took < Duration::from_secs(10), "{mode} took {took:?}");
    }
}

#[test]
fn says_that_a_silent_gateway_gets_no_answer_from_ibkr() {
    let standin = Standin::serve();
    standin.set(&json!({"answers": [{"path": "/v1/api/tickle", "mode": "hang"}]}));
    let ran = tickle(&standin).args(["--timeout", "300ms"]).run();
    let error = ran.error();
    let message = error["message"].to_string();
    assert!(message.contains("gets no answer from IBKR"), "{message}");
    assert_eq!(error["retry"], true);
}

#[test]
fn reads_no_more_than_a_mebibyte() {
    let standin = Standin::serve();
    let body = format!("{{\"session\":\"{}\"}}", "a".repeat(2 << 20));
    let ran = answered(&standin, &json!({"status": 200, "body": body}));
    assert!(ran.stderr.contains("1 MiB"), "{}", ran.stderr);
    says(ran, "unknown", 9);
}

#[test]
fn sends_what_ibkr_asks_of_every_call() {
    let standin = ready();
    says(tickle(&standin).run(), "ready", 0);
    let requests = standin.requests();
    let ours = requests
        .iter()
        .find(|request| request["part"] == "gateway" && request["path"] == "/v1/api/tickle")
        .expect("there is a tickle");
    assert_eq!(ours["headers"]["content-length"], "0", "{ours}");
    let agent = format!("ib-tools/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(ours["headers"]["user-agent"], agent, "{ours}");
    assert!(ours["headers"].get("cookie").is_none(), "{ours}");
}

#[test]
fn says_down_when_nothing_listens() {
    let closed = ClosedPort::new();
    let url = format!("https://localhost:{}", closed.address().port());
    let ran = Tool::new("ibgw-tickle").args(["--url", &url]).run();
    let message = ran.error()["message"].to_string();
    assert!(message.contains("ibgw-start"), "{message}");
    says(ran, "down", 7);
}

#[test]
fn says_timed_out_when_the_listener_never_speaks_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let url = format!("https://127.0.0.1:{port}");
    let ran = Tool::new("ibgw-tickle")
        .args(["--url", &url, "--timeout", "300ms"])
        .run();
    says(ran, "timed_out", 8);
}

/// A server that says the same to whatever it hears first, once; its port, and what it heard.
fn saying(words: &'static [u8]) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut heard = [0; 4096];
        let count = stream.read(&mut heard).expect("the client speaks");
        stream.write_all(words).expect("the client listens");
        String::from_utf8_lossy(&heard[..count]).into_owned()
    });
    (port, server)
}

#[test]
fn says_down_when_what_listens_speaks_no_tls() {
    for words in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b""] {
        let url = format!("https://127.0.0.1:{}", saying(words).0);
        let ran = Tool::new("ibgw-tickle").args(["--url", &url]).run();
        let message = ran.error()["message"].to_string();
        assert!(message.contains("TLS does not work"), "{message}");
        says(ran, "down", 7);
    }
}

#[test]
fn says_unknown_when_plain_http_meets_tls() {
    let standin = ready();
    let url = standin.url().replace("https://", "http://");
    let ran = Tool::new("ibgw-tickle").args(["--url", &url]).run();
    says(ran, "unknown", 9);
}

#[test]
fn goes_to_a_loopback_host_without_a_proxy() {
    let standin = ready();
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let ran = tickle(&standin).env(name, "http://127.0.0.1:1").run();
        says(ran, "ready", 0);
    }
}

#[test]
fn goes_to_any_other_host_through_the_proxy() {
    let (port, proxy) = saying(b"HTTP/1.1 502 Bad Gateway\r\n\r\n");
    let ran = Tool::new("ibgw-tickle")
        .args(["--url", "https://gateway.example:5000"])
        .env("HTTPS_PROXY", format!("http://127.0.0.1:{port}"))
        .run();
    says(ran, "down", 7);
    let heard = proxy.join().expect("somebody came");
    assert!(
        heard.starts_with("CONNECT gateway.example:5000 "),
        "{heard}"
    );
}

/// The certificate that a server shows, in PEM.
fn certificate(url: &str) -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::blocking::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .tls_info(true)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client");
    let address = url.replace("localhost", "127.0.0.1");
    let answer = client.get(address).send().expect("the front answers");
    let info = answer.extensions().get::<reqwest::tls::TlsInfo>();
    let leaf = info.and_then(reqwest::tls::TlsInfo::peer_certificate);
    let text = STANDARD.encode(leaf.expect("a certificate"));
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

#[test]
fn accepts_an_expired_nameless_certificate_only_if_it_is_the_one_in_the_file() {
    let (standin, other) = (ready(), Standin::serve());
    let tool = |text: &str| {
        let tool = tickle(&standin);
        let file = tool.folder.path().join("gateway.pem");
        std::fs::write(&file, text).expect("the file can be written");
        tool.args(["--cacert", "gateway.pem"]).run()
    };
    let (right, wrong) = (certificate(standin.url()), certificate(other.url()));
    assert_ne!(right, wrong);
    says(tool(&right), "ready", 0);
    says(tool(&format!("{wrong}\n{right}")), "ready", 0);
    let before = asked(&standin).len();
    let ran = tool(&wrong);
    let message = ran.error()["message"].to_string();
    assert!(message.contains("--cacert"), "{message}");
    says(ran, "down", 7);
    assert_eq!(asked(&standin).len(), before, "nothing was sent");
    for nonsense in ["", "hello", "-----BEGIN CERTIFICATE-----\n!\n"] {
        let ran = tool(nonsense).exits(6).is_silent_on_stdout();
        let message = ran.error()["message"].to_string();
        assert!(message.contains("gateway.pem"), "{message}");
    }
    let ran = tickle(&standin).args(["--cacert", "none.pem"]).run();
    ran.exits(6).is_silent_on_stdout().error();
}

/// 0.0.0.0 leads to this machine and is no loopback address.
#[test]
fn trusts_no_unknown_certificate_of_a_host_that_is_not_loopback() {
    let standin = ready();
    let pem = certificate(standin.url());
    let url = standin.url().replace("localhost", "0.0.0.0");
    let tool = || {
        let tool = Tool::new("ibgw-tickle").args(["--url", &url]);
        std::fs::write(tool.folder.path().join("gateway.pem"), &pem).expect("it can be written");
        tool
    };
    let ran = tool().run();
    assert!(ran.stderr.contains("TLS does not work"), "{}", ran.all());
    says(ran, "down", 7);
    assert!(asked(&standin).is_empty(), "nothing was sent");
    says(tool().args(["--cacert", "gateway.pem"]).run(), "ready", 0);
}

#[test]
fn refuses_addresses_and_flags_that_make_no_sense() {
    let many: [&[&str]; 13] = [
        &["--url", "nonsense"],
        &["--url", "https://user:planted@localhost:5000"],
        &["--url", "https://localhost:5000/v1"],
        &["--url", "http://gateway.example:5000"],
        &["--timeout", "15"],
        &["--timeout", "0s"],
        &["--timeout", "-1s"],
        &["--max-age", "3"],
        &["--read", "a", "--write", "b"],
        &["--read", "a", "--validate"],
        &["--read", "a", "--metrics", "b"],
        &["--insecure"],
        &["now"],
    ];
    for arguments in many {
        let ran = Tool::new("ibgw-tickle").args(arguments).run();
        let ran = ran.exits(2).is_silent_on_stdout().never_shows("planted");
        assert_eq!(ran.error()["error"], "usage", "{}", ran.all());
    }
}
