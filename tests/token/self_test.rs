//! `--self-test`: gpg opens the payload with the user's own keyring.

use super::{Bank, Kind, message, put};
use crate::support::gnupg::{Gnupg, PASSPHRASE};
use crate::support::{Ran, Tool, eventually, processes_with, signal};
use serde_json::json;
use std::fs;
use std::process::Command;

/// The tool with no more than the self-test needs.
fn self_test(gpg: &Gnupg, name: &str) -> Tool {
    let tool = Tool::new("ibsso-token");
    put(tool.folder.path(), "bank.key", gpg.secret_key(name, &[]));
    tool.env("GNUPGHOME", gpg.path()).args([
        "--self-test",
        "--username",
        "abcde1234",
        "--ip",
        "1.2.3.4",
        "--sign-key",
        "file:bank.key",
    ])
}

/// Ends the agent, so that it forgets every passphrase.
fn end_agent(gpg: &Gnupg) {
    let mut gpgconf = Command::new("gpgconf");
    let ended = gpgconf.env("GNUPGHOME", gpg.path()).args(["--kill", "all"]);
    let ended = ended.status().expect("gpgconf runs");
    assert!(ended.success(), "{gpgconf:?}: {ended}");
}

#[track_caller]
fn failed(ran: Ran, exit: i32, words: &str) -> serde_json::Value {
    let ran = ran.exits(exit);
    assert!(message(&ran).contains(words), "{}", ran.all());
    let report = ran.report();
    assert_eq!(report["schema"], "ibsso-token-self-test/1", "{}", ran.all());
    assert_eq!(report["state"], "failed", "{}", ran.all());
    report
}

#[test]
fn is_opened_by_gpg_and_sends_nothing() {
    let bank = Bank::new();
    bank.gpg.make_key(Kind::Rsa(2048), "rsa", false);
    for name in ["bank", "rsa"] {
        let ran = self_test(&bank.gpg, name)
            .run()
            .exits(0)
            .is_silent_on_stderr();
        let report = ran.report();
        let fingerprint = &bank.gpg.fingerprints(name)[0];
        let expected = json!({
            "schema": "ibsso-token-self-test/1",
            "state": "ok",
            "decrypted": true,
            "intact": true,
            "signed": true,
            "same": true,
            "gpg": report["gpg"],
            "signer_fingerprint": fingerprint,
            "signing_fingerprint": fingerprint,
            "warnings": [],
        });
        assert_eq!(report, expected, "{}", ran.all());
        for word in ["decrypted", "intact", "good_signature"] {
            let said = report["gpg"].as_array().expect("a list");
            assert!(
                said.iter().any(|found| found == word),
                "{word}: {}",
                ran.all()
            );
        }
    }
    assert_eq!(bank.standin.truth()["sso"]["handshakes"], 0);
}

#[test]
fn gives_gpg_the_passphrase_where_no_other_user_sees_it() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "locked", true);
    let tool = self_test(&gpg, "locked").args(["--passphrase", "file:word", "-v"]);
    let folder = tool.folder.path().to_owned();
    put(&folder, "word", PASSPHRASE);
    let seen = gpg.path().join("seen");
    let script = format!(
        "#!/bin/sh\n{{ printf '%s\\n' \"$@\"; env; }} >'{}'\nPATH=${{PATH#*:}} exec gpg \"$@\"\n",
        seen.display()
    );
    put(&folder, "gpg", script);
    super::chmod(&folder.join("gpg"), 0o700);
    let path = std::env::var("PATH").expect("PATH is set");
    end_agent(&gpg);
    let tool = tool.env("PATH", format!("{}:{path}", folder.display()));
    let ran = tool.env("IB_PASSWORD", "planted").run();
    let ran = ran.exits(0).never_shows(PASSPHRASE);
    assert_eq!(ran.report()["state"], "ok", "{}", ran.all());
    let seen = fs::read_to_string(seen).expect("gpg was called");
    assert!(
        seen.contains("--decrypt") && seen.contains("HOME="),
        "{seen}"
    );
    assert!(
        !seen.contains(PASSPHRASE) && !seen.contains("planted"),
        "{seen}"
    );
}

#[test]
fn says_that_gpg_has_not_the_key() {
    let (gpg, other) = (Gnupg::new(), Gnupg::new());
    gpg.make_key(Kind::Curve, "bank", false);
    other.make_key(Kind::Curve, "other", false);
    let ran = self_test(&gpg, "bank").env("GNUPGHOME", other.path()).run();
    let report = failed(ran, 6, "gpg --import");
    assert_eq!(report["decrypted"], false);
    let said = report["gpg"].as_array().expect("a list");
    assert!(said.iter().any(|word| word == "no_secret_key"), "{report}");
}

#[test]
fn says_that_gpgs_key_wants_another_passphrase() {
    let (gpg, other) = (Gnupg::new(), Gnupg::new());
    gpg.make_key(Kind::Curve, "bank", false);
    // The same key, locked in the other keyring alone.
    let key = gpg.secret_key("bank", &[]);
    other.run(&["--import"], &key);
    let fingerprint = &gpg.fingerprints("bank")[0];
    let words = format!("{PASSPHRASE}\n{PASSPHRASE}\n");
    let change = ["--passphrase-fd", "0", "--change-passphrase", fingerprint];
    other.output(&change, words.as_bytes());
    end_agent(&other);
    let ran = self_test(&gpg, "bank").env("GNUPGHOME", other.path()).run();
    failed(ran, 6, "--passphrase");
}

#[test]
fn says_that_gpgs_copy_of_the_key_has_expired_or_is_revoked() {
    let (gpg, other) = (Gnupg::new(), Gnupg::new());
    gpg.make_expired_key("bank");
    // gpg takes no revocation without the database that making a key makes.
    other.make_key(Kind::Curve, "other", false);
    let fingerprints = gpg.fingerprints("bank");
    let [fingerprint, subkey] = &fingerprints[..] else {
        panic!("{fingerprints:?}")
    };
    other.run(&["--import"], &gpg.secret_key("bank", &[]));
    let unlocked = ["--passphrase-file", "/dev/null"];
    for what in [&[][..], &[subkey.as_str()]] {
        let prolong = ["--quick-set-expire", fingerprint, "20y"];
        gpg.run(&[&unlocked[..], &prolong, what].concat(), b"");
    }
    let with_others = || self_test(&gpg, "bank").env("GNUPGHOME", other.path()).run();
    let report = failed(with_others(), 6, "gpg --import the current one");
    let has = |report: &serde_json::Value, word: &str| {
        let said = report["gpg"].as_array().expect("a list");
        said.iter().any(|found| found == word)
    };
    assert!(has(&report, "expired_key"), "{report}");
    assert_eq!(report["signed"], false, "{report}");
    other.run(&["--import"], &gpg.public_key("bank"));
    let revocation = gpg
        .path()
        .join(format!("openpgp-revocs.d/{fingerprint}.rev"));
    let revocation = fs::read_to_string(revocation).expect("gpg wrote a revocation");
    other.run(
        &["--import"],
        revocation.replace(":-----BEGIN", "-----BEGIN").as_bytes(),
    );
    let report = failed(with_others(), 6, "is revoked");
    assert!(has(&report, "revoked_key"), "{report}");
}

#[test]
fn says_that_gpg_is_not_installed() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "bank", false);
    let ran = self_test(&gpg, "bank").env("PATH", "/nonexistent").run();
    let ran = ran.exits(5).is_silent_on_stdout();
    assert!(
        message(&ran).contains("gpg: it is not installed"),
        "{}",
        ran.all()
    );
}

/// The tool with a gpg that never ends, and a text that is in the command line of that gpg alone.
fn with_hung_gpg(tool: Tool) -> (Tool, String) {
    let folder = tool.folder.path().to_owned();
    let marker = format!("{}/hung", folder.display());
    let script = format!("#!/bin/sh\nexec tail -f /dev/null '{marker}'\n");
    put(&folder, "hung", "");
    put(&folder, "gpg", script);
    super::chmod(&folder.join("gpg"), 0o700);
    let path = std::env::var("PATH").expect("PATH is set");
    let tool = tool.env("PATH", format!("{}:{path}", folder.display()));
    (tool, marker)
}

#[test]
fn ends_a_gpg_that_hangs() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "bank", false);
    let (tool, marker) = with_hung_gpg(self_test(&gpg, "bank"));
    let ran = tool.args(["--timeout", "700ms"]).run();
    let ran = ran.exits(8).is_silent_on_stdout();
    assert!(message(&ran).contains("does not end"), "{}", ran.all());
    assert_eq!(processes_with(&marker), Vec::<String>::new());
}

#[test]
fn takes_gpg_along_when_it_is_killed() {
    for name in ["TERM", "KILL"] {
        let gpg = Gnupg::new();
        gpg.make_key(Kind::Curve, "bank", false);
        let (tool, marker) = with_hung_gpg(self_test(&gpg, "bank"));
        let (mut child, _folder) = tool.spawn();
        let seen =
            || (!processes_with(&format!("tail -f /dev/null {marker}")).is_empty()).then_some(());
        eventually("gpg runs", seen);
        signal(child.id(), name);
        child.wait().expect("it ends");
        let gone = || processes_with(&marker).is_empty().then_some(());
        eventually("gpg is gone", gone);
    }
}

#[test]
fn leaves_no_agent_that_it_started() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "bank", false);
    let tool = self_test(&gpg, "bank");
    let home = gpg.path().display().to_string();
    end_agent(&gpg);
    eventually("the agent has ended", || {
        processes_with(&home).is_empty().then_some(())
    });
    tool.run().exits(0);
    assert_eq!(processes_with(&home), Vec::<String>::new());
}

#[test]
fn needs_a_key_with_a_part_to_encrypt_to() {
    let gpg = Gnupg::new();
    let alone = "%no-protection\nKey-Type: eddsa\nKey-Curve: ed25519\nKey-Usage: sign\nName-Real: alone\nExpire-Date: 0\n%commit\n";
    gpg.run(&["--generate-key"], alone.as_bytes());
    let ran = self_test(&gpg, "alone")
        .run()
        .exits(6)
        .is_silent_on_stdout();
    let said = message(&ran);
    assert!(said.contains("--quick-add-key FPR rsa3072 encr"), "{said}");
    assert!(
        !said.contains("dam@ibkr.com"),
        "IBKR has no part in it: {said}"
    );
    gpg.add_subkey("alone", "rsa3072", "encr");
    let ran = self_test(&gpg, "alone").run().exits(0);
    assert_eq!(ran.report()["state"], "ok", "{}", ran.all());
}
