//! The two hosts of DAM SSO.

mod brokerage;
mod clock;
mod lies;
mod token_host;
mod web_api;

use crate::client::send_securely;
use crate::served::PATIENCE;
use ib_testkit::{HttpAnswer, Standin};
use serde_json::{Value, json};
use std::io;
use std::path::Path;
use std::time::Duration;

/// Opens the brokerage session, as the DAM SSO guide has it.
const INIT: &str = "/iserver/ssodh/init?compete=true&publish=true";

/// Both hosts, and a token that a test was given without a payload.
pub(crate) struct Hosts {
    pub standin: Standin,
    pub token: String,
}

impl Hosts {
    /// Hosts with a home of IBKR's.
    pub(crate) fn with(gnupg_home: &Path) -> Self {
        Self {
            standin: Standin::sso(gnupg_home),
            token: String::new(),
        }
    }

    /// Hosts that are shown no payload, and a token of `abcde1234`.
    pub(crate) fn with_token() -> Self {
        let mut hosts = Self::with(Path::new("/nonexistent"));
        hosts.issue("abcde1234");
        hosts
    }

    /// The same once the token was validated.
    pub(crate) fn with_session() -> Self {
        let hosts = Self::with_token();
        assert_eq!(hosts.api("GET", "/sso/validate", "").status, 200);
        hosts
    }

    /// The same once the brokerage session was opened.
    pub(crate) fn with_brokerage() -> Self {
        let hosts = Self::with_session();
        assert_eq!(hosts.init()["authenticated"], true);
        hosts
    }

    /// Lets them give out a token for `1.2.3.4`, to be borne from then on.
    pub(crate) fn issue(&mut self, user: &str) {
        let wanted = json!({"user": user, "ip": "1.2.3.4"}).to_string();
        let state = self.control("POST", "/do/issue-token", &wanted);
        let token = state["sso"]["last_token"].as_str();
        token.expect("a token").clone_into(&mut self.token);
    }

    #[track_caller]
    pub(crate) fn control(&self, method: &str, target: &str, body: &str) -> Value {
        self.standin.control(method, target, body)
    }

    pub(crate) fn set(&self, script: &Value) {
        self.standin.set(script);
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.standin.make("pass-time", &json!({"seconds": seconds}));
    }

    pub(crate) fn truth(&self) -> Value {
        self.standin.truth()["sso"].clone()
    }

    pub(crate) fn requests(&self) -> Vec<Value> {
        self.standin.requests()
    }

    /// A request with these header lines to a host: `token_url` or `api_url`.
    pub(crate) fn try_ask(
        &self,
        host: &str,
        method_and_target: &str,
        headers: &str,
        body: &str,
        limit: Duration,
    ) -> io::Result<HttpAnswer> {
        let url = self.standin.about[host].as_str().expect("a host");
        let port = url.split(['/', ':']).find_map(|part| part.parse().ok());
        let request = format!(
            "{method_and_target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n{body}"
        );
        send_securely(port.expect("a port"), request.as_bytes(), limit)
    }

    pub(crate) fn ask(&self, host: &str, request: &str, headers: &str, body: &str) -> HttpAnswer {
        self.try_ask(host, request, headers, body, PATIENCE)
            .unwrap_or_else(|error| panic!("{request}: {error}"))
    }

    /// A request of the bearer's to the Web API.
    pub(crate) fn api(&self, method: &str, endpoint: &str, body: &str) -> HttpAnswer {
        self.api_with(method, endpoint, &self.bearer(), body)
    }

    pub(crate) fn bearer(&self) -> String {
        format!("Authorization: Bearer {}\r\n", self.token)
    }

    pub(crate) fn api_with(
        &self,
        method: &str,
        endpoint: &str,
        headers: &str,
        body: &str,
    ) -> HttpAnswer {
        let headers = format!(
            "User-Agent: test\r\nContent-Length: {}\r\n{headers}",
            body.len()
        );
        let request = format!("{method} /v1/api{endpoint}");
        self.ask("api_url", &request, &headers, body)
    }

    /// Opens the brokerage session both ways at once.
    pub(crate) fn init(&self) -> Value {
        let answer = self.api("POST", INIT, r#"{"publish":true,"compete":true}"#);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// The flags of a tickle.
    pub(crate) fn tickle(&self) -> Value {
        let answer = self.api("POST", "/tickle", "");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["iserver"]["authStatus"].clone()
    }
}
