//! The variables that programs we start must not inherit.

use std::process::Command;
use std::sync::Mutex;

/// The variables that `env:` references name: children do not inherit them.
static READ_NAMES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The password variables of IBeam and of the IB Gateway images: children do not inherit them either.
const PASSWORD_NAMES: [&str; 11] = [
    "TWSPASSWORD",
    "TWS_PASSWORD",
    "TWS_PASSWORD_PAPER",
    "IB_PASSWORD",
    "IB_LIVE_PASSWORD",
    "IB_PAPER_PASSWORD",
    "VNC_PASSWORD",
    "VNC_SERVER_PASSWORD",
    "SSH_PASSPHRASE",
    "PASSWD",
    "PASSWORD",
];

pub(crate) fn keep_from_children(name: &str) {
    READ_NAMES
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .push(name.to_owned());
}

/// Removes the secrets of our environment from a child's: `IBEAM_*`, the images' passwords, what `env:` names.
pub fn keep_passwords_out(command: &mut Command) {
    let names = READ_NAMES
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    for name in names.iter().map(String::as_str).chain(PASSWORD_NAMES) {
        command.env_remove(name);
    }
    for (name, _) in
        std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("IBEAM_"))
    {
        command.env_remove(name);
    }
}
