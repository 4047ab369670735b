//! What only root may do, and the Debian that is booted and made containers of.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A command that runs as root, by sudo where this is another user.
pub(crate) fn as_root(program: &str) -> Command {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    if id.stdout == b"0\n" {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.args(["-n", "--", program]);
    command
}

/// Fails a test that cannot become root. A silent skip would hide that it never ran.
#[track_caller]
pub(crate) fn wants_root() {
    let allowed = as_root("true").status();
    assert!(
        allowed.is_ok_and(|status| status.success()),
        "this test wants root: run it as root, or `sudo -v` first \
         (scripts/test without arguments leaves such tests out)"
    );
}

/// The Debian that `scripts/setup` has made.
#[track_caller]
pub(crate) fn debian() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.unwrap_or_else(|| {
        PathBuf::from(std::env::var_os("HOME").expect("HOME is set")).join(".cache")
    });
    let root = cache.join("ib-tools/root");
    let made = fs::read_to_string(root.join("root.packages")).unwrap_or_default();
    let wanted = include_str!("../scripts/root.packages");
    assert_eq!(
        made, wanted,
        "{root:?} has other packages: run scripts/setup"
    );
    root
}
