//! The wings of ibgw-start: what a wing may use.

use super::files::sources;
use std::path::{Path, PathBuf};

/// A part of the crate: its name, as a path in it begins, and the parts that it must not use.
const WINGS: [(&str, &[&str]); 3] = [
    ("service", &["crate::cp", "crate::tws", "crate::args"]),
    ("cp", &["crate::tws", "crate::args"]),
    ("tws", &["crate::cp", "crate::args"]),
];

fn is_in(wing: &str, file: &Path) -> bool {
    let below = file.strip_prefix(crate_folder());
    let first = below.ok().and_then(|path| path.components().next());
    let name = first.map(|first| PathBuf::from(first.as_os_str()).with_extension(""));
    name.is_some_and(|name| name == Path::new(wing))
}

fn crate_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/ibgw-start/src")
}

/// Whether a source names a module by this path, as a whole word.
fn names(source: &str, path: &str) -> bool {
    let code = source.lines().filter(|line| {
        let line = line.trim_start();
        !line.starts_with("//")
    });
    let code = code.collect::<Vec<_>>().join("\n");
    let mut ends = code.match_indices(path).map(|(at, _)| at + path.len());
    ends.any(|end| {
        let next = code[end..].chars().next();
        next.is_none_or(|next| !next.is_alphanumeric() && next != '_')
    })
}

#[test]
fn no_wing_of_ibgw_start_uses_another_wing_or_the_command_line() {
    let sources = sources();
    for (wing, forbidden) in WINGS {
        let files: Vec<_> = sources
            .iter()
            .filter(|(path, _)| is_in(wing, path))
            .collect();
        assert!(files.len() > 5, "{wing} has {} files", files.len());
        for (path, source) in files {
            // `use crate::{cp, tws}` would hide them.
            for name in forbidden.iter().chain(&["crate::{"]) {
                let is_named = names(source, name) || name.ends_with('{') && source.contains(name);
                assert!(
                    !is_named,
                    "{} names {name}: {wing} must not use it",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn only_run_of_ibgw_start_reads_its_command_line() {
    for (path, source) in sources() {
        let is_here = path.starts_with(crate_folder());
        let is_root = path.ends_with("lib.rs") || is_in("args", &path);
        if is_here && !is_root {
            assert!(!names(&source, "StartArgs"), "{}", path.display());
        }
    }
}
