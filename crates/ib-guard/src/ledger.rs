//! What is recorded of one username's submissions.

use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};

/// How long a failure counts, and a latch holds.
pub const DAY: Duration = Duration::from_secs(24 * 3600);

/// The most submissions kept: the policy allows a handful a day, so what is older matters to nobody.
const KEPT: usize = 64;

/// One username's submissions, and what holds further ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Which version of this format it is.
    pub schema: String,
    /// The submissions, oldest first.
    pub submissions: Vec<Record>,
    /// What holds further submissions whatever their number; `None` when nothing does.
    pub latch: Option<Latch>,
    /// The last 30 seconds since 1970 of which a one-time code was sent; `None` when none ever was.
    pub code_window: Option<u64>,
    /// Why a person cleared holds, and when.
    pub forgiven: Vec<Forgiven>,
}

/// One submission of a username and password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// When it was recorded, in seconds since 1970: before the first byte was sent.
    pub at: u64,
    /// `browser`, or another way of logging in.
    pub method: String,
    /// `live` or `paper`.
    pub mode: String,
    /// How it ended; `None` when nobody lived to say, which counts as failed.
    pub outcome: Option<Outcome>,
}

/// How a submission ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The session became ready.
    Succeeded,
    /// It ended in any other way.
    Failed,
    /// IBKR refused it.
    Refused,
    /// IBKR says that the username is locked.
    Locked,
}

impl Outcome {
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

/// What holds further submissions for a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latch {
    /// Since when, in seconds since 1970.
    pub at: u64,
    /// Why.
    pub why: Why,
}

/// Why nothing is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// IBKR refused a submission.
    Refused,
    /// IBKR says that the username is locked.
    Locked,
    /// Too many failures in the last 24 hours.
    Failures,
    /// The ledger could not be read: a budget nobody can count is spent.
    LedgerUnreadable,
}

impl Why {
    /// The reason as reports name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Locked => "locked",
            Self::Failures => "failures",
            Self::LedgerUnreadable => "ledger_unreadable",
        }
    }
}

/// A person's decision to clear a hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forgiven {
    /// When, in seconds since 1970.
    pub at: u64,
    /// The person's words.
    pub reason: String,
}

impl Ledger {
    /// The version this program writes and reads.
    pub const SCHEMA: &'static str = "ib-ledger/1";

    /// A ledger with nothing in it.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            submissions: Vec::new(),
            latch: None,
            code_window: None,
            forgiven: Vec::new(),
        }
    }

    /// Reads what [`Ledger::to_bytes`] wrote.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        let ledger: Self = serde_json::from_slice(bytes)?;
        anyhow::ensure!(ledger.schema == Self::SCHEMA, "it is not {}", Self::SCHEMA);
        Ok(ledger)
    }

    /// The ledger as it lies on disk.
    ///
    /// # Errors
    /// Never, as long as its types have a JSON form.
    pub fn to_bytes(&self) -> anyhow::Result<Vec<u8>> {
        Ok(serde_json::to_vec_pretty(self)?)
    }

    /// Adds a submission; says at which place.
    pub fn record(&mut self, now: SystemTime, method: &str, mode: &str) -> usize {
        if self.submissions.len() >= KEPT {
            self.submissions.remove(0);
        }
        let at = seconds(now);
        self.submissions.push(Record {
            at,
            method: method.to_owned(),
            mode: mode.to_owned(),
            outcome: None,
        });
        self.submissions.len() - 1
    }

    /// Says how a submission ended; a refusal or a lock latches.
    pub fn resolve(&mut self, place: usize, outcome: Outcome, now: SystemTime) {
        if let Some(record) = self.submissions.get_mut(place) {
            record.outcome = Some(outcome);
        }
        match outcome {
            Outcome::Refused => self.latch(Why::Refused, now),
            Outcome::Locked => self.latch(Why::Locked, now),
            Outcome::Succeeded | Outcome::Failed => {}
        }
    }

    /// Holds further submissions for a day.
    pub fn latch(&mut self, why: Why, now: SystemTime) {
        self.latch = Some(Latch {
            at: seconds(now),
            why,
        });
    }

    /// Clears every hold, because a person says so.
    pub fn forgive(&mut self, reason: &str, now: SystemTime) {
        self.latch = None;
        self.submissions.clear();
        self.forgiven.push(Forgiven {
            at: seconds(now),
            reason: reason.to_owned(),
        });
        if self.forgiven.len() > KEPT {
            self.forgiven.remove(0);
        }
    }
}

/// Seconds since 1970; a clock before that is taken for 1970.
#[must_use]
pub fn seconds(at: SystemTime) -> u64 {
    at.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}
