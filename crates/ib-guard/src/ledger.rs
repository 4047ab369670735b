//! What is recorded of one username's submissions.

mod entries;
pub(crate) use entries::Lifted;
#[cfg(test)]
mod tests;

use crate::clock::Clock;
use crate::hold_reason::HoldReason;
use ib_cli::{Defect, Unreadable};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One username's submissions, and what holds further ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Which version of this format it is.
    pub schema: String,
    /// When it was used, by both clocks: its own time is counted by them.
    pub clock: Clock,
    /// The submissions, oldest first.
    pub submissions: Vec<SubmissionRecord>,
    /// What holds further submissions whatever their number; `None` when nothing does.
    pub latch: Option<Latch>,
    /// How long IBKR asked to wait; `None` when it did not ask. Written only when it did, so that older programs can read
    /// all other ledgers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_wait: Option<AskedWait>,
    /// When it replaced a ledger that could not be understood, in its own time; `None` when it did not.
    pub begun_anew: Option<BegunAnew>,
    /// The windows of 30 seconds, counted since 1970, of which a one-time code was sent, the last one last.
    pub code_windows: Vec<u64>,
    /// The notifications on the phone.
    pub pushes: Pushes,
    /// Why a person cleared holds, and when.
    pub forgiven: Vec<Forgiven>,
}

/// One submission of a username and password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmissionRecord {
    /// When it was recorded, in seconds since 1970 by the wall clock: before the first byte was sent.
    pub at: u64,
    /// The same in the ledger's own time, by which it counts.
    pub elapsed: u64,
    /// The name of a [`LoginMethod`]. It is text here, so that a ledger with a method of a later version stays readable.
    pub method: String,
    /// `live` or `paper`; text for the same reason.
    pub mode: String,
    /// How it ended; `None` when that was not recorded, as after a crash: it counts as failed.
    pub outcome: Option<SubmissionOutcome>,
    /// Whether a person stood behind it.
    pub attended: bool,
    /// How many one-time codes it sent.
    pub codes: u8,
    /// Whether it sent a notification to the phone; `None` when that is not known.
    pub push: Option<bool>,
    /// Whether its notification counts as one that was not approved.
    pub push_counted: bool,
    /// A person has forgiven it: it counts for the ceiling alone.
    pub forgiven: bool,
}

/// How a login is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginMethod {
    /// On the login page of the Client Portal Gateway, in a browser.
    Browser,
    /// With the Client Portal Gateway, without a browser.
    Direct,
    /// IBC types it into IB Gateway or TWS.
    Ibc,
}

impl LoginMethod {
    /// The method as the ledger and reports name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Direct => "direct",
            Self::Ibc => "ibc",
        }
    }
}

/// How a submission ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionOutcome {
    /// The session became ready.
    Succeeded,
    /// It ended in any other way.
    Failed,
    /// IBKR refused it.
    Refused,
    /// IBKR says that the username is locked.
    Locked,
}

impl SubmissionOutcome {
    /// The outcome as reports name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Locked => "locked",
        }
    }
}

/// A hold for a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latch {
    /// Since when, in seconds since 1970 by the wall clock.
    pub at: u64,
    /// The same in the ledger's own time.
    pub elapsed: u64,
    /// Why.
    pub why: HoldReason,
}

/// How long IBKR asked to wait before the next login, as it does after several failures within minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedWait {
    /// When it asked, in the ledger's own time.
    pub elapsed: u64,
    /// For how long, in milliseconds.
    pub wait: u64,
}

/// When a ledger was begun in place of one that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BegunAnew {
    /// In its own time.
    pub elapsed: u64,
    /// Whether there was a copy of an earlier one: then a person cannot forgive it any more.
    pub again: bool,
}

/// What is known of the username's notifications on the phone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pushes {
    /// How many in a row were sent unattended and not approved.
    pub unanswered: u8,
    /// Whether the last login of each mode that has shown it sent one.
    pub expected: BTreeMap<String, bool>,
}

/// A person's decision to clear a hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forgiven {
    /// When, in seconds since 1970 by the wall clock.
    pub at: u64,
    /// Who: the name of the user who ran it.
    pub by: String,
    /// The person's words.
    pub reason: String,
}

impl Ledger {
    /// The version this program writes and reads.
    pub const SCHEMA: &'static str = "ib-ledger/2";

    /// A ledger with nothing in it.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            clock: Clock::default(),
            submissions: Vec::new(),
            latch: None,
            asked_wait: None,
            begun_anew: None,
            code_windows: Vec::new(),
            pushes: Pushes::default(),
            forgiven: Vec::new(),
        }
    }

    /// Reads what [`Ledger::to_bytes`] wrote.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let ledger: Self = serde_json::from_slice(bytes)?;
        if ledger.schema != Self::SCHEMA {
            return Err(Unreadable::new(Defect::AnotherSchema));
        }
        Ok(ledger)
    }

    /// The ledger as it lies on disk.
    ///
    /// # Errors
    /// Never, as long as its types have a JSON form.
    pub fn to_bytes(&self) -> anyhow::Result<Vec<u8>> {
        Ok(serde_json::to_vec(self)?)
    }
}
