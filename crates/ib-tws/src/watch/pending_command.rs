//! What IBC was told to do at one of the next minutes.

use super::{Watch, WatchStep, changed};
use crate::course::PendingCommand;

impl Watch {
    /// What IBC was told to do and has not done yet.
    #[must_use]
    pub fn pending(&self) -> Option<PendingCommand> {
        self.pending
    }

    /// Takes note of such a command. IBC takes one for each start of the program, and refuses all that follow
    /// (IbcAlpha/IBC, `RestartTask.java`).
    pub(super) fn note_command(&mut self, pending: PendingCommand) -> WatchStep {
        let is_first = self.pending.is_none();
        self.pending.get_or_insert(pending);
        changed(is_first)
    }
}
