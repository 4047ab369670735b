//! What `scripts/setup` finds missing, on a machine of which `dpkg-query` says something else.

use super::script;
use crate::support::Ran;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A `dpkg-query` on whose machine no package is installed.
const NOTHING: &str = "exit 1";
/// A `dpkg-query` on whose machine each package that it is asked for is installed.
pub(super) const EVERYTHING: &str =
    r#"for word; do case $word in -*) ;; *) echo "$word installed" ;; esac; done"#;

/// Writes a program that is a shell script.
pub(super) fn write_program(path: &Path, body: &str) {
    fs::write(path, format!("#!/bin/sh\n{body}\n")).expect("a program can be written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a mode");
}

/// Runs `scripts/setup` beside this `dpkg-query`.
fn setup(dpkg_query: &str, arguments: &[&str]) -> Ran {
    let folder = TempDir::new().expect("a folder");
    write_program(&folder.path().join("dpkg-query"), dpkg_query);
    let inherited = std::env::var_os("PATH").expect("PATH is set");
    let folders = [folder.path().to_owned()]
        .into_iter()
        .chain(std::env::split_paths(&inherited));
    let mut command = Command::new(script("setup"));
    command
        .args(arguments)
        .env("PATH", std::env::join_paths(folders).expect("no colon"))
        .stdin(Stdio::null());
    Ran::from_output(
        format!("scripts/setup {arguments:?}"),
        command.output().expect("it runs"),
    )
}

/// What a check finds missing where no package is installed.
pub(super) fn missing(arguments: &[&str]) -> BTreeSet<String> {
    let ran = setup(NOTHING, arguments).exits(1).is_silent_on_stdout();
    let words = ran.stderr.strip_prefix("setup: missing:");
    let words = words.unwrap_or_else(|| panic!("{}", ran.all()));
    words.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn the_demo_needs_a_few_of_the_packages() {
    let (few, all) = (missing(&["--check", "--demo"]), missing(&["--check"]));
    assert!(few.is_subset(&all), "{few:?}");
    assert!(few.len() < 15 && all.len() > 35, "{few:?}");
    assert_eq!(missing(&["--demo", "--check"]), few);
    // No Java, no browser, no containers, nothing that cargo compiles.
    for much in ["jdk", "jre", "chromium", "firefox", "docker", "nspawn", "@"] {
        assert!(!few.iter().any(|one| one.contains(much)), "{few:?}");
    }
}

#[test]
fn the_check_for_the_demo_is_silent_where_nothing_is_missing() {
    setup(EVERYTHING, &["--check", "--demo"])
        .exits(0)
        .is_silent_on_stdout()
        .is_silent_on_stderr();
}

#[test]
fn a_wrong_flag_is_answered_with_the_usage() {
    for wrong in [
        &["--demo", "--bench"][..],
        &["--bench", "--demo"],
        &["--al"],
    ] {
        let ran = setup(NOTHING, wrong).exits(2).is_silent_on_stdout();
        let usage = "usage: scripts/setup [--demo | --bench] [--check]\n";
        assert_eq!(ran.stderr, usage, "{}", ran.all());
    }
}
