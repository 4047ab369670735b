//! Where chromium-headless-shell is: Chromium's engine without its windows. A login in it takes half of the time.

use super::in_path;
use std::fs;
use std::path::{Path, PathBuf};

/// Its name at Debian, and in Google's own builds.
const NAMES: [&str; 2] = ["chromium-headless-shell", "chrome-headless-shell"];

/// The shell for a driver: the one beside it, which has its version, else the one in PATH.
pub(crate) fn find(driver: &Path) -> Option<PathBuf> {
    // Debian's chromedriver in PATH is a link to the folder of the browsers. Its chromium-headless-shell in PATH is a script.
    let folder = fs::canonicalize(driver).ok()?.parent()?.to_owned();
    let mut beside = NAMES.iter().map(|name| folder.join(name));
    beside
        .find(|file| file.is_file())
        .or_else(|| NAMES.iter().find_map(|name| in_path(name)))
}

/// Whether it can start with these arguments. It opens no page in a profile that is named, and the driver waits a minute
/// for one (seen with chromedriver 156).
pub(crate) fn takes(arguments: &[String]) -> bool {
    let names_profile = |argument: &String| argument.contains("user-data-dir");
    !arguments.iter().any(names_profile)
}
