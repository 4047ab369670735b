//! Who may see what: permissions, terminals, full disks, and `check`.

use super::{MARKER, chmod, put, shell, tool, tool_with};
use crate::support::gnupg::{Gnupg, Kind};
use crate::support::{Ran, binary};
use serde_json::{Value, json};
use std::process::{Command, Stdio};

#[test]
fn shows_nothing_on_a_terminal_unless_told() {
    let tool = tool_with(&[("word", MARKER)]);
    let on_terminal = |command: &str| {
        let script = format!("script -qec \"$0 {command}\" /dev/null");
        shell(tool.folder.path(), &script)
    };
    for command in ["get file:word", "--username file:word --password file:word"] {
        let ran = on_terminal(command).exits(2).never_shows(MARKER);
        assert!(ran.stdout.contains("--show"), "{}", ran.all());
        let shown = on_terminal(&format!("{command} --show")).exits(0);
        assert!(shown.stdout.contains(MARKER), "{}", shown.all());
    }
    on_terminal("totp --totp-seed file:word")
        .exits(2)
        .never_shows(MARKER);
}

#[test]
fn says_that_its_output_failed() {
    let tool = tool_with(&[("word", MARKER)]);
    for command in ["get file:word", "--username file:word --password file:word"] {
        let ran = shell(
            tool.folder.path(),
            &format!("exec \"$0\" {command} >/dev/full"),
        )
        .exits(9);
        let ran = ran.never_shows(MARKER);
        let message = ran.error()["message"].to_string();
        assert!(message.contains("No space left"), "{}", ran.all());
    }
}

#[test]
fn says_that_its_reader_went_away() {
    let tool = tool_with(&[("word", MARKER)]);
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    for args in [
        &["get", "file:word"][..],
        &["--username", "file:word", "--password", "file:word"],
    ] {
        let writer = writer.try_clone().expect("a pipe has many ends");
        let mut command = Command::new(binary("ibgw-secret"));
        command
            .args(args)
            .current_dir(tool.folder.path())
            .stdout(writer);
        let shown = format!("{command:?}");
        let child = command
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tool starts");
        let output = child.wait_with_output().expect("the tool ends");
        let ran = Ran::from_output(shown, output).exits(9).never_shows(MARKER);
        assert!(
            ran.error()["message"].to_string().contains("Broken pipe"),
            "{}",
            ran.all()
        );
    }
}

#[test]
fn warns_of_a_file_that_others_can_read() {
    // The tests' own folders may be in memory. The build's folder is on a disk.
    let disk =
        tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made");
    put(disk.path(), "word", MARKER);
    chmod(&disk.path().join("word"), 0o640);
    let reference = format!("file:{}/word", disk.path().display());
    let ran = tool().args(["get", "-v", &reference]).run().exits(0);
    assert!(
        ran.stderr.contains("\"event\":\"readable_by_others\""),
        "{}",
        ran.all()
    );
    tool()
        .args(["get", &reference])
        .run()
        .exits(0)
        .is_silent_on_stderr();
}

#[test]
fn checks_a_login_without_showing_it() {
    let disk =
        tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made");
    let path = disk.path().to_str().expect("a path is UTF-8");
    put(disk.path(), "username", "trader");
    put(disk.path(), "password", MARKER);
    chmod(&disk.path().join("username"), 0o644);
    let ran = tool()
        .args(["check", "--dir", path, "--mode", "paper"])
        .run()
        .exits(0);
    let ran = ran.is_silent_on_stderr().never_shows(MARKER);
    let report = ran.report();
    assert_eq!(report["schema"], "ibgw-secret-check/1", "{}", ran.all());
    assert_eq!(report["state"], "complete", "{}", ran.all());
    assert_eq!(
        report["warnings"],
        json!(["readable_by_others"]),
        "{}",
        ran.all()
    );
    let real = disk.path().canonicalize().expect("the folder is there");
    let expected = json!({
        "part": "password", "source": "file", "place": format!("file:{}/password", real.display()),
        "mode": "0600", "protection": "private", "readable": true, "problem": null,
    });
    assert_eq!(report["parts"][1], expected, "{}", ran.all());
    assert_eq!(
        report["parts"][0]["protection"],
        "readable_by_others",
        "{}",
        ran.all()
    );
    assert_eq!(report["parts"][2]["readable"], Value::Null, "{}", ran.all());
    assert_eq!(report["parts"][3]["source"], "flag", "{}", ran.all());
}

#[test]
fn check_names_every_part_that_cannot_be_used() {
    let ran = tool_with(&[("word", MARKER)])
        .args([
            "check",
            "--password",
            "file:nowhere",
            "--totp-seed",
            "file:word",
        ])
        .run()
        .exits(6)
        .never_shows(MARKER);
    let report = ran.report();
    assert_eq!(report["state"], "incomplete", "{}", ran.all());
    let problem = |part: usize| report["parts"][part]["problem"].to_string();
    assert!(problem(0).contains("--username REF"), "{}", ran.all());
    assert!(problem(1).contains("No such file"), "{}", ran.all());
    assert!(
        problem(2).contains("character 11 is not base32"),
        "{}",
        ran.all()
    );
    assert!(
        ran.error()["message"]
            .to_string()
            .contains("--username REF"),
        "{}",
        ran.all()
    );
}

#[test]
fn leaves_no_core_and_cannot_be_watched() {
    // A program that starts while secrets are in memory looks at the parent of its keeper.
    let script = "cmd:sh -c 'set -- $(cat /proc/$PPID/stat); stat -c %U /proc/$4/mem; \
                  grep \"Max core\" /proc/$4/limits'";
    let ran = tool().args(["get", script]).run().exits(0);
    assert!(
        ran.stdout
            .contains("Max core file size        0                    0"),
        "{}",
        ran.all()
    );
    let whoami = Command::new("id")
        .arg("-un")
        .output()
        .expect("id runs")
        .stdout;
    if whoami != b"root\n" {
        // The files of a process that is not dumpable belong to root.
        assert!(ran.stdout.starts_with("root\n"), "{}", ran.all());
    }
}

#[test]
fn refuses_a_secret_key_that_others_can_read_through_a_descriptor_too() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "mine", false);
    // The tests' own folders may be in memory. The build's folder is on a disk.
    let disk =
        tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made");
    put(disk.path(), "key", gpg.secret_key("mine", &[]));
    put(disk.path(), "message", gpg.encrypt_to("mine", &[], MARKER));
    let get = |flags: &str| {
        let script = format!("exec \"$0\" get pgp:message --key fd:3 {flags} 3<key");
        shell(disk.path(), &script)
    };
    assert_eq!(get("").exits(0).stdout, format!("{MARKER}\n"));
    chmod(&disk.path().join("key"), 0o644);
    let ran = get("").exits(6).is_silent_on_stdout();
    let message = ran.error()["message"].to_string();
    let hint = format!("chmod 600 {}/key", disk.path().display());
    assert!(message.contains(&hint), "{}", ran.all());
    let allowed = get("--allow-readable-key").exits(0);
    assert_eq!(allowed.stdout, format!("{MARKER}\n"));
}
