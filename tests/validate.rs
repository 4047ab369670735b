//! `ibsso-validate` against the stand-in.

mod answers;
mod brokerage;
mod failures;
mod leaks;
mod network;
mod pace;
mod penalty;
mod sources;
mod stored;
mod tickle;
mod upstream;

use crate::support::{Ran, Standin, Tool};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const USERNAME: &str = "abcde1234";
pub(crate) const IP: &str = "1.2.3.4";

/// A device that was given a token, with the hosts it talks to.
pub(crate) struct Device {
    pub standin: Standin,
    pub token: String,
    /// Its state directory, for all of its runs.
    pub state: TempDir,
    _gnupg_home: TempDir,
}

impl Device {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// The same, where something is wrong with the hosts' TLS.
    pub(crate) fn with(flags: &[&str]) -> Self {
        let folder = || TempDir::new().expect("a temporary folder can be made");
        let gnupg_home = folder();
        let standin = Standin::sso_with(gnupg_home.path(), flags);
        let token = issue(&standin);
        Self {
            standin,
            token,
            state: folder(),
            _gnupg_home: gnupg_home,
        }
    }

    /// The same, with one scripted answer.
    pub(crate) fn answering(path: &str, answer: Value) -> Self {
        let device = Self::new();
        device.script(path, answer);
        device
    }

    /// The line that `ibsso-token` prints.
    pub(crate) fn line(&self) -> String {
        line(&json!(self.token), IP)
    }

    /// The tool, about to read that line.
    pub(crate) fn tool(&self) -> Tool {
        self.tool_without_token().stdin(self.line())
    }

    /// The tool, about to read nothing.
    pub(crate) fn tool_without_token(&self) -> Tool {
        let cacert = self.standin.cacert();
        Tool::new("ibsso-validate")
            .state(self.state.path())
            .args(["--api-url", self.standin.api_url()])
            .args(["--cacert".as_ref(), cacert.as_os_str()])
    }

    /// Has the host answer an endpoint like this from then on, or as often as `times` says.
    pub(crate) fn script(&self, path: &str, answer: Value) {
        let mut answer = answer;
        answer["part"] = json!("api");
        answer["path"] = json!(format!("/v1/api{path}"));
        self.standin.set(&json!({"answers": [answer]}));
    }

    /// The tool's requests, as `METHOD path?query`, without without the common prefix of the paths.
    pub(crate) fn asked(&self) -> Vec<String> {
        let requests = self.standin.requests();
        let shown = |request: &Value| {
            let part = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
            let query = match part("query").as_str() {
                "" => String::new(),
                query => format!("?{query}"),
            };
            let path = part("path").replacen("/v1/api", "", 1);
            format!("{} {path}{query}", part("method"))
        };
        requests.iter().map(shown).collect()
    }

    /// How often it asked whether the token is valid.
    pub(crate) fn validations(&self) -> usize {
        let asked = self.asked().into_iter();
        asked.filter(|asked| asked == VALIDATE).count()
    }

    /// TLS handshakes begun so far.
    pub(crate) fn handshakes(&self) -> u64 {
        let truth = self.standin.truth();
        truth["sso"]["handshakes"].as_u64().expect("a number")
    }
}

pub(crate) const VALIDATE: &str = "GET /sso/validate";

/// Has the token host issue a token.
pub(crate) fn issue(standin: &Standin) -> String {
    standin.make("issue-token", &json!({"user": USERNAME, "ip": IP}));
    let truth = standin.truth();
    let token = truth["sso"]["last_token"].as_str();
    token.expect("there is a token").to_owned()
}

/// The line that `ibsso-token` prints.
pub(crate) fn line(token: &Value, ip: &str) -> String {
    let line = json!({
        "schema": "ibsso-token/1", "state": "issued", "access_token": token, "token_type": "Bearer", "username": USERNAME,
        "ip": ip, "issued_at": "2026-01-02T03:04:05Z", "expires_at": null, "clock_skew_seconds": 0.1, "warnings": [],
    });
    format!("{line}\n")
}

/// One report on stdout, and one error on stderr exactly when the exit is 2 or more.
#[track_caller]
pub(crate) fn says(ran: Ran, state: &str, exit: i32) -> Value {
    let ran = ran.exits(exit);
    let report = ran.report();
    assert_eq!(report["schema"], "ibsso-validate/1", "{}", ran.all());
    assert_eq!(report["state"], state, "{}", ran.all());
    if exit < 2 {
        ran.is_silent_on_stderr();
    } else {
        ran.error();
    }
    report
}

/// The sentence of the one error on stderr.
#[track_caller]
pub(crate) fn message(ran: &Ran) -> String {
    ran.error()["message"]
        .as_str()
        .expect("a sentence")
        .to_owned()
}

/// The warnings of a report.
pub(crate) fn warnings(report: &Value) -> Vec<&str> {
    let warnings = report["warnings"].as_array().expect("a list").iter();
    warnings
        .map(|event| event.as_str().expect("a name"))
        .collect()
}
