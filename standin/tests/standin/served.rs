//! The stand-in with a gateway in front of it, and one client of that gateway.

use crate::client::ask_securely;
use ib_testkit::{HttpAnswer, Standin, eventually_sees};
use serde_json::Value;
use std::io;
use std::time::Duration;

/// How long a client waits for an answer that is expected to come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// `ib-standin serve` and its addresses.
pub(crate) struct Served {
    standin: Standin,
    pub port: u16,
    /// `HOST:PORT`.
    pub upstream: String,
}

impl Served {
    pub(crate) fn start() -> Self {
        Self::new(Standin::serve())
    }

    /// The same, with this time between two tickles of the gateway's own.
    pub(crate) fn start_tickling_every(milliseconds: u32) -> Self {
        Self::new(Standin::serve_tickling_every(milliseconds))
    }

    fn new(standin: Standin) -> Self {
        let port = standin.about["port"].as_u64().expect("it has a port");
        let upstream = standin.upstream_url().trim_start_matches("http://");
        Self {
            port: port.try_into().expect("a port has 16 bits"),
            upstream: upstream.to_owned(),
            standin,
        }
    }

    /// One request to the gateway.
    pub(crate) fn ask(&self, method: &str, target: &str, body: &str) -> HttpAnswer {
        self.try_ask(method, target, "", body, PATIENCE)
            .unwrap_or_else(|error| panic!("{method} {target}: {error}"))
    }

    /// One request to the gateway with a cookie line and a time limit.
    pub(crate) fn try_ask(
        &self,
        method: &str,
        target: &str,
        cookie: &str,
        body: &str,
        limit: Duration,
    ) -> io::Result<HttpAnswer> {
        ask_securely(self.port, method, target, cookie, body, limit)
    }

    /// A request to the control, which must succeed.
    #[track_caller]
    pub(crate) fn control(&self, method: &str, target: &str, body: &str) -> Value {
        self.standin.control(method, target, body)
    }

    /// The truth.
    #[track_caller]
    pub(crate) fn state(&self) -> Value {
        self.standin.truth()
    }

    /// Asks for the truth until it is as expected.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, is_expected: impl Fn(&Value) -> bool) -> Value {
        eventually_sees(what, || self.state(), is_expected)
    }

    /// The flags of a tickle through the gateway.
    pub(crate) fn tickle(&self) -> Value {
        let answer = self.ask("POST", "/v1/api/tickle", "");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["iserver"]["authStatus"].clone()
    }

    /// The requests that a part got, as `METHOD PATH`.
    pub(crate) fn asked(&self, part: &str) -> Vec<String> {
        let mut requests = self.standin.requests();
        requests.retain(|request| request["part"] == part);
        requests
            .iter()
            .map(|request| format!("{} {}", request["method"], request["path"]).replace('"', ""))
            .collect()
    }
}
