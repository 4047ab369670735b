//! Where secrets are not.

use super::{Bank, Kind, put};
use crate::support::gnupg::PASSPHRASE;
use crate::support::{environments_below, eventually, processes_with};
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

/// The words that must be seen nowhere but in the one answer.
fn secrets(bank: &Bank) -> Vec<String> {
    let csid = bank.standin.about["csid"].as_str().expect("a CSID");
    let mut secrets = vec![csid.to_owned(), PASSPHRASE.to_owned()];
    let truth = bank.standin.truth();
    secrets.extend(truth["sso"]["last_token"].as_str().map(str::to_owned));
    for request in bank.requests() {
        let body: Value =
            serde_json::from_str(request["body"].as_str().unwrap_or_default()).unwrap_or_default();
        let payload = body["payload"].as_str().unwrap_or("no payload");
        secrets.push(payload.to_owned());
        // A part of it would do.
        secrets.push(payload.chars().take(40).collect());
    }
    secrets
}

fn locked(bank: &Bank) -> crate::support::Tool {
    bank.gpg.make_key(Kind::Curve, "locked", true);
    let tool = bank.token_with(&bank.gpg.secret_key("locked", &[]), "ibkr");
    put(tool.folder.path(), "word", PASSPHRASE);
    tool.env("IBSSO_PASSPHRASE", "file:word")
}

#[test]
fn says_none_of_them_at_the_highest_verbosity() {
    let bank = Bank::new();
    let ran = locked(&bank).args(["-v"]).run().exits(0);
    for secret in secrets(&bank) {
        assert!(!ran.stderr.contains(&secret), "{secret}: {}", ran.all());
    }
    for line in ran.stderr.lines() {
        let line: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(line["schema"], "ib-log/1", "{line}");
    }
}

#[test]
fn has_none_of_them_in_a_command_line_or_an_environment() {
    let bank = Bank::new();
    bank.answers(&[json!({"mode": "hang"})]);
    let (mut child, folder) = locked(&bank).spawn();
    eventually("it asks", || bank.requests().first().cloned());
    for file in ["cmdline", "environ"] {
        let seen = fs::read(format!("/proc/{}/{file}", child.id())).expect("it runs");
        let seen = String::from_utf8_lossy(&seen).into_owned();
        assert!(seen.contains("token"), "{file}: {seen}");
        for secret in secrets(&bank) {
            assert!(!seen.contains(&secret), "{secret}: {seen}");
        }
    }
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("it runs");
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let limit = line.and_then(|line| line.split_whitespace().nth(4));
    assert_eq!(limit, Some("0"), "{limits}");
    child.kill().and_then(|()| child.wait()).expect("it ends");
    drop(folder);
}

/// While a program prints one of them, the other is read already, and came by a variable.
#[test]
fn hands_none_of_them_to_a_program_that_it_runs() {
    let bank = Bank::new();
    let tool = locked(&bank).env("BANK_WORD", PASSPHRASE);
    let hold = "#!/bin/sh\n>runs\nwhile [ ! -e go ]; do sleep 0.02; done\ncat csid\n";
    put(tool.folder.path(), "hold", hold);
    super::chmod(&tool.folder.path().join("hold"), 0o700);
    let program = format!("cmd:{}/hold", tool.folder.path().display());
    let tool = tool
        .env("IBSSO_PASSPHRASE", "env:BANK_WORD")
        .env("IBSSO_CSID", &program);
    let (mut child, folder) = tool.spawn();
    let runs = folder.path().join("runs");
    eventually("the program runs", || runs.exists().then_some(()));
    let below = environments_below(child.id(), "HOME=");
    assert!(below.iter().any(|line| line.contains("hold")), "{below:?}");
    assert_eq!(environments_below(child.id(), PASSPHRASE), [""; 0]);
    assert_eq!(processes_with(PASSPHRASE), [""; 0]);
    fs::write(folder.path().join("go"), "").expect("a file can be written");
    let ended = child.wait().expect("it ends");
    assert!(ended.success(), "{ended}");
}

#[test]
fn leaves_none_of_them_in_a_file() {
    let bank = Bank::new();
    let tool = locked(&bank).env("TMPDIR", ".").args(["-v"]);
    let (child, folder) = tool.spawn();
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    let secrets = secrets(&bank);
    assert!(
        secrets.len() >= 5,
        "CSID, passphrase, token, payload and a part of it"
    );
    // Where the test put them.
    let own = ["./csid", "./word"];
    for secret in secrets {
        let mut grep = Command::new("grep");
        let found = grep
            .args(["-rlF", "-e", &secret, "."])
            .current_dir(folder.path())
            .output();
        let found = found.expect("grep runs");
        assert!(found.status.code() < Some(2), "{found:?}");
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        let others: Vec<&str> = found.lines().filter(|name| !own.contains(name)).collect();
        assert_eq!(others, [""; 0], "they hold {secret}");
    }
}

#[test]
fn reads_them_from_wherever_a_reference_says() {
    let bank = Bank::new();
    let csid = bank.standin.about["csid"]
        .as_str()
        .expect("a CSID")
        .to_owned();
    let from = |reference: &str| bank.token().args(["--csid", reference]);
    super::says(from("-").stdin(format!("{csid}\n")).run(), "issued", 0);
    super::says(from("cmd:cat csid").run(), "issued", 0);
    let ran = from("fd:3").in_shell(r#"exec "$0" "$@" 3<csid"#).run();
    super::says(ran, "issued", 0);
    let ran = from("env:BANK_CSID").env("BANK_CSID", &csid).run();
    let report = super::says(ran, "issued", 0);
    assert_eq!(report["warnings"], json!(["secret_in_environment"]));
}

/// The kernel shows the memory of a process that forbids it to root alone: here, to the user who runs the tests.
#[test]
fn has_none_of_them_left_in_its_memory_at_the_end() {
    let bank = Bank::new();
    let tool = locked(&bank).args(["--format", "bare", "--out", "token"]);
    let csid = bank.standin.about["csid"].as_str().expect("a CSID");
    let secrets = json!({"csid": csid, "passphrase": PASSPHRASE});
    put(tool.folder.path(), "secrets.json", secrets.to_string());
    put(
        tool.folder.path(),
        "scan.py",
        include_str!("../support/scan.py"),
    );
    let control = bank.standin.about["control"].as_str().expect("it has one");
    let script = r#"exec unshare -r python3 scan.py secrets.json "$CONTROL" token '' "$0" "$@""#;
    let ran = tool.env("CONTROL", control).in_shell(script).run().exits(0);
    let expected = "looked at much for csid passphrase payload token\n";
    assert_eq!(ran.stdout, expected, "{}", ran.all());
}
