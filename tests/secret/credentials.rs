//! Credentials of systemd, and IBeam's encrypted password.

use super::{MARKER, chmod, put, shell, tool, tool_with};
use crate::support::Ran;
use std::fs;
use std::process::Command;

#[test]
fn reads_credentials_as_a_unit_has_them() {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    for (name, value) in [("ib_username", "trader"), ("password", MARKER)] {
        put(folder.path(), name, value);
        // systemd.exec(5): an ACL lets the unit's own user read them, and its mask is in the group's bits.
        chmod(&folder.path().join(name), 0o440);
    }
    let run = |args: &[&str]| {
        let tool = tool().env("CREDENTIALS_DIRECTORY", folder.path());
        tool.args(args).run().exits(0).is_silent_on_stderr()
    };
    assert_eq!(
        run(&["get", "-v", "cred:password"]).stdout,
        format!("{MARKER}\n")
    );
    let whole = run(&["--dir", folder.path().to_str().expect("a path is UTF-8")]);
    assert_eq!(whole.report()["password"], MARKER, "{}", whole.all());
}

#[test]
fn reads_what_systemd_creds_encrypted() {
    let tool = tool();
    let folder = tool.folder.path().to_owned();
    // Root can use the machine's own key without any service of the machine.
    let encrypt = format!(
        "echo {MARKER} | systemd-creds encrypt --with-key=host --name=password - password.cred 2>said || \
         {{ cat said >&2; exit 1; }}"
    );
    let key = folder.join("host.key");
    let output = Command::new("sh")
        .args(["-c", &encrypt])
        .current_dir(&folder)
        .env("SYSTEMD_CREDENTIAL_SECRET", &key)
        .output()
        .expect("a shell runs");
    Ran::from_output(encrypt, output).exits(0);
    let sealed = fs::read_to_string(folder.join("password.cred")).expect("it is there");
    assert!(!sealed.contains(MARKER), "{sealed}");
    // In a unit with LoadCredentialEncrypted= systemd does this, and cred: reads the result.
    let decrypt = "cmd:systemd-creds decrypt --name=password password.cred -";
    let ran = tool
        .env("SYSTEMD_CREDENTIAL_SECRET", &key)
        .args(["get", decrypt])
        .run()
        .exits(0)
        .is_silent_on_stderr();
    assert_eq!(ran.stdout, format!("{MARKER}\n"), "{}", ran.all());
}

/// A key and a token of Python's cryptography, with which IBeam opens passwords.
fn fernet(password: &str) -> (String, String) {
    let script = "import sys; from cryptography.fernet import Fernet; key = Fernet.generate_key(); \
                  print(key.decode(), Fernet(key).encrypt(sys.argv[1].encode()).decode())";
    let output = Command::new("/usr/bin/python3")
        .args(["-c", script, password])
        .output()
        .expect("python3 runs");
    let ran = Ran::from_output(script.to_owned(), output).exits(0);
    let (key, token) = ran
        .stdout
        .trim()
        .split_once(' ')
        .expect("a key and a token");
    (key.to_owned(), token.to_owned())
}

#[test]
fn opens_ibeams_encrypted_password() {
    let (key, token) = fernet(MARKER);
    let files = [
        ("IBEAM_ACCOUNT", "trader"),
        ("IBEAM_PASSWORD", &token),
        ("IBEAM_KEY", &key),
    ];
    let by_folder = tool_with(&files).args(["--dir", "."]).run().exits(0);
    assert_eq!(
        by_folder.report()["password"],
        MARKER,
        "{}",
        by_folder.all()
    );
    let args = [
        "--username",
        "file:IBEAM_ACCOUNT",
        "--password",
        "file:IBEAM_PASSWORD",
        "--ibeam-key",
        "file:IBEAM_KEY",
    ];
    let by_flags = tool_with(&files).args(args).run().exits(0);
    assert_eq!(by_flags.report()["password"], MARKER, "{}", by_flags.all());
    let login = format!("{{\"username\":\"trader\",\"password\":\"{token}\"}}");
    let args = ["--login", "-", "--ibeam-key", "file:IBEAM_KEY"];
    let by_login = tool_with(&files).args(args).stdin(login).run().exits(0);
    assert_eq!(by_login.report()["password"], MARKER, "{}", by_login.all());
}

#[test]
fn says_why_ibeams_key_opens_nothing() {
    let (key, token) = fernet(MARKER);
    let (other, _) = fernet("other");
    let (_, empty) = fernet("");
    let mut damaged = token.clone();
    damaged.replace_range(60..61, if &token[60..61] == "A" { "B" } else { "A" });
    for (key, password, sentence) in [
        (key.as_str(), MARKER, "does not open it"),
        (&other, &token, "does not open it"),
        (&key, &damaged, "does not open it"),
        (&other, &empty, "does not open it"),
        ("short", &token, "IBeam's key is not a key"),
    ] {
        let files = [("name", "trader"), ("key", key), ("word", password)];
        let args = ["--username", "file:name", "--password", "file:word"];
        let ran = tool_with(&files)
            .args(args)
            .args(["--ibeam-key", "file:key"])
            .run()
            .exits(6)
            .is_silent_on_stdout()
            .never_shows(MARKER)
            .never_shows(key);
        let message = ran.error()["message"].to_string();
        assert!(message.contains(sentence), "{sentence}: {}", ran.all());
    }
    let tool = tool_with(&[("word", &token), ("key", &key)]);
    let script = "exec \"$0\" check --password file:word --ibeam-key file:key";
    let ran = shell(tool.folder.path(), script)
        .exits(6)
        .never_shows(MARKER);
    assert_eq!(ran.report()["parts"][1]["readable"], true, "{}", ran.all());
}
