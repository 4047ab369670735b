//! The stand-in that a tool talks to.

use crate::binary;
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

const CACERT: &str = "cacert.pem";

/// A stand-in for IBKR and its gateways, ended on drop.
pub struct Standin {
    process: Child,
    folder: TempDir,
    /// What it said when it was ready: `gateway`, `port`, `upstream`, `control`, `pid`; of the DAM SSO hosts
    /// `token_url`, `api_url`, `control`, `csid`, `pid`; of IB Gateway `address`, `port`, `control`, `pid`.
    pub about: Value,
}

impl Standin {
    /// An upstream and a gateway front.
    pub fn serve() -> Self {
        Self::start(&["serve"])
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
        let folder = TempDir::new().expect("a temporary folder can be made");
        let cacert = folder.path().join(CACERT);
        let of_sso = [OsStr::new("--cacert-out"), cacert.as_os_str()];
        let further = if args[0] == "sso" { &of_sso[..] } else { &[] };
        let mut process = Command::new(binary("ib-standin"))
            .args(args)
            .args(further)
            .arg("--until-eof")
            // The Gateway's own tickle, each 30 s, logs out a session that is just being brought up (seen with build
            // a27ed42): a second login waits as long for a fresh code, and would now and then meet it.
            .env("IB_STANDIN_TICKLE_MS", "600000")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("ib-standin starts (cargo build -p ib-standin)");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("stdout is piped");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("ib-standin says where it listens");
        let about = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self {
            process,
            folder,
            about,
        }
    }

    pub fn url(&self) -> &str {
        self.about["gateway"].as_str().expect("serve has a gateway")
    }

    pub fn upstream_url(&self) -> &str {
        self.about["upstream"]
            .as_str()
            .expect("there is an upstream")
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
    pub fn set(&self, script: &Value) {
        self.ask("POST", "/set", Some(script));
    }

    /// Forgets the scripted answers.
    pub fn forget_answers(&self) {
        self.ask("DELETE", "/answers", None);
    }

    /// Makes something happen: `login`, `drop-brokerage`, `drop-session`, `compete`, `lock`, `reset`;
    /// with the DAM SSO hosts `pass-time`, `issue-token`, `expire-token` too.
    pub fn make(&self, action: &str, with: &Value) {
        self.ask("POST", &format!("/do/{action}"), Some(with));
    }

    /// The truth, for comparing with what a tool says.
    pub fn truth(&self) -> Value {
        self.ask("GET", "/state", None)
    }

    /// Every request it got, in order.
    pub fn requests(&self) -> Vec<Value> {
        self.ask("GET", "/requests", None)
            .as_array()
            .expect("requests are an array")
            .clone()
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        static CLIENT: OnceLock<reqwest::blocking::Client> = OnceLock::new();
        let client = CLIENT.get_or_init(|| {
            // Another test may have installed it first: there is only one choice.
            let _ = rustls::crypto::ring::default_provider().install_default();
            reqwest::blocking::Client::builder()
                .no_proxy()
                .build()
                .expect("a client can be made")
        });
        let url = format!(
            "{}{path}",
            self.about["control"]
                .as_str()
                .expect("there is a control port")
        );
        let mut request = client.request(method.parse().expect("a method"), url);
        if let Some(body) = body {
            request = request
                .header("Content-Type", "application/json")
                .body(body.to_string());
        }
        let answer = request
            .send()
            .and_then(|answer| answer.error_for_status()?.text());
        let text = answer.unwrap_or_else(|error| panic!("control {path}: {error}"));
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}

impl Drop for Standin {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
