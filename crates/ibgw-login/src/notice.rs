//! What people are told while a login goes on: that a notification comes, what challenge is to be answered.

use crate::task::Task;
use ib_cli::{Readable, Reference, log, warn, write_atomic};
use ib_proc::{Deadline, Undo};
use std::fs;
use std::time::Duration;

/// How long what is run before a notification may take.
const HOOK: Duration = Duration::from_secs(30);

impl Task<'_> {
    /// Runs what announces a notification. When that fails, the notification is sent all the same: somebody may still
    /// approve it, and the login that was begun is spent either way.
    pub fn announce(&self, deadline: Deadline) {
        if let Some(hook) = self.before_push {
            run(hook, deadline);
        }
    }

    /// Writes a challenge where somebody will read it, until it is over: later it would be answered in vain.
    pub fn show(&self, challenge: &str) -> Option<Undo> {
        let path = self.challenge_out?.to_owned();
        let written = path.clone();
        // First, so that a signal that comes with the file finds what removes it.
        let undo = Undo::new(move || {
            let _ = fs::remove_file(written);
        });
        match write_atomic(&path, format!("{challenge}\n").as_bytes()) {
            Ok(()) => Some(undo),
            Err(error) => {
                undo.forget();
                let message = format!("writing the challenge to {}: {error}", path.display());
                warn("challenge_unwritten", &message);
                None
            }
        }
    }
}

/// Runs what announces a notification; that it fails is a warning.
pub fn run(hook: &Reference, deadline: Deadline) {
    let ran = hook.read_as_it_is(
        "what --before-push prints",
        Readable::Anyone,
        deadline.or_after(HOOK),
    );
    match ran {
        Ok(_) => log("info", "before_push", "ran"),
        Err(error) => warn("before_push_failed", &error.to_string()),
    }
}

/// A challenge with one blank between its groups, whatever it came with.
pub fn spaced(challenge: &str) -> String {
    let shown = challenge
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || c.is_whitespace());
    let shown: String = shown.take(64).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}
