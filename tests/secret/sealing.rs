//! `seal`, opened by the real gpg.

use super::{MARKER, put, tool};
use crate::support::gnupg::{Gnupg, Kind, PASSPHRASE};
use crate::support::{Ran, Tool};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// A tool with a public key, a passphrase and something to seal.
fn seal(gpg: &Gnupg, recipient: Option<&str>, flags: &[&str]) -> Tool {
    let tool = tool();
    put(tool.folder.path(), "word", PASSPHRASE);
    if let Some(name) = recipient {
        put(tool.folder.path(), "public", gpg.public_key(name));
    }
    let out = gpg.path().join("sealed");
    let out = out.to_str().expect("a path is UTF-8");
    tool.args(["seal", "--out", out]).args(flags).stdin(MARKER)
}

fn opens_again(gpg: &Gnupg, flags: &[&str], file: (&str, &[u8])) -> Ran {
    let tool = tool();
    put(tool.folder.path(), file.0, file.1);
    let from = format!("pgp:{}", gpg.path().join("sealed").display());
    let ran = tool
        .args(["get", &from])
        .args(flags)
        .run()
        .exits(0)
        .is_silent_on_stderr();
    assert_eq!(ran.stdout, format!("{MARKER}\n"), "{}", ran.all());
    ran
}

/// A device that a file replaces is lost for the whole machine.
#[test]
fn replaces_nothing_that_is_no_file() {
    let gpg = Gnupg::new();
    let tool = || seal(&gpg, None, &["--passphrase", "file:word"]);
    let sealed = gpg.path().join("sealed");
    let made = std::process::Command::new("mkfifo").arg(&sealed).status();
    assert!(made.expect("mkfifo runs").success());
    let ran = tool().run().exits(6);
    assert!(
        ran.stderr.contains("the path exists and is not a file"),
        "{}",
        ran.all()
    );
    assert!(fs::metadata(&sealed).is_ok_and(|about| !about.is_file()));
}

fn seals_for_a_key(kind: Kind) {
    let gpg = Gnupg::new();
    gpg.make_key(kind, "trader", false);
    for flags in [
        &["--recipient", "public"][..],
        &["--recipient", "public", "--armor"],
    ] {
        let ran = seal(&gpg, Some("trader"), flags)
            .run()
            .exits(0)
            .is_silent_on_stderr()
            .never_shows(MARKER);
        let sealed = gpg.path().join("sealed");
        let about = fs::metadata(&sealed).expect("the sealed file is there");
        assert_eq!(about.permissions().mode() & 0o777, 0o600, "{}", ran.all());
        let report = ran.report();
        assert_eq!(report["schema"], "ibgw-secret-seal/1", "{}", ran.all());
        assert_eq!(report["state"], "sealed", "{}", ran.all());
        assert_eq!(report["bytes"], about.len(), "{}", ran.all());
        assert_eq!(report["passphrase"], false, "{}", ran.all());
        assert_eq!(
            report["recipients"][0].as_str().map(str::len),
            Some(40),
            "{}",
            ran.all()
        );
        let is_armored = fs::read(&sealed)
            .expect("it can be read")
            .starts_with(b"-----BEGIN PGP MESSAGE");
        assert_eq!(is_armored, flags.contains(&"--armor"), "{}", ran.all());
        assert_eq!(gpg.decrypt(&sealed), MARKER, "{}", ran.all());
        opens_again(
            &gpg,
            &["--key", "file:key"],
            ("key", &gpg.secret_key("trader", &[])),
        );
    }
}

#[test]
fn seals_for_an_rsa_key() {
    seals_for_a_key(Kind::Rsa(2048));
}

#[test]
fn seals_for_a_curve_key() {
    seals_for_a_key(Kind::Curve);
}

#[test]
fn seals_with_a_passphrase() {
    let gpg = Gnupg::new();
    let ran = seal(&gpg, None, &["--passphrase", "file:word"])
        .run()
        .exits(0)
        .never_shows(PASSPHRASE);
    assert_eq!(ran.report()["recipients"], json!([]), "{}", ran.all());
    assert_eq!(ran.report()["passphrase"], true, "{}", ran.all());
    assert_eq!(
        gpg.decrypt(&gpg.path().join("sealed")),
        MARKER,
        "{}",
        ran.all()
    );
    opens_again(
        &gpg,
        &["--passphrase", "file:word"],
        ("word", PASSPHRASE.as_bytes()),
    );
}

#[test]
fn seals_for_a_key_and_a_passphrase_at_once() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "trader", false);
    let flags = ["--recipient", "public", "--passphrase", "file:word"];
    seal(&gpg, Some("trader"), &flags).run().exits(0);
    opens_again(
        &gpg,
        &["--passphrase", "file:word"],
        ("word", PASSPHRASE.as_bytes()),
    );
    opens_again(
        &gpg,
        &["--key", "file:key"],
        ("key", &gpg.secret_key("trader", &[])),
    );
    assert_eq!(gpg.decrypt(&gpg.path().join("sealed")), MARKER);
}

#[test]
fn seals_for_several_keys() {
    let gpg = Gnupg::new();
    let tool = seal(&gpg, None, &["--recipient", "a", "--recipient", "b"]);
    for (name, file) in [("first", "a"), ("second", "b")] {
        gpg.make_key(Kind::Curve, name, false);
        put(tool.folder.path(), file, gpg.public_key(name));
    }
    let ran = tool.run().exits(0).never_shows(MARKER);
    let recipients = ran.report()["recipients"].clone();
    for (name, place) in [("first", 0), ("second", 1)] {
        assert_eq!(
            recipients[place],
            gpg.fingerprints(name)[0],
            "{}",
            ran.all()
        );
        opens_again(
            &gpg,
            &["--key", "file:key"],
            ("key", &gpg.secret_key(name, &[])),
        );
    }
    assert_eq!(gpg.decrypt(&gpg.path().join("sealed")), MARKER);
}

#[test]
fn uses_what_gpg_2_2_understands() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Rsa(2048), "trader", false);
    seal(&gpg, Some("trader"), &["--recipient", "public"])
        .run()
        .exits(0);
    let sealed = gpg.path().join("sealed");
    let packets = gpg.run(
        &["--list-packets", sealed.to_str().expect("a path is UTF-8")],
        b"",
    );
    let packets = String::from_utf8_lossy(&packets);
    for line in ["mdc_method: 2", "compressed packet: algo=1", "mode b"] {
        assert!(packets.contains(line), "{line}: {packets}");
    }
}

#[test]
fn refuses_to_seal_for_a_key_that_is_of_no_use() {
    let gpg = Gnupg::new();
    gpg.make_expired_key("expired");
    let ran = seal(&gpg, Some("expired"), &["--recipient", "public"])
        .run()
        .exits(6)
        .is_silent_on_stdout();
    assert!(
        ran.error()["message"]
            .to_string()
            .contains("no key to encrypt to (expired"),
        "{}",
        ran.all()
    );
    assert!(!gpg.path().join("sealed").exists(), "{}", ran.all());
    let ran = seal(&gpg, None, &["--recipient", "word"])
        .run()
        .exits(6)
        .never_shows(MARKER);
    assert!(
        ran.error()["message"]
            .to_string()
            .contains("not one OpenPGP key"),
        "{}",
        ran.all()
    );
    let ran = seal(&gpg, None, &["--recipient", "nowhere"]).run().exits(6);
    assert!(
        ran.error()["message"].to_string().contains("No such file"),
        "{}",
        ran.all()
    );
}

#[test]
fn refuses_to_seal_nothing_or_to_nowhere() {
    let gpg = Gnupg::new();
    let ran = seal(&gpg, None, &["--passphrase", "file:word"])
        .stdin("")
        .run()
        .exits(6);
    assert!(
        ran.error()["message"]
            .to_string()
            .contains("stdin: it is empty"),
        "{}",
        ran.all()
    );
    let ran = seal(&gpg, None, &["--passphrase", "-"]).run().exits(2);
    assert!(
        ran.error()["message"].to_string().contains("only once"),
        "{}",
        ran.all()
    );
    let tool = tool();
    put(tool.folder.path(), "word", PASSPHRASE);
    let ran = tool
        .args(["seal", "--passphrase", "file:word", "--out", "no/where"])
        .stdin(MARKER)
        .run()
        .exits(6);
    assert!(
        ran.error()["message"]
            .to_string()
            .contains("writing no/where"),
        "{}",
        ran.all()
    );
}
