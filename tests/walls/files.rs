//! How files are named, how long they are, and how little a `main` does.

use crate::contract::TOOLS;
use crate::support::{below, entries, read, repository};
use std::path::{Path, PathBuf};

/// The folders of all crates but the root's: those that ship, then those for development alone.
pub(crate) fn crate_folders() -> Vec<PathBuf> {
    let mut folders = entries(&repository().join("crates"));
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders.extend(["standin", "testkit"].map(|name| repository().join(name)));
    folders
}

/// A path as `git` shows it.
pub(crate) fn shown(path: &Path) -> String {
    let below_root = path.strip_prefix(repository()).unwrap_or(path);
    below_root.display().to_string()
}

pub(crate) fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "rs")
}

/// A source without the tests at its end.
pub(crate) fn product(source: &str) -> &str {
    source
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default()
}

/// All files and folders of the crates, those for development too.
fn of_all_crates() -> Vec<PathBuf> {
    let paths: Vec<_> = crate_folders()
        .iter()
        .flat_map(|folder| below(folder))
        .collect();
    assert!(paths.len() > 50, "{paths:?}");
    paths
}

/// The sources of all crates that users get, without files of tests alone.
pub(crate) fn sources() -> Vec<(PathBuf, String)> {
    let is_source = |path: &PathBuf| {
        let has = |part: &str| {
            path.components()
                .any(|component| component.as_os_str() == part)
        };
        is_rust(path) && has("src") && !has("tests") && !path.ends_with("tests.rs")
    };
    below(&repository().join("crates"))
        .into_iter()
        .filter(is_source)
        .map(|path| {
            let source = read(&path);
            (path, source)
        })
        .collect()
}

#[test]
fn no_file_is_named_for_nothing() {
    let nothing = ["utils", "util", "helpers", "helper", "common", "misc"];
    for path in of_all_crates() {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        assert!(
            !nothing.contains(&&*stem),
            "{}: name it for what is in it",
            shown(&path)
        );
    }
}

#[test]
fn no_file_has_more_than_300_lines() {
    let mut paths = of_all_crates();
    paths.extend(below(&repository().join("tests")));
    paths.retain(|path| is_rust(path));
    let lines = |path: &PathBuf| (shown(path), read(path).lines().count());
    let long = paths.iter().map(lines).filter(|(_, count)| *count > 300);
    let long: Vec<_> = long
        .map(|(path, count)| format!("{path}: {count} lines"))
        .collect();
    assert!(
        long.is_empty(),
        "give each part a file of its own, named for it:\n{}",
        long.join("\n")
    );
}

#[test]
fn the_main_of_every_tool_has_three_lines() {
    for tool in TOOLS {
        let path = repository().join("crates").join(tool).join("main.rs");
        let source = read(&path);
        assert_eq!(source.lines().count(), 3, "{}:\n{source}", shown(&path));
    }
}
