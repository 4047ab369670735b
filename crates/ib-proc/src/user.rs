//! Who runs this process.

use nix::unistd::{AccessFlags, Uid, User, access};
use std::path::Path;

/// The name of the user who runs this process, or the number of one without a name (containers have such).
#[must_use]
pub fn name() -> String {
    let uid = Uid::current();
    let user = User::from_uid(uid).ok().flatten();
    user.map_or_else(|| format!("uid {uid}"), |user| user.name)
}

/// The number of the user whose rights this process has over files.
#[must_use]
pub fn number() -> u32 {
    Uid::effective().as_raw()
}

/// Whether this user may write there; no user may where the mount is read-only.
#[must_use]
pub fn may_write(path: &Path) -> bool {
    access(path, AccessFlags::W_OK).is_ok()
}
