//! Why the guard holds a login, and the words for it.

use ib_cli::{Error, Exit, time};
use serde::{Deserialize, Serialize};
use std::time::SystemTime;

/// Why nothing is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// IBKR refused a submission.
    Refused,
    /// IBKR says that the username is locked.
    Locked,
    /// Too many failures in the last 24 hours.
    Failures,
    /// Eight failures in the last 24 hours, forgiven ones included.
    Ceiling,
    /// The last two unattended notifications had no approval.
    UnansweredPushes,
    /// It is a window of `--quiet`, and no person is there.
    Quiet,
    /// The ledger could not be read, so its failures cannot be counted.
    LedgerUnreadable,
    /// A person has forgiven a ledger that could not be read, and a login has failed since.
    #[serde(rename = "vouched")]
    FailedAfterLostLedger,
    /// IBKR asked to wait.
    AskedWait,
}

impl HoldReason {
    /// The reason as reports name it.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Locked => "locked",
            Self::Failures => "failures",
            Self::Ceiling => "ceiling",
            Self::UnansweredPushes => "unanswered_pushes",
            Self::Quiet => "quiet",
            Self::LedgerUnreadable => "ledger_unreadable",
            Self::FailedAfterLostLedger => "vouched",
            Self::AskedWait => "asked_wait",
        }
    }

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
            Self::LedgerUnreadable | Self::FailedAfterLostLedger => "held_by_ledger",
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

    /// What happened, and what a person may do about it.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Refused => (
                "IBKR refused the last login",
                "; correct the cause, then give --force-after-hold",
            ),
            Self::Locked => ("IBKR has locked the username", ""),
            Self::Failures => ("too many logins failed in 24 hours", ""),
            Self::Ceiling => (
                "too many logins failed in 24 hours, and were forgiven: ten in a row would lock the username",
                "",
            ),
            Self::UnansweredPushes => (
                "the last two logins sent a notification, or may have, and no person approved it",
                "log in at a terminal, or with --attended, and approve the next one",
            ),
            Self::Quiet => (
                "it is a quiet window",
                "; --attended when a person is there",
            ),
            Self::LedgerUnreadable => (
                "the ledger could not be read",
                "; --forgive REASON if you know the count",
            ),
            Self::FailedAfterLostLedger => (
                "a ledger that could not be read was forgiven, and a login has failed since",
                "",
            ),
            Self::AskedWait => ("IBKR asks to wait before the next login", ""),
        }
    }
}
