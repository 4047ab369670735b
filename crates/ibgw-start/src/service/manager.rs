//! Messages to the service manager, as sd_notify(3) has them. Without a service manager nothing is sent.

use ib_cli::{Error, warn};
use sd_notify::NotifyState;
use std::time::Duration;

/// The gateway is ready. The process to watch is this one, even when the manager started a shell.
pub(crate) fn notify_ready(status: &str) {
    let main = NotifyState::MainPid(std::process::id());
    notify(&[NotifyState::Ready, main, NotifyState::Status(status)]);
}

/// The gateway is being ended.
pub(crate) fn notify_stopping(status: &str) {
    notify(&[NotifyState::Stopping, NotifyState::Status(status)]);
}

/// This run ends with this error.
pub(crate) fn notify_failed(error: &Error) {
    notify_status(&error.to_string());
}

/// What the tool is doing, in words.
pub(crate) fn notify_status(status: &str) {
    notify(&[NotifyState::Status(status)]);
}

/// The watchdog's limit; `None` when there is no watchdog.
pub(crate) fn watchdog() -> Option<Duration> {
    sd_notify::watchdog_enabled().filter(|limit| !limit.is_zero())
}

/// All is well, for the watchdog.
pub(crate) fn notify_alive() {
    notify(&[NotifyState::Watchdog]);
}

fn notify(states: &[NotifyState]) {
    if let Err(error) = sd_notify::notify(states) {
        warn(
            "notify_failed",
            &format!("telling the service manager: {error}"),
        );
    }
}
