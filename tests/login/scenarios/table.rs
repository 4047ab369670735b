//! The file that is checked in, and one of its sections.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

const HEAD: &str = "# Pages of IBKR's login, and what `ibgw-login --method browser` makes of them

Written by its tests from what the stand-in counted: the same in Chromium and in chromium-headless-shell,
and for the core of them in Firefox. Credentials are proofs of the password that reached IBKR. No form is sent twice, and
no notification is sent again.
`tests/login/scenarios.rs` says how to write it anew.
";

const COLUMNS: &str = "| page | mode | outcome | credentials | codes | pushes | exit |\n|---|---|---|---|---|---|---|\n";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/login-pages.md")
}

/// Holds a section to its rows, or writes it anew where that is asked for.
#[track_caller]
pub(crate) fn hold(title: &str, rows: &[String]) {
    let section = format!("\n## {title}\n\n{COLUMNS}{}\n", rows.join("\n"));
    let printed = std::io::stdout().write_all(section.as_bytes());
    printed.expect("it can be printed");
    if std::env::var_os("IB_LOGIN_PAGES").is_some_and(|value| value == "write") {
        return write(title, &section);
    }
    let found = section_of(title);
    assert_eq!(
        found.as_deref(),
        Some(section.as_str()),
        "left: tests/data/login-pages.md; right: what was counted"
    );
}

/// Holds some rows to a section, which has others too.
#[track_caller]
pub(crate) fn has(title: &str, rows: &[String]) {
    let section = section_of(title).unwrap_or_default();
    for row in rows {
        assert!(section.contains(row.as_str()), "{row} is not in {section}");
    }
}

fn section_of(title: &str) -> Option<String> {
    let text = fs::read_to_string(path()).unwrap_or_default();
    let found = text.split("\n## ").find(|part| part.starts_with(title));
    found.map(|part| format!("\n## {}\n", part.trim_end()))
}

/// Other sections are written by other processes at the same time.
fn write(title: &str, section: &str) {
    let lock = File::create(std::env::temp_dir().join("login-pages.lock")).expect("a lock");
    lock.lock().expect("it can be locked");
    let text = fs::read_to_string(path()).unwrap_or_default();
    let others = text.split("\n## ").skip(1);
    let others = others.filter(|part| !part.starts_with(title));
    let mut sections: Vec<_> = others
        .map(|part| format!("\n## {}\n", part.trim_end()))
        .collect();
    sections.push(section.to_owned());
    sections.sort();
    fs::write(path(), format!("{HEAD}{}", sections.concat())).expect("it can be written");
}
