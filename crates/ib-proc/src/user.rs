//! Who runs this process.

use nix::unistd::{Uid, User};

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
