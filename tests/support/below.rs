//! Everything below a folder.

use std::fs;
use std::path::{Path, PathBuf};

/// All files and folders below a folder.
pub(crate) fn below(folder: &Path) -> Vec<PathBuf> {
    let with_below = |path: PathBuf| {
        let inside = if path.is_dir() {
            below(&path)
        } else {
            Vec::new()
        };
        [vec![path], inside].concat()
    };
    entries(folder).into_iter().flat_map(with_below).collect()
}

/// The files and folders in a folder.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    entries
        .map(|entry| entry.expect("an entry").path())
        .collect()
}
