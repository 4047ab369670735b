//! `--out`: a private file, whole or not at all.

use super::{Bank, chmod, message, put, refuses};
use crate::support::{Ran, children_of, eventually, signal};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use tempfile::TempDir;

/// A folder on a disk: the tests' own folders may be in memory.
fn disk() -> TempDir {
    TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made")
}

fn into(bank: &Bank, file: &Path, flags: &[&str]) -> Ran {
    let script = r#"umask 000; exec "$0" "$@""#;
    let tool = bank.token().args(["--out"]).args([file]).args(flags);
    tool.in_shell(script).run()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("it can be listed").flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn keeps_the_token_for_its_owner_whatever_the_umask() {
    let (bank, folder) = (Bank::new(), disk());
    let file = folder.path().join("token");
    for (format, begins) in [
        (
            "json",
            r#"{"schema":"ibsso-token/1","state":"issued","access_token":"eyJ"#,
        ),
        ("bare", "eyJ"),
        ("header", "Authorization: Bearer eyJ"),
        ("upstream", r#"{"ACCESS_TOKEN":"eyJ"#),
    ] {
        let ran = into(&bank, &file, &["--format", format]);
        let ran = ran.exits(0).is_silent_on_stderr().never_shows("eyJ");
        let report = ran.report();
        assert_eq!(report["state"], "issued", "{}", ran.all());
        assert_eq!(report["access_token"], Value::Null, "{}", ran.all());
        assert_eq!(report["token_type"], "Bearer", "{}", ran.all());
        let text = fs::read_to_string(&file).expect("there is a file");
        assert!(
            text.starts_with(begins) && text.ends_with('\n'),
            "{format}: {text}"
        );
        assert_eq!(text.lines().count(), 1, "{format}: {text}");
        let mode = fs::metadata(&file).expect("about it").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{format}");
        assert_eq!(names(folder.path()), ["token"], "nothing else is left");
    }
}

#[test]
fn goes_through_no_link() {
    let (bank, folder) = (Bank::new(), disk());
    let (target, link) = (folder.path().join("target"), folder.path().join("link"));
    put(folder.path(), "target", "before");
    symlink(&target, &link).expect("a link can be made");
    refuses(&bank, into(&bank, &link, &[]), 6, "symbolic link");
    assert_eq!(fs::read_to_string(&target).expect("it is there"), "before");
    fs::remove_file(&target).expect("it can be removed");
    refuses(&bank, into(&bank, &link, &[]), 6, "symbolic link");
    assert!(!target.exists());
}

#[test]
fn replaces_no_file_that_others_can_read() {
    let (bank, folder) = (Bank::new(), disk());
    let file = folder.path().join("token");
    put(folder.path(), "token", "before");
    for mode in [0o640, 0o604, 0o644, 0o620] {
        chmod(&file, mode);
        refuses(&bank, into(&bank, &file, &[]), 6, "others can read");
    }
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "before");
    chmod(&file, 0o400);
    into(&bank, &file, &[]).exits(0);
}

#[test]
fn writes_only_where_there_is_a_folder() {
    let (bank, folder) = (Bank::new(), disk());
    let nowhere = folder.path().join("no/where");
    refuses(&bank, into(&bank, &nowhere, &[]), 6, "no such folder");
    refuses(
        &bank,
        into(&bank, folder.path(), &[]),
        6,
        "it is not a file",
    );
    refuses(
        &bank,
        into(&bank, Path::new("/dev/null"), &[]),
        6,
        "it is not a file",
    );
    let slash = folder.path().join("token/");
    refuses(&bank, into(&bank, &slash, &[]), 6, "ends in a slash");
    // A folder in which no user can make a file.
    let proc = Path::new("/proc/token");
    refuses(&bank, into(&bank, proc, &[]), 6, "/proc/token");
}

/// strace makes the pause between the last byte and the name. A slow disk makes the same pause.
#[test]
fn leaves_nothing_of_a_token_when_it_is_ended() {
    let (bank, folder) = (Bank::new(), disk());
    let file = folder.path().join("token");
    let tool = bank.token().args(["--out"]).args([&file]).in_shell(
        r#"exec strace -f -qq -o trace -e trace=fsync -e inject=fsync:delay_enter=5000000 "$0" "$@""#,
    );
    let (mut strace, _kept) = tool.spawn();
    let half = || {
        let name = names(folder.path()).pop()?;
        let text = fs::read_to_string(folder.path().join(&name)).ok()?;
        text.contains("eyJ").then_some(name)
    };
    let half = eventually("the token is in a file", half);
    assert_ne!(half, "token", "it has not its name yet");
    let tool = children_of(strace.id(), "ibsso-token");
    signal(tool[0], "TERM");
    // strace ends as the tool does.
    let ended = strace.wait().expect("it ends");
    assert_eq!(ended.signal(), Some(15), "{ended}");
    let left = names(folder.path());
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn leaves_nothing_behind_without_a_token() {
    let (bank, folder) = (Bank::new(), disk());
    let file = folder.path().join("token");
    bank.standin.set(&json!({"sso": {"usernames": []}}));
    for format in ["json", "bare"] {
        let ran = into(&bank, &file, &["--format", format]).exits(4);
        assert_eq!(ran.report()["state"], "refused", "{}", ran.all());
        assert!(
            names(folder.path()).is_empty(),
            "{:?}",
            names(folder.path())
        );
    }
    put(folder.path(), "token", "before");
    into(&bank, &file, &[]).exits(4);
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "before");
}

#[test]
fn leaves_no_half_of_a_file_on_a_full_disk() {
    let bank = Bank::new();
    let script = r#"mkdir full && exec unshare -rm sh -c '
        mount -t tmpfs -o size=16k none full && { cat /dev/zero >full/filler 2>&- || true; } || exit 99
        "$0" "$@" --out full/token; status=$?
        [ -z "$(find full -name "*token*")" ] || exit 98
        exit $status' "$0" "$@""#;
    let ran = bank
        .token()
        .in_shell(script)
        .run()
        .exits(6)
        .is_silent_on_stdout();
    let ran = ran.never_shows("eyJ");
    let said = message(&ran);
    assert!(
        said.contains("a token was issued and is lost: writing it to full/token: No space left"),
        "{said}"
    );
}
