//! Where secrets are not: in memory that is given back, in files, in what is said.

use super::{MARKER, SEED, put, tool};
use crate::support::gnupg::{Gnupg, Kind};
use crate::support::google::{Google, TOKEN};
use crate::support::keyring::Keyring;
use crate::support::{Tool, environments_below, eventually, processes_with};
use serde_json::json;
use std::fs;
use std::process::Command;

const PASSWORD: &str = "Marker-1f4d-of-the-second-password";

/// Runs a tool until only its last line is left to be written, and looks for secrets in its memory.
///
/// What is printed is in memory until then, so the tool is one that reads secrets and prints none: `check`.
#[track_caller]
fn keeps_none(tool: Tool, secrets: &serde_json::Value) {
    put(tool.folder.path(), "secrets.json", secrets.to_string());
    put(
        tool.folder.path(),
        "scan.py",
        include_str!("../support/scan.py"),
    );
    // The kernel shows the memory of a process that forbids it to root alone: here, to the user who runs the tests.
    let script = r#"exec unshare -r python3 scan.py secrets.json '' '' '' "$0" "$@""#;
    let ran = tool.in_shell(script).run().exits(0);
    let names: Vec<&str> = secrets
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    let expected = format!("looked at much for {}\n", names.join(" "));
    assert_eq!(ran.stdout, expected, "{}", ran.all());
}

#[test]
fn files_and_programs_leave_nothing_in_memory() {
    let tool = tool();
    put(tool.folder.path(), "word", MARKER);
    put(tool.folder.path(), "seed", SEED);
    let args = [
        "check",
        "--username",
        "file:seed",
        "--password",
        "file:word",
        "--totp-seed",
        "cmd:cat seed",
    ];
    keeps_none(tool.args(args), &json!({"password": MARKER, "seed": SEED}));
}

#[test]
fn whole_logins_and_openpgp_leave_nothing_in_memory() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "trader", false);
    let tool = tool();
    let login =
        format!("{{\"username\":\"trader\",\"password\":\"{MARKER}\",\"totp_seed\":\"{SEED}\"}}");
    put(
        tool.folder.path(),
        "login.pgp",
        gpg.encrypt_to("trader", &[], &login),
    );
    put(tool.folder.path(), "key", gpg.secret_key("trader", &[]));
    let tool = tool.args(["check", "--login", "pgp:login.pgp", "--key", "file:key"]);
    keeps_none(tool, &json!({"password": MARKER, "seed": SEED}));
}

#[test]
fn secret_manager_leaves_nothing_in_memory() {
    let google = Google::with(MARKER);
    let place = "gcp:projects/p/secrets/ibkr";
    let tool = super::gcp::on(&google, tool());
    let tool = tool.args(["check", "--username", place, "--password", place]);
    keeps_none(tool, &json!({"password": MARKER, "token": TOKEN}));
}

#[test]
fn a_keyring_leaves_nothing_in_memory() {
    let keyring = Keyring::new();
    keyring.store(&["service", "ibkr", "username", "trader"], MARKER);
    let tool = tool().env("DBUS_SESSION_BUS_ADDRESS", &keyring.bus.address);
    let place = "keyring:ibkr/trader";
    let tool = tool.args(["check", "--username", place, "--password", place]);
    keeps_none(tool, &json!({"password": MARKER}));
}

#[test]
fn is_silent_of_secrets_at_the_highest_verbosity() {
    let tool = tool();
    put(tool.folder.path(), "word", MARKER);
    put(tool.folder.path(), "other", PASSWORD);
    let args = [
        "-v",
        "--username",
        "cmd:cat other",
        "--password",
        "env:WORD",
    ];
    let ran = tool.env("WORD", MARKER).args(args).run().exits(0);
    for secret in [MARKER, PASSWORD] {
        assert!(ran.stdout.contains(secret), "{}", ran.all());
        assert!(!ran.stderr.contains(secret), "{}", ran.all());
    }
}

#[test]
fn leaves_no_file_with_a_secret() {
    let tool = tool();
    put(tool.folder.path(), "word", MARKER);
    let args = ["--username", "cmd:cat word", "--password", "file:word"];
    let (child, folder) = tool.env("TMPDIR", ".").args(args).spawn();
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    let found = Command::new("grep")
        .args(["-rlF", "-e", MARKER, "."])
        .current_dir(folder.path())
        .output()
        .expect("grep runs");
    assert_eq!(
        String::from_utf8_lossy(&found.stdout),
        "./word\n",
        "{found:?}"
    );
}

#[test]
fn hands_no_secret_to_a_program_that_it_runs() {
    let tool = tool();
    let hold = "#!/bin/sh\n>runs\nwhile [ ! -e go ]; do sleep 0.02; done\necho word\n";
    put(tool.folder.path(), "hold", hold);
    super::chmod(&tool.folder.path().join("hold"), 0o700);
    let program = format!("cmd:{}/hold", tool.folder.path().display());
    let args = [
        "--username",
        "-",
        "--password",
        "env:WORD",
        "--totp-seed",
        &program,
    ];
    let tool = tool.env("WORD", PASSWORD).env("IBEAM_KEY", MARKER);
    let (mut child, folder) = tool.args(args).stdin(MARKER).spawn();
    let runs = folder.path().join("runs");
    eventually("the program runs", || runs.exists().then_some(()));
    let below = environments_below(child.id(), "HOME=");
    assert!(below.iter().any(|line| line.contains("hold")), "{below:?}");
    for secret in [MARKER, PASSWORD] {
        assert_eq!(environments_below(child.id(), secret), [""; 0]);
        assert_eq!(processes_with(secret), [""; 0]);
    }
    child.kill().and_then(|()| child.wait()).expect("it ends");
    fs::write(folder.path().join("go"), "").expect("a file can be written");
}
