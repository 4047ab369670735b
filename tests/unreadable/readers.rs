//! A thousand broken files for each reader of a tool, called as its binary calls it: what would be printed is looked at.
//!
//! In the process of the test, since a thousand programs take long to start. What is printed of an error is its text
//! (`ib_cli::run`), so that is what is looked at; the streams, logs and files themselves are in `binaries.rs`.

use super::broken::broken;
use super::planted::Planted;
use crate::start::place::Place;
use crate::support::gnupg::{Gnupg, Kind};
use crate::support::without_settings;
use clap::Parser;
use ib_cli::{Answer, Report, Result};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const CASES: u64 = 1000;

/// With letters that no key and no file has in its name: those a tool may show.
pub(crate) const PASSWORD: &str = "Mk$7~b3c$1~Qz$9x~W7$aa";
pub(crate) const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// A private folder, in which the file that is broken again and again lies.
pub(crate) struct Bench {
    folder: TempDir,
    file: Vec<u8>,
    planted: Planted,
}

impl Bench {
    pub(crate) fn new(file: impl Into<Vec<u8>>, planted: Planted) -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder can be made"),
            file: file.into(),
            planted,
        }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        path.to_str().expect("a path of letters").to_owned()
    }

    /// Another file, which stays whole.
    pub(crate) fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        put(&PathBuf::from(self.path(name)), bytes.as_ref());
        self
    }

    /// Runs a tool once for each case; `BROKEN` among its words is the path of the broken file.
    #[track_caller]
    pub(crate) fn thousand<A: Parser, R: Report>(
        &self,
        run: fn(A) -> Result<Answer<R>>,
        words: &str,
    ) {
        without_settings();
        let broken_file = self.path("broken");
        let folder = self.path("");
        let words = words
            .replace("BROKEN", &broken_file)
            .replace("HERE/", &folder);
        self.each(|| {
            let args = A::try_parse_from(words.split_whitespace());
            let args = args.unwrap_or_else(|error| panic!("{words}: {error}"));
            run(args).err().map(|error| error.to_string())
        });
    }

    /// The same of something else that reads the file: what it says when it refuses it.
    #[track_caller]
    pub(crate) fn each(&self, read: impl Fn() -> Option<String>) {
        let path = PathBuf::from(self.path("broken"));
        let mut refused = 0;
        for case in 0..CASES {
            put(&path, &broken(&self.file, case));
            let Some(text) = read() else { continue };
            refused += 1;
            let shown = self.planted.shown_in(text.as_bytes());
            assert!(
                shown.is_none(),
                "case {case} ({} shows it) prints {shown:?} of its file: {text}",
                path.display()
            );
        }
        // Where next to none is refused, next to nothing is looked at.
        assert!(refused >= 100, "{refused} of {CASES} were refused");
    }
}

pub(crate) fn put(path: &Path, bytes: &[u8]) {
    let folder = path.parent().expect("it is in a folder");
    fs::create_dir_all(folder).expect("a folder can be made");
    fs::write(path, bytes).expect("a file can be written");
    let mode = fs::Permissions::from_mode(0o600);
    fs::set_permissions(path, mode).expect("a mode can be set");
}

/// A certificate and its key in one file, as many have them.
pub(crate) fn bundle() -> String {
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "30"]);
    openssl.args([
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-subj",
        "/CN=localhost",
    ]);
    openssl.args(["-keyout", "-", "-out", "-"]);
    let output = openssl.output().expect("openssl runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("PEM is text")
}

/// A conf.yaml with secrets where the Gateway's has them, and in its comments.
pub(crate) fn conf() -> String {
    format!(
        "ip2loc: \"US\"\nproxyRemoteSsl: true\nproxyRemoteHost: \"https://api.ibkr.com\"\nlistenPort: 5000\nlistenSsl: true\n\
         svcEnvironment: \"v1\"\nsslCert: \"vertx.jks\"\nauthDelay: 3000\n# was {PASSWORD}\n\
         serverOptions:\n    blockedThreadCheckInterval: 1000000\n    workerPoolSize: 20\n\
         cors:\n    origin.allowed: \"*\"\n    allowCredentials: false\n\
         webApps:\n    - name: \"demo\"\n      index: \"index.html\"\n\
         ips:\n  allow:\n    - 127.0.0.1\n  deny:\n    - 212.90.324.10\nsslPwd: \"{PASSWORD}\"\n"
    )
}

pub(crate) fn login() -> String {
    format!(
        r#"{{"schema":"ibgw-secret/1","username":"trader","password":"{PASSWORD}","totp_seed":"{SEED}","mode":"paper","second_factor":null,"jts_second_factor":null}}"#
    ) + "\n"
}

#[test]
fn certificates_in_pem() {
    let bundle = bundle();
    let bench = Bench::new(bundle.as_str(), Planted::key(&bundle));
    // Every tool reads --cacert with this; a file that is sound would have it wait for a Gateway that is not there.
    bench.each(|| {
        let text = fs::read(bench.path("broken")).expect("it is there");
        let read = ib_webapi::certificates(&text);
        read.err().map(|error| error.to_string())
    });
}

#[test]
fn keys_and_messages_of_openpgp() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "trader", false);
    let message = gpg.encrypt_to("trader", &["--armor"], PASSWORD);
    let secret = gpg.secret_key("trader", &["--armor"]);
    let bench = Bench::new(secret.clone(), Planted::armor(&secret)).with("message", &message);
    bench.thousand(
        ibgw_secret::run,
        "ibgw-secret get --key file:BROKEN pgp:HERE/message",
    );
    let bench = Bench::new(message.clone(), Planted::armor(&message)).with("key", &secret);
    bench.thousand(
        ibgw_secret::run,
        "ibgw-secret get --key file:HERE/key pgp:BROKEN",
    );
    let fingerprint = &gpg.fingerprints("trader")[0];
    let words = "ibsso-token --dry-run --username abcde1234 --ip 1.2.3.4 --csid file:HERE/csid --recipient HERE/public";
    let bench = Bench::new(secret.clone(), Planted::armor(&secret))
        .with("csid", "csid")
        .with("public", gpg.public_key("trader"));
    bench.thousand(
        ibsso_token::run,
        &format!("{words} --recipient-fpr {fingerprint} --sign-key file:BROKEN"),
    );
}

/// A Gateway's directory, and a Java beside it whose version is read from a file: nothing is started.
pub(crate) fn with_a_gateway(bench: Bench) -> (Bench, Place) {
    let bench = bench
        .with("jdk/bin/java", "")
        .with("jdk/release", "JAVA_VERSION=\"17\"\n");
    let java = fs::Permissions::from_mode(0o700);
    fs::set_permissions(bench.path("jdk/bin/java"), java).expect("a mode can be set");
    (bench, Place::new())
}

pub(crate) fn check(place: &Place, words: &str) -> String {
    let gateway = place.path("gw");
    format!(
        "ibgw-start --check --port {} --gateway-dir {} --java HERE/jdk/bin/java --state-dir HERE/state {words}",
        place.port,
        gateway.display()
    )
}

#[test]
fn settings_in_yaml() {
    let bench = Bench::new(conf(), Planted::new([PASSWORD]));
    let (bench, place) = with_a_gateway(bench);
    bench.thousand(ibgw_start::run, &check(&place, "--conf BROKEN"));
}

#[test]
fn a_certificate_of_ones_own_and_its_key() {
    let bundle = bundle();
    let bench = Bench::new(bundle.as_str(), Planted::key(&bundle)).with("whole", &bundle);
    let (bench, place) = with_a_gateway(bench);
    for words in [
        "--tls-cert BROKEN --tls-key file:HERE/whole",
        "--tls-cert HERE/whole --tls-key file:BROKEN",
    ] {
        bench.thousand(ibgw_start::run, &check(&place, words));
    }
}

#[test]
fn logins_as_records() {
    let bench = Bench::new(login(), Planted::new([PASSWORD, SEED]));
    bench.thousand(ibgw_secret::run, "ibgw-secret --login BROKEN");
    // ibgw-login and ibgw-start read the record with this, and once a Gateway or IBC has been found.
    let source = ib_cli::Login::source(&bench.path("broken")).expect("it is a path");
    bench.each(|| {
        let deadline = ib_proc::Deadline::after(std::time::Duration::from_secs(30));
        let read = ib_cli::Login::read(&source, deadline);
        read.err().map(|error| error.to_string())
    });
}

#[test]
fn tokens_as_records() {
    let token = "Mk5e5e.7a1b2c3d4.e5f6a7b8c9d0";
    let record = format!(
        r#"{{"schema":"ibsso-token/1","state":"issued","access_token":"{token}","token_type":"Bearer","username":"u","ip":"203.0.113.7"}}"#
    );
    let bench = Bench::new(record, Planted::new([token])).with("whole", "");
    // The state directory lies below a file, so the tool fails before it sends a sound token.
    bench.thousand(
        ibsso_validate::run,
        "ibsso-validate --api-url https://127.0.0.1:9/v1/api --token file:BROKEN --state-dir HERE/whole/state",
    );
}

#[test]
fn what_is_known_of_the_page() {
    let page = format!(
        r#"{{"schema":"ibgw-login-page/1",
        "selectors":{{"login_button":["{PASSWORD}", ".other"],"username":["{PASSWORD}"]}},
        "texts":{{"locked":["{PASSWORD}"],"success":["{PASSWORD}"]}}}}"#
    );
    let bench = Bench::new(page, Planted::new([PASSWORD]));
    // The page is read before the Gateway is asked, and nothing listens there.
    bench.thousand(
        ibgw_login::run,
        "ibgw-login --url https://127.0.0.1:9 --recover-only --page BROKEN",
    );
}

#[test]
fn stored_reports() {
    let report = format!(
        r#"{{"schema":"ibgw-tickle/1","state":"ready","url":"https://localhost:5000","authenticated":true,
        "message":"{PASSWORD}","server":"{PASSWORD}","warnings":["{PASSWORD}"]}}"#
    );
    let bench = Bench::new(report, Planted::new([PASSWORD]));
    bench.thousand(ibgw_tickle::run, "ibgw-tickle --read BROKEN");
}

#[test]
fn values_alone() {
    let bench = Bench::new(format!("{PASSWORD}\n"), Planted::new([PASSWORD])).with("u", "trader");
    bench.thousand(
        ibgw_secret::run,
        "ibgw-secret --username file:HERE/u --password file:BROKEN",
    );
    let bench = Bench::new(format!("{SEED}\n"), Planted::new([SEED]));
    bench.thousand(ibgw_secret::run, "ibgw-secret totp --totp-seed file:BROKEN");
}

#[test]
fn a_jts_ini() {
    let token = PASSWORD;
    let jts = format!(
        "[IBGateway]\nWriteDebug=false\n[Logon]\nUserNameToDirectory={token}\n2ndFactor={token},5.2a;\nTimeZone=UTC\n"
    );
    let bench = Bench::new(jts, Planted::new([token]));
    bench.thousand(ibgw_secret::run, "ibgw-secret from-jts BROKEN");
}

#[test]
fn settings_of_ibeam() {
    let settings = format!(
        "IBEAM_ACCOUNT=trader\nIBEAM_PASSWORD={PASSWORD}\nIBEAM_KEY={SEED}\nIBEAM_USE_PAPER_ACCOUNT=True\n"
    );
    let bench = Bench::new(settings, Planted::new([PASSWORD, SEED]));
    bench.thousand(ibgw_secret::run, "ibgw-secret from-ibeam BROKEN");
}
