//! `ibgw-health`: what it answers from the last report, to every client and every kind of request.

use super::{Account, script, text};
use crate::support::{Standin, TestPort, eventually, signal};
use serde_json::json;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Something that listens and gives each connection to the script.
struct Prober {
    account: Account,
    listener: Child,
    port: TestPort,
}

impl Prober {
    /// By socket activation with `Accept=yes`, as systemd has it.
    fn activated() -> Self {
        let (account, port) = (Account::new(), TestPort::reserve());
        let mut listen = account.command("systemd-socket-activate");
        listen.args([
            "--inetd",
            "--accept",
            "-l",
            &format!("127.0.0.1:{}", port.number),
        ]);
        // It passes on nothing of its environment but what --setenv names.
        let path = format!("--setenv=PATH={}", super::path().display());
        listen.arg(path).arg(script("ibgw-health"));
        Self::begin(listen, account, port)
    }

    fn begin(mut listen: Command, account: Account, port: TestPort) -> Self {
        let (report, metrics) = (report(&account), account.place.path("main.prom"));
        if listen.get_program() == "systemd-socket-activate" {
            listen.arg(report).arg(metrics);
        }
        listen.stderr(Stdio::null()).stdout(Stdio::null());
        let listener = listen
            .spawn()
            .expect("it starts (scripts/setup installs it)");
        let prober = Self {
            account,
            listener,
            port,
        };
        eventually("the listener", || {
            TcpStream::connect(("127.0.0.1", prober.port.number)).ok()
        });
        prober
    }

    fn answers(&self, request: &[u8]) -> (u16, String) {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port.number)).expect("it listens");
        // It may have answered before it has read all of it.
        let _ = socket.write_all(request);
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("{answer:?}"));
        let length = format!("Content-Length: {}", body.len());
        assert!(
            request.starts_with(b"HEAD") || head.contains(&length),
            "{answer:?}"
        );
        (
            status.unwrap_or_else(|| panic!("{answer:?}")),
            body.to_owned(),
        )
    }

    fn get(&self, path: &str) -> (u16, String) {
        self.answers(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes())
    }

    /// Stores a report of a session that is like this.
    fn tickle(&self, standin: &Standin) {
        let mut tickle = self.account.command("ibgw-tickle");
        tickle
            .args(["--url", standin.url(), "--write"])
            .arg(report(&self.account));
        tickle
            .arg("--metrics")
            .arg(self.account.place.path("main.prom"));
        tickle.output().expect("it runs");
    }

    fn age(&self, file: &str, minutes: u64) {
        let file = fs::File::options()
            .write(true)
            .open(self.account.place.path(file));
        let then = std::time::SystemTime::now() - Duration::from_secs(60 * minutes);
        file.expect("it is there")
            .set_modified(then)
            .expect("it can be set");
    }
}

fn report(account: &Account) -> PathBuf {
    account.place.path("main.json")
}

impl Drop for Prober {
    fn drop(&mut self) {
        signal(self.listener.id(), "TERM");
        let _ = self.listener.wait();
    }
}

#[test]
fn answers_from_the_last_report_and_sends_no_request() {
    let (prober, standin) = (Prober::activated(), Standin::serve());
    for path in ["/readyz", "/livez", "/metrics"] {
        assert_eq!(prober.get(path).0, 503, "{path}");
    }
    prober.tickle(&standin);
    let (status, body) = prober.get("/readyz");
    assert_eq!(status, 503, "{body}");
    assert!(body.contains(r#""state":"no_session""#), "{body}");
    assert_eq!(prober.get("/livez").0, 200);
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    prober.tickle(&standin);
    let asked = standin.requests().len();
    let (status, body) = prober.get("/readyz");
    assert_eq!(status, 200, "{body}");
    let report = fs::read_to_string(report(&prober.account)).expect("a report");
    assert_eq!(body, report);
    let (status, body) = prober.get("/metrics");
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("ibgw_session_state{"), "{body}");
    assert_eq!(
        prober.answers(b"HEAD /readyz HTTP/1.0\r\n\r\n"),
        (200, String::new())
    );
    assert_eq!(standin.requests().len(), asked);
}

#[test]
fn takes_an_old_report_for_none() {
    let (prober, standin) = (Prober::activated(), Standin::serve());
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    prober.tickle(&standin);
    for (minutes, ready, live) in [(2, 200, 200), (4, 503, 200), (31, 503, 503)] {
        prober.age("main.json", minutes);
        prober.age("main.prom", minutes);
        let statuses = ["/readyz", "/metrics", "/livez"].map(|path| prober.get(path).0);
        assert_eq!(statuses, [ready, ready, live], "{minutes} minutes");
    }
}

#[test]
fn takes_no_request_but_its_own() {
    let prober = Prober::activated();
    let long = [b"GET /".as_slice(), &[b'a'; 300_000]].concat();
    let requests: [(&[u8], u16); 14] = [
        (b"GET / HTTP/1.1\r\n\r\n", 404),
        (b"GET /readyz/ HTTP/1.1\r\n\r\n", 404),
        (b"GET /readyz?x HTTP/1.1\r\n\r\n", 404),
        (b"GET /../../etc/passwd HTTP/1.1\r\n\r\n", 404),
        (b"GET /%2e%2e/main.json HTTP/1.1\r\n\r\n", 404),
        (b"GET /$(touch+pwned)`id`;* HTTP/1.1\r\n\r\n", 404),
        (
            b"POST /readyz HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
            405,
        ),
        (b"DELETE /livez HTTP/1.1\r\n\r\n", 405),
        (b"GET /readyz HTTP/2.0\r\n\r\n", 400),
        (b"GET http://localhost/readyz HTTP/1.1\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 400),
        (b"\0\0\0\n", 400),
        (b"-n\n", 400),
        (&long, 400),
    ];
    for (request, expected) in requests {
        let shown = String::from_utf8_lossy(&request[..request.len().min(60)]).into_owned();
        assert_eq!(prober.answers(request).0, expected, "{shown:?}");
    }
    assert!(!prober.account.place.path("pwned").exists());
}

#[test]
fn no_client_can_hold_it() {
    let prober = Prober::activated();
    let began = Instant::now();
    // Half a line, and then nothing.
    assert_eq!(prober.answers(b"GET /livez").0, 400);
    let took = began.elapsed();
    assert!(
        (Duration::from_secs(4)..Duration::from_secs(20)).contains(&took),
        "{took:?}"
    );
}

#[test]
fn runs_under_inetd() {
    let (account, port) = (Account::new(), TestPort::reserve());
    // inetd(8) splits at blanks and knows no quotes, so a script of this test has the PATH.
    let wrapper = account.place.path("health");
    let script = format!(
        "#!/bin/sh\nPATH='{}' exec '{}' \"$@\"\n",
        super::path().display(),
        script("ibgw-health").display()
    );
    fs::write(&wrapper, script).expect("it can be written");
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).expect("a mode");
    let line = text("inetd.conf");
    let line = line
        .lines()
        .find(|line| !line.starts_with('#'))
        .expect("a line");
    assert!(line.starts_with("127.0.0.1:5001 stream tcp "), "{line}");
    let user = Command::new("id")
        .arg("-un")
        .output()
        .expect("id runs")
        .stdout;
    let user = String::from_utf8(user).expect("a name");
    let line = line
        .replace(":5001", &format!(":{}", port.number))
        .replace(" ibgw ", &format!(" {} ", user.trim()))
        .replace("/usr/local/bin/ibgw-health", &wrapper.display().to_string())
        .replace(
            "/run/ib-tools",
            &account.place.path("").display().to_string(),
        );
    let conf = account.place.path("inetd.conf");
    fs::write(&conf, line + "\n").expect("it can be written");
    let mut inetd = account.command("inetd");
    inetd.env("PATH", format!("{}:/usr/sbin", super::path().display()));
    inetd.arg("-i").arg(&conf);
    let prober = Prober::begin(inetd, account, port);
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    prober.tickle(&standin);
    let (status, body) = prober.get("/readyz");
    assert_eq!(status, 200, "{body}");
    assert_eq!(prober.get("/nothing").0, 404);
}
