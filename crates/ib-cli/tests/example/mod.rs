//! The programs in `examples/`, which cargo builds with the tests.

use std::path::PathBuf;

/// The path of an example.
pub(crate) fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test binary has a path");
    let profile = test.ancestors().nth(2).expect("it lies in deps/");
    profile.join("examples").join(name)
}
