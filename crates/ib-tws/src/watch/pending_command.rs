//! A command that IBC has accepted and carries out at one of the next minutes.

use super::{Watch, WatchStep, changed};
use crate::course::PendingCommand;

impl Watch {
    /// The command that IBC has accepted and not carried out yet.
    #[must_use]
    pub fn pending(&self) -> Option<PendingCommand> {
        self.pending
    }

    /// Takes note of a command. IBC accepts one for each start of the program, and refuses every further one
    /// (IbcAlpha/IBC, `RestartTask.java`).
    pub(super) fn note_command(&mut self, pending: PendingCommand) -> WatchStep {
        let is_first = self.pending.is_none();
        self.pending.get_or_insert(pending);
        changed(is_first)
    }
}
