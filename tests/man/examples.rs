//! Examples of the pages and of the README: each parses, and those that need no Gateway and no account are run.

use super::needs::{NEEDS, OF_IBEAM, prelude};
use super::page::Page;
use super::reports::put_secrets;
use super::{read, root, tools};
use crate::support::gnupg::{Gnupg, Kind};
use crate::support::google::Google;
use crate::support::keyring::Keyring;
use crate::support::{Nobody, Port, Ran, binary};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// One example and where it stands.
struct Example {
    place: String,
    text: String,
}

fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    for page in Page::all() {
        let found = page.examples();
        assert!(!found.is_empty(), "{} has examples", page.name);
        examples.extend(found.into_iter().map(|text| Example {
            place: page.name.clone(),
            text,
        }));
    }
    let readme = read("README.md");
    let blocks = readme.split("```sh\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split("```").next());
    examples.extend(blocks.map(|text| Example {
        place: "README.md".to_owned(),
        text: text.to_owned(),
    }));
    examples
}

/// The tools that an example calls.
fn called(text: &str) -> BTreeSet<String> {
    let names: Vec<String> = tools()
        .iter()
        .map(|tool| tool.get_name().to_owned())
        .collect();
    let words = text.split(|letter: char| letter.is_whitespace() || ";|&".contains(letter));
    let called = words.filter(|word| names.iter().any(|name| name == word));
    called.map(str::to_owned).collect()
}

/// Runs an example in a folder, with nothing to be found but what is in these folders.
fn shell(text: &str, folder: &Path, path: &str, gateway: &str) -> Ran {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", text]).current_dir(folder).env_clear();
    shell
        .env("PATH", path)
        .env("HOME", folder)
        .env("IBGW_URL", gateway);
    shell.env("IBGW_STATE_DIR", folder.join("state"));
    let output = shell.output().expect("a shell runs");
    Ran::from_output(format!("{shell:?} (IBGW_URL={gateway})"), output)
}

/// A folder of programs that write down how they are called, one file for each call; `exit` is that of the tools
/// whose answer an example looks at.
fn recorders(folder: &Path, exit: u8) {
    for tool in tools() {
        let name = tool.get_name();
        let exit = match name {
            "ibgw-tickle" | "ibgw-login" => exit,
            _ => 0,
        };
        // Flags that an example puts into the environment are part of the call.
        let variables = r#"/usr/bin/env | while read -r it; do case $it in IBSSO_*) printf '%s\n' "$it";; esac; done"#;
        let script = format!(
            "#!/bin/sh\n{{ printf '%s\\n' {name} \"$@\"; {variables}; }} >'{}'/call.$$\nexit {exit}\n",
            folder.display()
        );
        let path = folder.join(name);
        fs::write(&path, script).expect("a script can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("a mode can be set");
    }
}

/// The calls written down.
fn calls(folder: &Path) -> Vec<Vec<String>> {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let calls = paths.filter(|path| path.file_stem().is_some_and(|stem| stem == "call"));
    let read = |path| fs::read_to_string(path).expect("a call can be read");
    calls
        .map(read)
        .map(|text| text.lines().map(as_flag).collect())
        .collect()
}

/// A flag for a variable; every other word as it is.
fn as_flag(word: &str) -> String {
    let variable = word
        .strip_prefix("IBSSO_")
        .and_then(|rest| rest.split_once('='));
    match variable {
        Some((name, value)) => format!("--{}={value}", name.to_lowercase().replace('_', "-")),
        None => word.to_owned(),
    }
}

#[test]
fn every_example_is_a_command_line_that_its_tool_takes() {
    for example in examples() {
        let mut seen = BTreeSet::new();
        // The answers that examples tell apart: yes, no, no answer.
        for exit in [0, 1, 8] {
            let programs = TempDir::new().expect("a temporary folder can be made");
            let here = TempDir::new().expect("a temporary folder can be made");
            recorders(programs.path(), exit);
            put_token(here.path());
            for name in ["username", "password"] {
                put_private(&here.path().join(name), b"planted");
            }
            let path = programs.path().display().to_string();
            let ran = shell(&example.text, here.path(), &path, "");
            for call in calls(programs.path()) {
                let mut tools = tools().into_iter();
                let tool = tools.find(|tool| tool.get_name() == call[0]);
                let parsed = tool.expect("a tool").try_get_matches_from(&call);
                assert!(
                    parsed.is_ok(),
                    "{}: {call:?}: {}\n{}",
                    example.place,
                    parsed
                        .err()
                        .map(|error| error.to_string())
                        .unwrap_or_default(),
                    ran.all()
                );
                seen.insert(call[0].clone());
            }
        }
        assert_eq!(
            seen,
            called(&example.text),
            "{}: left: the tools that ran; right: those in\n{}",
            example.place,
            example.text
        );
    }
}

/// Puts a token where an example has it.
fn put_token(folder: &Path) {
    let record = r#"{"schema":"ibsso-token/1","state":"issued","access_token":"planted","token_type":"Bearer"}"#;
    put_private(&folder.join("token.json"), record.as_bytes());
}

fn put_private(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("a file can be written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("a mode can be set");
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
        let (folder, nobody) = (
            TempDir::new().expect("a temporary folder can be made"),
            Nobody::new(),
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
        // The same example, with its files where a test may put them, and nobody at its address.
        let text = text
            .replace("/run/secrets", "secrets")
            .replace("/run/ibgw/", "")
            .replace("127.0.0.1:4002", &nobody.address().to_string());
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
             export CREDENTIALS_DIRECTORY=secrets IBKR_PASSWORD=word\n{}\n",
            gpg.path().display(),
            google.host(),
            google.url(),
            keyring.bus.address,
            prelude.unwrap_or_default(),
            url = nobody.url()
        );
        let gateway = text
            .contains("--tws-dir")
            .then(|| Gateway::new(folder.path()));
        let text = match &gateway {
            Some(gateway) => surroundings + &gateway.around(&text),
            None => surroundings + &text,
        };
        let ran = shell(&text, folder.path(), &path, &nobody.url());
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
        root()
    );
}

#[test]
fn every_source_of_a_secret_has_an_example() {
    let examples = Page::of("ibgw-secret").examples().join("");
    for source in [
        "file:",
        "fd:",
        "cred:",
        "env:",
        "pgp:",
        "gcp:",
        "keyring:",
        "--username -",
        "--dir ",
        "--login ",
        "--ibeam-key ",
        "cmd:pass ",
        "cmd:age ",
        "cmd:op ",
        "cmd:vault ",
        "cmd:aws ",
        "cmd:sops ",
        "cmd:systemd-creds ",
    ] {
        assert!(examples.contains(source), "{source} has none:\n{examples}");
    }
}

/// An IB Gateway and an IBC for an example that starts one: the stand-in's, at ports that are free.
struct Gateway {
    ports: [Port; 3],
}

impl Gateway {
    fn new(home: &Path) -> Self {
        let layout = Command::new(binary("ib-standin"))
            .arg("ibc-layout")
            .arg(home)
            .status();
        assert!(layout.is_ok_and(|status| status.success()));
        Self {
            ports: [(); 3].map(|()| Port::reserve()),
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
