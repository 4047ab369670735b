//! Where our programs are.

use std::path::PathBuf;

/// The path of one of our binaries.
pub fn binary(name: &str) -> PathBuf {
    // The test binary lies in deps/, the programs beside that folder.
    let mut folder = std::env::current_exe().expect("the test binary has a path");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    folder.join(name)
}
