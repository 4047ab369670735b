//! `ibsso-token` against the stand-in, with keys made by gpg.

mod again;
mod answers;
mod dry_run;
mod files;
mod formats;
mod keys;
mod network;
mod request;
mod secrets;
mod self_test;
mod usage;

use crate::support::gnupg::{Gnupg, Kind};
use crate::support::{Ran, Standin, Tool};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The token host's path.
const PATH: &str = "/sso/dam/token";

/// A bank with its key, and the token host that knows it.
pub(crate) struct Bank {
    /// The bank's keyring and IBKR's in one.
    pub gpg: Gnupg,
    pub standin: Standin,
}

impl Bank {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// A bank, and a token host with further flags.
    pub(crate) fn with(flags: &[&str]) -> Self {
        let gpg = Gnupg::new();
        gpg.make_key(Kind::Curve, "bank", false);
        gpg.make_key(Kind::Curve, "ibkr", false);
        let standin = Standin::sso_with(gpg.path(), flags);
        Self { gpg, standin }
    }

    /// The tool with all it needs, and the guide's own username and address.
    pub(crate) fn token(&self) -> Tool {
        self.token_with(&self.gpg.secret_key("bank", &[]), "ibkr")
    }

    /// The tool with these bytes for the signing key, and a key of the keyring for IBKR's.
    fn token_with(&self, key: &[u8], recipient: &str) -> Tool {
        let tool = Tool::new("ibsso-token");
        let folder = tool.folder.path();
        let csid = self.standin.about["csid"].as_str().expect("it has a CSID");
        put(folder, "csid", csid);
        put(folder, "bank.key", key);
        put(folder, "ibkr.asc", self.gpg.public_key(recipient));
        let cacert = fs::read(self.standin.cacert()).expect("there is an authority");
        put(folder, "ca.pem", cacert);
        let pinned = &self.gpg.fingerprints(recipient)[0];
        tool.env("GNUPGHOME", self.gpg.path())
            .env("IBSSO_USERNAME", "abcde1234")
            .env("IBSSO_IP", "1.2.3.4")
            .env("IBSSO_CSID", "file:csid")
            .env("IBSSO_SIGN_KEY", "file:bank.key")
            .env("IBSSO_RECIPIENT", "ibkr.asc")
            .env("IBSSO_RECIPIENT_FPR", pinned)
            .env("IBSSO_TOKEN_URL", self.standin.token_url())
            .env("IBSSO_CACERT", "ca.pem")
    }

    /// The token host's answers to the next requests.
    pub(crate) fn answers(&self, answers: &[Value]) {
        let of_token = |answer: &Value| {
            let mut answer = answer.clone();
            answer["part"] = "token".into();
            answer["path"] = PATH.into();
            answer
        };
        let answers: Vec<Value> = answers.iter().map(of_token).collect();
        self.standin.set(&json!({"answers": answers}));
    }

    /// A run of the tool when the host always answers like this.
    fn answered(&self, answer: Value) -> Ran {
        self.answers(&[answer]);
        self.token().run()
    }

    /// The requests that reached the token host.
    fn requests(&self) -> Vec<Value> {
        let requests = self.standin.requests().into_iter();
        requests
            .filter(|request| request["part"] == "token")
            .collect()
    }
}

/// A private file.
fn put(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a file can be written");
    chmod(&path, 0o600);
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode can be set");
}

/// A token as the guide's answer has it.
fn success(token: &str) -> Value {
    json!({"ACCESS_TOKEN": token, "TOKEN_TYPE": "Bearer", "RESULT": true})
}

/// One report on stdout with every key, and one error on stderr only when there is no token.
#[track_caller]
fn says(ran: Ran, state: &str, exit: i32) -> Value {
    let ran = ran.exits(exit);
    let report = ran.report();
    assert_eq!(report["schema"], "ibsso-token/1", "{}", ran.all());
    assert_eq!(report["state"], state, "{}", ran.all());
    let keys = report.as_object().map(serde_json::Map::len);
    assert_eq!(keys, Some(10), "{}", ran.all());
    assert_eq!(report["expires_at"], Value::Null, "{}", ran.all());
    if exit == 0 {
        ran.is_silent_on_stderr();
    } else {
        assert_eq!(report["access_token"], Value::Null, "{}", ran.all());
        assert_eq!(report["issued_at"], Value::Null, "{}", ran.all());
        ran.error();
    }
    report
}

/// The sentence of the one error.
#[track_caller]
fn message(ran: &Ran) -> String {
    let error = ran.error();
    error["message"].as_str().expect("a sentence").to_owned()
}

/// A refusal before anything is sent, with these words in its sentence.
#[track_caller]
fn refuses(bank: &Bank, ran: Ran, exit: i32, words: &str) {
    let ran = ran.exits(exit).is_silent_on_stdout();
    let said = message(&ran);
    assert!(said.contains(words), "{words:?} is missing: {}", ran.all());
    assert_eq!(bank.standin.truth()["sso"]["handshakes"], 0, "{said}");
    assert!(bank.requests().is_empty(), "{said}");
}
