//! Files that are not what they should be: each has its own message.

use super::{MARKER, chmod, put, tool, tool_with};
use crate::support::{Ran, Tool};
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

fn record(word: impl AsRef<[u8]>) -> Tool {
    let tool = tool_with(&[("name", "trader")]);
    put(tool.folder.path(), "word", word);
    tool.args(["--username", "file:name", "--password", "file:word"])
}

#[track_caller]
fn is_refused(ran: Ran, exit: i32, sentence: &str) {
    let ran = ran.exits(exit).is_silent_on_stdout().never_shows(MARKER);
    let message = ran.error()["message"].to_string();
    assert!(message.contains(sentence), "{sentence}: {}", ran.all());
}

fn utf_16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn a_value_that_cannot_be_one_is_refused_with_the_reason() {
    let marked = |order: fn(u16) -> [u8; 2]| utf_16(&format!("\u{feff}{MARKER}\r\n"), order);
    for (bytes, sentence) in [
        (Vec::new(), "it is empty"),
        (b"\n".to_vec(), "it is empty"),
        (b"\r\n".to_vec(), "it is empty"),
        ("x".repeat(2 << 20).into(), "larger than 1 MiB"),
        (
            format!("{MARKER}\nmore\n").into(),
            "the password from file:word has a line end inside",
        ),
        (format!("{MARKER}\n\n").into(), "has a line end inside"),
        (
            format!("{MARKER}\rmore").into(),
            "has a carriage return inside",
        ),
        (format!("{MARKER}\0more").into(), "has a NUL inside"),
        (b"p\0w\n".to_vec(), "has a NUL inside"),
        (
            format!("\u{feff}{MARKER}\n").into(),
            "begins with a byte order mark (save it as UTF-8 without one)",
        ),
        (marked(u16::to_le_bytes), "is UTF-16 (save it as UTF-8)"),
        (marked(u16::to_be_bytes), "is UTF-16 (save it as UTF-8)"),
        (
            utf_16(MARKER, u16::to_le_bytes),
            "is UTF-16 (save it as UTF-8)",
        ),
        (
            utf_16(MARKER, u16::to_be_bytes),
            "is UTF-16 (save it as UTF-8)",
        ),
        (
            [MARKER.as_bytes(), b"\xff"].concat(),
            "is not UTF-8 (first bad byte at offset 27)",
        ),
    ] {
        is_refused(record(bytes).run(), 6, sentence);
    }
}

#[test]
fn one_line_end_of_windows_is_dropped_as_any_other() {
    let ran = record("word\r\n").run().exits(0);
    assert_eq!(ran.report()["password"], "word", "{}", ran.all());
}

#[test]
fn a_directory_or_a_link_to_nowhere_is_named() {
    let tool = tool();
    fs::create_dir(tool.folder.path().join("folder")).expect("a folder can be made");
    symlink("nowhere", tool.folder.path().join("link")).expect("a link can be made");
    let ran = super::shell(tool.folder.path(), "exec \"$0\" get file:folder");
    is_refused(ran, 6, "it is a directory (name a file in it)");
    let ran = super::shell(tool.folder.path(), "exec \"$0\" get file:link");
    is_refused(
        ran,
        6,
        "No such file or directory (os error 2) (it is a link to nowhere)",
    );
}

/// The tool does not change bytes: a key that is piped into another tool stays the same key.
#[test]
fn a_value_is_printed_as_it_is() {
    for (bytes, printed) in [
        (
            &b"\x99\x01\x0d\x04\n\xff"[..],
            &b"\x99\x01\x0d\x04\n\xff"[..],
        ),
        (b"abc\r\n", b"abc\r\n"),
        (b"abc\n\n", b"abc\n\n"),
        (b"abc", b"abc\n"),
    ] {
        let tool = tool();
        put(tool.folder.path(), "word", bytes);
        let script = r#""$0" "$@" | od -An -v -tx1"#;
        let ran = tool.args(["get", "file:word"]).in_shell(script).run();
        let hex = printed.iter().map(|byte| format!("{byte:02x}"));
        let found = ran.exits(0).stdout;
        assert!(found.split_whitespace().eq(hex), "{found}");
    }
}

/// A value that no form takes is no login, even if it can be read.
#[test]
fn prints_no_login_that_the_next_tool_refuses() {
    for (name, word, sentence) in [
        (
            " trader ",
            "word",
            "the username begins or ends with a blank",
        ),
        (
            "\"trader\"",
            "word",
            "the username begins or ends with a quote (take it away",
        ),
        (
            "\u{2018}trader\u{2019}",
            "word",
            "the username begins or ends with a quote",
        ),
        (
            "trader'",
            "word",
            "the username begins or ends with a quote",
        ),
        (
            "trader",
            "wo\trd",
            "the password has a character that no keyboard types",
        ),
    ] {
        let put_away = || tool_with(&[("name", name), ("word", word)]);
        let parts = ["--username", "file:name", "--password", "file:word"];
        is_refused(put_away().args(parts).run(), 6, sentence);
        let ran = put_away().args(["check"]).args(parts).run().exits(6);
        assert_eq!(ran.report()["state"], "incomplete", "{}", ran.all());
    }
}

/// These values are seldom right. The tool warns, and passes them on unchanged.
#[test]
fn a_login_that_looks_like_something_else_is_warned_of_and_not_changed() {
    for (name, word, warning) in [
        ("trader", "\"word\"", Some("password_in_quotes")),
        ("trader", "'word'", Some("password_in_quotes")),
        ("trader", "\u{201c}word\u{201d}", Some("password_in_quotes")),
        ("trader@example.org", "word", Some("username_is_email")),
        ("U1234567", "word", Some("username_is_account")),
        ("du1234567", "word", Some("username_is_account")),
        ("DF123456", "word", Some("username_is_account")),
        ("trader1", "wo\"rd", None),
        ("user1234", "\"word", None),
        ("u123", "'", None),
    ] {
        let put_away = || tool_with(&[("name", name), ("word", word)]);
        let parts = ["--username", "file:name", "--password", "file:word"];
        let ran = put_away().args(["check"]).args(parts).run().exits(0);
        let warnings: Vec<_> = warning.into_iter().collect();
        assert_eq!(
            ran.report()["warnings"],
            serde_json::json!(warnings),
            "{name} {word}: {}",
            ran.all()
        );
        let ran = put_away().args(parts).run().exits(0).is_silent_on_stderr();
        assert_eq!(ran.report()["username"], name, "{}", ran.all());
        assert_eq!(ran.report()["password"], word, "{}", ran.all());
    }
}

/// A unit that unsets the variable has no credentials. A path that only passes through their folder leads elsewhere.
#[test]
fn no_place_is_private_for_what_it_is_called() {
    let tool = |folder: &str| {
        let tool = tool_with(&[("word", MARKER)]);
        chmod(&tool.folder.path().join("word"), 0o644);
        fs::create_dir(tool.folder.path().join("credentials")).expect("a folder can be made");
        tool.env("CREDENTIALS_DIRECTORY", folder)
    };
    for (folder, file) in [("", "word"), ("credentials", "credentials/../word")] {
        let parts = ["--username", "file:word", "--password"];
        let ran = tool(folder).args(["check"]).args(parts);
        let ran = ran.args([format!("file:{file}")]).run().exits(0);
        let warned = &ran.report()["warnings"];
        assert_eq!(
            *warned,
            serde_json::json!(["readable_by_others"]),
            "{}",
            ran.all()
        );
    }
    let ran = tool("").args(["get", "cred:word"]).run();
    is_refused(ran, 6, "CREDENTIALS_DIRECTORY is not set");
}

/// /proc/kmsg is a regular file that blocks, like a file on a server that is gone.
#[test]
fn a_file_that_never_comes_ends_at_the_time_limit() {
    let ran = tool().args(["get", "file:/proc/kmsg", "--timeout", "1s"]);
    let ran = ran.run();
    // Only root may open it.
    assert!([6, 8].contains(&ran.status), "{}", ran.all());
}

#[test]
fn a_fifo_without_a_writer_ends_at_the_time_limit() {
    let tool = tool();
    let fifo = tool.folder.path().join("fifo");
    let made = Command::new("mkfifo").arg(fifo).status();
    assert!(made.expect("mkfifo runs").success());
    let ran = tool.args(["get", "file:fifo", "--timeout", "200ms"]).run();
    is_refused(ran, 8, "(it is a FIFO without a writer)");
}

/// Without these two capabilities root cannot read every file.
const WITHOUT_OVERRIDE: &str = r#"[ "$(id -u)" -ne 0 ] || chown "$OWNER" word
    [ "$(id -u)" -ne 0 ] || set -- --bounding-set=-dac_override,-dac_read_search "$0" "$@"
    [ "$(id -u)" -ne 0 ] || exec setpriv "$@"
    exec "$0" "$@""#;

#[test]
fn a_file_that_may_not_be_read_says_whose_it_is() {
    for (owner, mode, sentence) in [
        ("1234", 0o400, "with mode 0400"),
        ("0", 0o000, "with mode 0000"),
    ] {
        let tool = tool_with(&[("word", MARKER)]);
        // Only root can give a file away. Another user can make it unreadable for themselves.
        let is_root = nix_uid() == 0;
        let mode = if is_root { mode } else { 0o000 };
        chmod(&tool.folder.path().join("word"), mode);
        let ran = tool
            .env("OWNER", owner)
            .args(["get", "file:word"])
            .in_shell(WITHOUT_OVERRIDE)
            .run();
        let sentence = if is_root { sentence } else { "with mode 0000" };
        let uid = if is_root {
            owner.to_owned()
        } else {
            nix_uid().to_string()
        };
        let sentence = format!(
            "it belongs to uid {uid} {sentence}, and this is uid {}",
            nix_uid()
        );
        is_refused(ran, 6, &sentence);
    }
}

fn nix_uid() -> u32 {
    ib_proc::user::number()
}

#[test]
fn a_file_of_another_user_is_warned_about() {
    // The tests' own folders may be in memory. The build's folder is on a disk.
    let disk =
        tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made");
    put(disk.path(), "word", MARKER);
    // Only root can give a file away.
    let word = disk.path().join("word");
    let reference = format!("file:{}", word.display());
    let script = r#"[ "$(id -u)" -ne 0 ] || chown 1234 "$WORD"
        exec "$0" "$@""#;
    let ran = tool()
        .env("WORD", &word)
        .args(["get", "-v", &reference])
        .in_shell(script)
        .run()
        .exits(0);
    let is_warned = ran.stderr.contains("\"event\":\"owned_by_another\"");
    assert_eq!(is_warned, nix_uid() == 0, "{}", ran.all());
}
