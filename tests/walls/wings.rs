//! The wings of ibgw-start: what a wing may use.

use super::circles::named;
use super::circles::paths::paths;
use super::files::{product, sources};
use crate::support::repository;
use std::path::{Path, PathBuf};

/// A part of the crate, and the parts that it must not use.
const WINGS: [(&str, &[&str]); 3] = [
    ("service", &["cp", "tws", "args"]),
    ("cp", &["tws", "args"]),
    ("tws", &["cp", "args"]),
];

/// The file's place below the crate's `src`: `["cp", "java"]` is `src/cp/java.rs`; `None` for a file of another crate.
fn module(file: &Path) -> Option<Vec<String>> {
    let below = file.strip_prefix(crate_folder()).ok()?.with_extension("");
    let parts = below.iter();
    Some(
        parts
            .map(|part| part.to_string_lossy().into_owned())
            .collect(),
    )
}

fn crate_folder() -> PathBuf {
    repository().join("crates/ibgw-start/src")
}

/// The forbidden parts that a file uses, each with its line.
fn forbidden_uses(module: &Vec<String>, source: &str, forbidden: &[&str]) -> Vec<(usize, String)> {
    let uses = paths(source).into_iter().filter_map(|(line, path)| {
        let part = named(module, &path).into_iter().next()?;
        Some((line, part))
    });
    uses.filter(|(_, part)| forbidden.contains(&&**part))
        .collect()
}

#[test]
fn no_wing_of_ibgw_start_uses_another_wing_or_the_command_line() {
    let sources = sources();
    for (wing, forbidden) in WINGS {
        let mut files = 0;
        for (path, source) in &sources {
            let Some(module) = module(path).filter(|module| module[0] == wing) else {
                continue;
            };
            files += 1;
            let found = forbidden_uses(&module, source, forbidden);
            assert!(found.is_empty(), "{}: {found:?}", path.display());
        }
        assert!(files > 5, "{wing} has {files} files");
    }
}

#[test]
fn only_run_of_ibgw_start_reads_its_command_line() {
    for (path, source) in sources() {
        let Some(module) = module(&path) else {
            continue;
        };
        if module != ["lib"] && module[0] != "args" {
            assert!(
                !product(&source).contains("StartArgs"),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn another_wing_is_seen_however_it_is_named() {
    let module = vec!["tws".to_owned(), "start".to_owned()];
    let source =
        "use crate::{cp::plan, service};\nuse super::super::args;\nfn go() { crate::cp::go() }\n";
    let found = forbidden_uses(&module, source, &["cp", "args"]);
    let found: Vec<_> = found.iter().map(|(line, part)| (*line, &**part)).collect();
    assert_eq!(found, [(1, "cp"), (2, "args"), (3, "cp")]);
    assert!(forbidden_uses(&module, "// crate::cp\nuse super::cp;\n", &["cp"]).is_empty());
}
