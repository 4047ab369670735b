//! What files are called, and how little a `main` does.

use crate::contract::TOOLS;
use std::fs;
use std::path::{Path, PathBuf};

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("crates")
}

/// All files and folders below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let with_below = |path: PathBuf| {
        let inside = if path.is_dir() {
            below(&path)
        } else {
            Vec::new()
        };
        [vec![path], inside].concat()
    };
    paths.flat_map(with_below).collect()
}

/// The sources of all crates that users get, without files of tests alone.
pub fn sources() -> Vec<(PathBuf, String)> {
    let is_source = |path: &PathBuf| {
        let has = |part: &str| {
            path.components()
                .any(|component| component.as_os_str() == part)
        };
        path.extension().is_some_and(|end| end == "rs")
            && has("src")
            && !has("tests")
            && !path.ends_with("tests.rs")
    };
    let read = |path: PathBuf| {
        let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        (path, source)
    };
    below(&crates())
        .into_iter()
        .filter(is_source)
        .map(read)
        .collect()
}

#[test]
fn no_file_is_named_for_nothing() {
    let nothing = ["utils", "util", "helpers", "helper", "common", "misc"];
    let paths = below(&crates());
    assert!(paths.len() > 50, "{paths:?}");
    for path in paths {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        assert!(
            !nothing.contains(&&*stem),
            "{} says nothing of what is in it",
            path.display()
        );
    }
}

#[test]
fn the_main_of_every_tool_has_three_lines() {
    for tool in TOOLS {
        let path = crates().join(tool).join("main.rs");
        let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        assert_eq!(source.lines().count(), 3, "{}:\n{source}", path.display());
    }
}
