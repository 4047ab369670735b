//! What is told of a login that the guard holds.

use crate::ledger::HoldReason;
use ib_cli::{Error, Exit, time};
use std::time::SystemTime;

impl HoldReason {
    /// The reason as the report of a run that was held names it.
    #[must_use]
    pub fn of_report(self) -> &'static str {
        match self {
            Self::Refused => "held_after_refusal",
            Self::Locked => "held_after_lock",
            Self::Failures => "held_after_failures",
            Self::Ceiling => "held_by_ceiling",
            Self::UnansweredPushes => "held_after_pushes",
            Self::Quiet => "held_by_quiet",
            Self::LedgerUnreadable | Self::Vouched => "held_by_ledger",
            Self::AskedWait => "held_as_ibkr_asks",
        }
    }

    /// The error of a run that was held; `until` is `None` when only a person ends the hold.
    #[must_use]
    pub fn error(self, until: Option<SystemTime>) -> Error {
        let (cause, hint) = self.words();
        let end = until.map_or_else(String::new, |until| format!("held until {}", time(until)));
        let message = format!("nothing was sent: {cause} ({end}{hint})");
        let wait = |until: SystemTime| until.duration_since(SystemTime::now()).unwrap_or_default();
        Error::new(Exit::Held, message).after(until.map(wait))
    }

    /// What has happened, and what a person may do about it.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Refused => (
                "IBKR refused the last login",
                "; --force-after-hold once it is mended",
            ),
            Self::Locked => ("IBKR has locked the username", ""),
            Self::Failures => ("too many logins failed in 24 hours", ""),
            Self::Ceiling => (
                "too many logins failed in 24 hours, and were forgiven: ten would lock the username",
                "",
            ),
            Self::UnansweredPushes => (
                "the last two logins sent a notification, or may have, that nobody approved",
                "run it at a terminal, or with --attended, and approve the next",
            ),
            Self::Quiet => (
                "it is a quiet window",
                "; --attended when a person is there",
            ),
            Self::LedgerUnreadable => (
                "the ledger could not be understood",
                "; --forgive REASON if you know the count",
            ),
            Self::Vouched => (
                "a ledger that could not be understood was forgiven, and a login has failed since",
                "",
            ),
            Self::AskedWait => ("IBKR asks to wait before the next login", ""),
        }
    }
}
