//! What a person learns while a login goes on: that a notification comes, and which challenge needs an answer.

use crate::task::Task;
use ib_cli::{Readable, Reference, log, warn, write_atomic};
use ib_proc::{Deadline, Undo};
use std::fs;
use std::time::Duration;

/// How long the command of `--before-push` may take.
const HOOK: Duration = Duration::from_secs(30);

impl Task<'_> {
    /// Runs the command that announces a notification. If it fails, the notification is sent all the same: a person may
    /// still approve it, and the login that was begun is spent either way.
    pub(crate) fn announce(&self, deadline: Deadline) {
        if let Some(hook) = self.before_push {
            run(hook, deadline);
        }
    }

    /// Writes a challenge to `--challenge-out`, and removes it when it is over: a later answer would be in vain.
    pub(crate) fn show(&self, challenge: &str) -> Option<Undo> {
        let path = self.challenge_out?.to_owned();
        let written = path.clone();
        // Made before the file, so that a signal at that moment removes the file too.
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

/// Runs the command that announces a notification. If it fails, that is a warning.
pub(crate) fn run(hook: &Reference, deadline: Deadline) {
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

/// A challenge with one blank between its groups, whatever IBKR puts there.
pub(crate) fn spaced(challenge: &str) -> String {
    let shown = challenge
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || c.is_whitespace());
    let shown: String = shown.take(64).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}
