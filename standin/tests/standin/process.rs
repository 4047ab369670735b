//! The stand-in as a child process, ended with the test.

use crate::client::{Answer, ask_plainly, ask_securely};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take that is expected to happen.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A process that does not outlive its test.
pub struct Guarded(pub Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a stand-in and reads its line.
pub fn started(mut command: Command) -> (Guarded, Value) {
    let mut child = command
        .arg("--until-eof")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starting ib-standin");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("its stdout");
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("reading its line");
    let line = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
    (Guarded(child), line)
}

/// A request to a control at `HOST:PORT` that must succeed.
pub fn controlled(control: &str, method: &str, target: &str, body: &str) -> Value {
    let answer = ask_plainly(control, method, target, body)
        .unwrap_or_else(|error| panic!("control {method} {target}: {error}"));
    let text = answer.text();
    assert_eq!(
        answer.status, 200,
        "control {method} {target} {body}: {text}"
    );
    answer.json()
}

/// `ib-standin serve` and its addresses.
pub struct StandIn {
    _process: Guarded,
    pub port: u16,
    control: String,
    pub upstream: String,
}

impl StandIn {
    /// Starts one and reads its line.
    pub fn start() -> Self {
        Self::start_tickling_every(30_000)
    }

    /// The same, with another time between the gateway's own tickles.
    pub fn start_tickling_every(milliseconds: u32) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ib-standin"));
        command
            .arg("serve")
            .env("IB_STANDIN_TICKLE_MS", milliseconds.to_string());
        let (process, line) = started(command);
        let address = |key: &str| {
            line[key]
                .as_str()
                .expect(key)
                .trim_start_matches("http://")
                .to_owned()
        };
        let port = line["port"]
            .as_u64()
            .and_then(|port| u16::try_from(port).ok())
            .expect("a port");
        Self {
            _process: process,
            port,
            control: address("control"),
            upstream: address("upstream"),
        }
    }

    /// One request to the gateway.
    pub fn ask(&self, method: &str, target: &str, body: &str) -> Answer {
        self.try_ask(method, target, "", body, PATIENCE)
            .unwrap_or_else(|error| panic!("{method} {target}: {error}"))
    }

    /// One request to the gateway with a cookie line and a time limit.
    pub fn try_ask(
        &self,
        method: &str,
        target: &str,
        cookie: &str,
        body: &str,
        limit: Duration,
    ) -> std::io::Result<Answer> {
        ask_securely(self.port, method, target, cookie, body, limit)
    }

    /// A request to the control that must succeed.
    pub fn control(&self, method: &str, target: &str, body: &str) -> Value {
        controlled(&self.control, method, target, body)
    }

    /// The truth.
    pub fn state(&self) -> Value {
        self.control("GET", "/state", "")
    }

    /// Asks for the truth until it is as expected.
    pub fn until(&self, what: &str, expected: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let state = self.state();
            if expected(&state) {
                return state;
            }
            assert!(start.elapsed() < PATIENCE, "not {what} in time: {state}");
            // Between two looks, so that the stand-in gets to run.
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The flags of a tickle through the gateway.
    pub fn tickle(&self) -> Value {
        let answer = self.ask("POST", "/v1/api/tickle", "");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["iserver"]["authStatus"].clone()
    }

    /// What was asked of a part, as `METHOD PATH`.
    pub fn asked(&self, part: &str) -> Vec<String> {
        let requests = self.control("GET", "/requests", "");
        let requests = requests.as_array().expect("an array");
        let of_part = requests.iter().filter(|request| request["part"] == part);
        of_part
            .map(|request| format!("{} {}", request["method"], request["path"]).replace('"', ""))
            .collect()
    }
}
