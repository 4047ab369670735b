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
            for (line, used) in paths(source) {
                let part = named(&module, &used).into_iter().next().unwrap_or_default();
                assert!(
                    !forbidden.contains(&&*part),
                    "{}:{line} uses {part}: {wing} must not",
                    path.display()
                );
            }
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
