//! Whether a session that was logged in has been renewed.
//!
//! IBC says "Login has completed" of a TWS when its main window opens (`DefaultMainWindowManager.java`), and during a
//! renewal that window stays open. So a good probe proves it too, once a failure would have shown.

use super::Watch;
use crate::course::Phase;
use std::time::Duration;

impl Watch {
    /// Whether a session that was logged in is being renewed.
    #[must_use]
    pub fn is_renewing(&self) -> bool {
        self.renews && !self.phase.is_end()
    }

    /// Whether a good probe proves that the session has been renewed.
    #[must_use]
    pub fn may_have_renewed(&self, at: Duration) -> bool {
        let had_time = self
            .limits
            .is_some_and(|limits| at >= self.since.saturating_add(limits.renewing));
        // While a notification is on the phone, or a dialog is open, it has not been.
        let is_undisturbed = self.phase != Phase::SecondFactor && self.dialogs.since().is_none();
        self.is_renewing() && had_time && is_undisturbed
    }
}
