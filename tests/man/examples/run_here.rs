//! The examples that need no Gateway and no account, run with the tools themselves.

use super::*;
use crate::man::needs::{NEEDS, OF_IBEAM, prelude};
use crate::man::reports::put_secrets;
use crate::support::gnupg::{Gnupg, Kind};
use crate::support::google::Google;
use crate::support::keyring::Keyring;
use crate::support::{ClosedPort, TestPort, binary, repository};
use serde_json::Value;

#[test]
fn every_example_that_can_be_run_here_runs() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "bank", false);
    let (google, keyring) = (Google::with("Correct-Horse1"), Keyring::new());
    let mut ran_here = 0;
    for example in examples() {
        let prelude = prelude(&example.text);
        if prelude.is_none() && NEEDS.iter().any(|need| example.text.contains(need)) {
            continue;
        }
        if !example.place.ends_with(".1") && !is_safe(&example.text) {
            continue;
        }
        let (folder, closed) = (
            TempDir::new().expect("a temporary folder can be made"),
            ClosedPort::new(),
        );
        let text = with_keys(&gpg, folder.path(), &example.text);
        put_secrets(&folder.path().join("secrets"));
        put_token(folder.path());
        put_private(&folder.path().join("secrets/token"), b"planted");
        for (name, value) in OF_IBEAM {
            put_private(&folder.path().join(name), value.as_bytes());
        }
        for (name, from) in [
            ("passphrase", "password"),
            ("totp_seed", "totp_seed"),
            ("username", "username"),
            ("password", "password"),
        ] {
            let from = folder.path().join("secrets").join(from);
            fs::copy(from, folder.path().join(name)).expect("a secret can be copied");
        }
        // The same example, with its files where a test may put them, and no server at its address.
        let text = text
            .replace("/run/secrets", "secrets")
            .replace("/run/ibgw/", "")
            .replace("127.0.0.1:4002", &closed.address().to_string())
            .replace("https://localhost:5000", &closed.url())
            .replace("https://localhost:5001", &closed.url());
        let programs = binary("ibgw-start");
        let programs = programs
            .parent()
            .expect("it has a folder")
            .display()
            .to_string();
        // gpg and what it needs are where the system has them.
        let path = format!("{programs}:/usr/bin:/bin");
        let surroundings = format!(
            "export GNUPGHOME='{}' IBSSO_TOKEN_URL={url}/sso/dam/token IBSSO_API_URL={url}/v1/api
             export GCE_METADATA_HOST={} IBGW_GCP_URL={} DBUS_SESSION_BUS_ADDRESS='{}'
             export CREDENTIALS_DIRECTORY=secrets IBKR_PASSWORD=word IBGW_ADDRESS={}\n{}\n",
            gpg.path().display(),
            google.host(),
            google.url(),
            keyring.bus.address,
            closed.address(),
            prelude.unwrap_or_default(),
            url = closed.url()
        );
        let gateway = text
            .contains("--tws-dir")
            .then(|| Gateway::new(folder.path()));
        let text = match &gateway {
            Some(gateway) => surroundings + &gateway.around(&text),
            None => surroundings + &text,
        };
        let ran = shell(&text, folder.path(), &path, &closed.url());
        assert!(
            [0, 7].contains(&ran.status),
            "{}: done, or nothing listens:{}",
            example.place,
            ran.all()
        );
        for line in ran.stderr.lines() {
            let error: Value = serde_json::from_str(line).unwrap_or_default();
            assert_eq!(
                error["error"],
                "down",
                "{}: {line}{}",
                example.place,
                ran.all()
            );
        }
        ran_here += 1;
    }
    assert!(
        ran_here >= 20,
        "{ran_here} examples were run (see man/ and README.md below {:?})",
        repository()
    );
}

/// Whether a block of a paper calls nothing but our tools and what cannot change the machine.
fn is_safe(text: &str) -> bool {
    let text = text.replace("\\\n", " ");
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default());
    let calls = lines.flat_map(|line| line.split(['|', ';', '&', '(', ')', '{', '}']));
    let mut programs = calls.filter_map(|call| call.split_whitespace().next());
    let tools = tools();
    let shell = ["export", "umask", "[", "gpg", "printf", "echo"];
    programs.all(|program| {
        shell.contains(&program)
            || program.contains("=")
            || tools.iter().any(|tool| tool.get_name() == program)
    })
}

/// Puts a firm's keys where an example has them, and their fingerprint into it.
fn with_keys(gpg: &Gnupg, folder: &Path, text: &str) -> String {
    if !text.contains("ibsso-token") {
        return text.to_owned();
    }
    for (name, bytes) in [
        ("csid", b"0123456789ABCDEF".to_vec()),
        ("bank.key", gpg.secret_key("bank", &[])),
        ("ibkr.asc", gpg.public_key("bank")),
    ] {
        put_private(&folder.join(name), &bytes);
    }
    let fingerprint = &gpg.fingerprints("bank")[0];
    let spaced = "0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567";
    text.replace("0123456789ABCDEF0123456789ABCDEF01234567", fingerprint)
        .replace(spaced, fingerprint)
}

/// An IB Gateway and an IBC for an example that starts one: the stand-in's, at ports that are free.
struct Gateway {
    ports: [TestPort; 3],
}

impl Gateway {
    fn new(home: &Path) -> Self {
        let layout = Command::new(binary("ib-standin"))
            .arg("ibc-layout")
            .arg(home)
            .status();
        assert!(layout.is_ok_and(|status| status.success()));
        Self {
            ports: [(); 3].map(|()| TestPort::reserve()),
        }
    }

    /// The example at these ports, and the end of what it starts.
    fn around(&self, text: &str) -> String {
        let [api, command, forward] = self.ports.each_ref().map(|port| port.number);
        let text = text.replace("4004", &forward.to_string());
        let stop = "ibgw-start --kind tws --stop --timeout 20s";
        format!(
            "export IBGW_API_PORT={api} IBGW_COMMAND_PORT={command}\n{text}\nstatus=$?\n{stop}\nexit $status\n"
        )
    }
}
