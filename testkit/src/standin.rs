//! The stand-in that a tool talks to.

use crate::{KilledOnDrop, ask_plainly, binary};
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const CACERT: &str = "cacert.pem";

/// Longer than any test: the Gateway's own tickle, each 30 s, logs out a session that is just being brought up (seen
/// with build a27ed42). A second login waits as long for a fresh code, and would now and then meet it.
const NO_TICKLE_MS: u32 = 600_000;

/// A stand-in for IBKR and its gateways, ended on drop.
pub struct Standin {
    _process: KilledOnDrop,
    folder: TempDir,
    /// What it prints when it is ready: `gateway`, `port`, `upstream`, `control`, `pid`; of the DAM SSO hosts
    /// `token_url`, `api_url`, `control`, `csid`, `pid`; of IB Gateway `address`, `port`, `control`, `pid`.
    pub about: Value,
}

impl Standin {
    /// An upstream and a gateway front.
    pub fn serve() -> Self {
        Self::start(&["serve"])
    }

    /// The same, with this time between two tickles of the Gateway's own.
    pub fn serve_tickling_every(milliseconds: u32) -> Self {
        Self::start_tickling_every(milliseconds, &["serve"])
    }

    /// Both, with a scripted answer to each tickle.
    pub fn answering(mut answer: Value) -> Self {
        let standin = Self::serve();
        answer["path"] = "/v1/api/tickle".into();
        standin.set(&serde_json::json!({"answers": [answer]}));
        standin
    }

    /// An upstream alone, for gateways that `ibgw-start` starts.
    pub fn upstream() -> Self {
        Self::start(&["upstream"])
    }

    /// As `serve`, on a port that the test has chosen.
    pub fn serve_at(port: u16) -> Self {
        Self::start(&["serve", "--port", &port.to_string()])
    }

    /// The two hosts of DAM SSO, with a home of GnuPG that holds IBKR's secret key and the firm's
    /// public one.
    pub fn sso(gnupg_home: &Path) -> Self {
        Self::sso_with(gnupg_home, &[])
    }

    /// The same with further flags, such as `--tls expired`.
    pub fn sso_with(gnupg_home: &Path, flags: &[&str]) -> Self {
        let home = gnupg_home.to_str().expect("a path is UTF-8");
        Self::start(&[&["sso", "--gnupg-home", home], flags].concat())
    }

    /// IB Gateway: the socket of the TWS API.
    pub fn tws() -> Self {
        Self::start(&["tws"])
    }

    /// The same, behaving as a test wants it.
    pub fn tws_with(moods: &Value) -> Self {
        let standin = Self::tws();
        standin.set(&serde_json::json!({ "tws": moods }));
        standin
    }

    fn start(args: &[&str]) -> Self {
        Self::start_tickling_every(NO_TICKLE_MS, args)
    }

    fn start_tickling_every(milliseconds: u32, args: &[&str]) -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let cacert = folder.path().join(CACERT);
        let of_sso = [OsStr::new("--cacert-out"), cacert.as_os_str()];
        let further = if args[0] == "sso" { &of_sso[..] } else { &[] };
        let mut process = Command::new(binary("ib-standin"))
            .args(args)
            .args(further)
            .arg("--until-eof")
            .env("IB_STANDIN_TICKLE_MS", milliseconds.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("ib-standin starts (cargo build -p ib-standin)");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("stdout is piped");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("ib-standin prints where it listens");
        let about = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self {
            _process: KilledOnDrop(process),
            folder,
            about,
        }
    }

    pub fn url(&self) -> &str {
        self.about["gateway"].as_str().expect("serve has a gateway")
    }

    pub fn upstream_url(&self) -> &str {
        self.about["upstream"].as_str().expect("it has an upstream")
    }

    /// Where the TWS API is, as `HOST:PORT`.
    pub fn address(&self) -> &str {
        self.about["address"].as_str().expect("tws has an address")
    }

    /// Where tokens are given out.
    pub fn token_url(&self) -> &str {
        self.about["token_url"].as_str().expect("sso gives tokens")
    }

    /// The Web API that takes the tokens.
    pub fn api_url(&self) -> &str {
        self.about["api_url"].as_str().expect("sso has a Web API")
    }

    /// The certificate of the authority that issued both hosts' own.
    pub fn cacert(&self) -> PathBuf {
        self.folder.path().join(CACERT)
    }

    /// Merges into the script.
    #[track_caller]
    pub fn set(&self, script: &Value) {
        self.control("POST", "/set", &script.to_string());
    }

    /// Forgets the scripted answers.
    #[track_caller]
    pub fn forget_answers(&self) {
        self.control("DELETE", "/answers", "");
    }

    /// Makes something happen: `login`, `drop-brokerage`, `drop-session`, `compete`, `lock`, `reset`;
    /// with the DAM SSO hosts `pass-time`, `issue-token`, `expire-token` too.
    #[track_caller]
    pub fn make(&self, action: &str, with: &Value) {
        self.control("POST", &format!("/do/{action}"), &with.to_string());
    }

    /// The truth, to compare a report with.
    #[track_caller]
    pub fn truth(&self) -> Value {
        self.control("GET", "/state", "")
    }

    /// Every request it got, in order.
    #[track_caller]
    pub fn requests(&self) -> Vec<Value> {
        let requests = self.control("GET", "/requests", "");
        requests.as_array().expect("requests are an array").clone()
    }

    /// A request to the control port, which must succeed.
    #[track_caller]
    pub fn control(&self, method: &str, target: &str, body: &str) -> Value {
        let url = self.about["control"].as_str().expect("it has a control");
        let answer = ask_plainly(url.trim_start_matches("http://"), method, target, body);
        let answer =
            answer.unwrap_or_else(|error| panic!("control {method} {target} {body}: {error}"));
        let text = answer.text();
        assert_eq!(
            answer.status, 200,
            "control {method} {target} {body}: {text}"
        );
        answer.json()
    }
}
