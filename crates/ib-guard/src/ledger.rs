//! What is recorded of one username's submissions.

use crate::clock::{Clock, Now};
use crate::policy::{CEILING, Terms, counts};
use crate::rules::Rules;
use crate::upgrade;
use serde::{Deserialize, Serialize};

/// How long a failure counts, and a latch holds, in milliseconds.
pub const DAY: u64 = 24 * 3600 * 1000;

/// How long a submission is kept that counts no more: for a person to look at.
const WEEK: u64 = 7 * DAY;

/// The most submissions kept. Those that count are never more than the ceiling, so none of them is dropped.
const KEPT: usize = 64;

const _: () = assert!(KEPT > CEILING);

/// The most windows of codes kept: of more than a day's logins.
const KEPT_WINDOWS: usize = 64;

/// The most words of forgiveness kept.
const KEPT_WORDS: usize = 16;

/// One username's submissions, and what holds further ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Which version of this format it is.
    pub schema: String,
    /// When it was used, by both clocks: what its own time is counted by.
    pub clock: Clock,
    /// The submissions, oldest first.
    pub submissions: Vec<Record>,
    /// What holds further submissions whatever their number; `None` when nothing does.
    pub latch: Option<Latch>,
    /// Those 30 seconds since 1970 of which a one-time code was sent, the last one last.
    pub code_windows: Vec<u64>,
    /// The notifications on the phone.
    pub pushes: Pushes,
    /// Why a person cleared holds, and when.
    pub forgiven: Vec<Forgiven>,
}

/// One submission of a username and password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// When it was recorded, in seconds since 1970 by the wall clock: before the first byte was sent.
    pub at: u64,
    /// The same in the ledger's own time, by which it counts.
    pub elapsed: u64,
    /// `browser`, or another way of logging in.
    pub method: String,
    /// `live` or `paper`.
    pub mode: String,
    /// How it ended; `None` when nobody lived to say, which counts as failed.
    pub outcome: Option<Outcome>,
    /// Whether a person stood behind it.
    pub attended: bool,
    /// How many one-time codes it sent.
    pub codes: u8,
    /// Whether it sent a notification to the phone; `None` when nobody knows.
    pub push: Option<bool>,
    /// A person has forgiven it: it counts for the ceiling alone.
    pub forgiven: bool,
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
    /// Since when, in seconds since 1970 by the wall clock.
    pub at: u64,
    /// The same in the ledger's own time.
    pub elapsed: u64,
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
    /// Too many failures in the last 24 hours, whatever was forgiven.
    Ceiling,
    /// Nobody approved the last notifications.
    UnansweredPushes,
    /// It is a quiet window.
    Quiet,
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
            Self::Ceiling => "ceiling",
            Self::UnansweredPushes => "unanswered_pushes",
            Self::Quiet => "quiet",
            Self::LedgerUnreadable => "ledger_unreadable",
        }
    }
}

/// What is known of the username's notifications on the phone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pushes {
    /// How many in a row were sent unattended and not approved.
    pub unanswered: u8,
    /// Whether its logins send any; `None` until one has shown it.
    pub expected: Option<bool>,
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
    /// The version this program writes; it reads the one before, too.
    pub const SCHEMA: &'static str = "ib-ledger/2";

    /// A ledger with nothing in it.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            clock: Clock::default(),
            submissions: Vec::new(),
            latch: None,
            code_windows: Vec::new(),
            pushes: Pushes::default(),
            forgiven: Vec::new(),
        }
    }

    /// Reads what [`Ledger::to_bytes`] wrote, or an older version did.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        match serde_json::from_slice::<Self>(bytes) {
            Ok(ledger) if ledger.schema == Self::SCHEMA => Ok(ledger),
            Ok(_) => anyhow::bail!("it is not {}", Self::SCHEMA),
            // What it is not says more of a file that is no older one either.
            Err(error) => upgrade::from_first(bytes).ok_or_else(|| error.into()),
        }
    }

    /// The ledger as it lies on disk.
    ///
    /// # Errors
    /// Never, as long as its types have a JSON form.
    pub fn to_bytes(&self) -> anyhow::Result<Vec<u8>> {
        Ok(serde_json::to_vec(self)?)
    }

    /// Adds a submission that is about to be sent; says at which place.
    pub(crate) fn record(
        &mut self,
        now: &Now,
        method: &str,
        mode: &str,
        terms: &Terms,
        rules: Rules,
    ) -> usize {
        let elapsed = self.clock.elapsed(now, rules);
        self.drop_old(elapsed, rules);
        if terms.force_after_hold {
            // Somebody says that what was refused is mended.
            self.latch.take_if(|latch| latch.why == Why::Refused);
        }
        // Counted before anybody knows whether one is sent, so that a crash leaves it counted.
        self.pushes.unanswered = match self.pushes.expected {
            _ if terms.has_a_person() => 0,
            Some(false) => self.pushes.unanswered,
            None | Some(true) => self.pushes.unanswered.saturating_add(1),
        };
        self.submissions.push(Record {
            at: now.wall / 1000,
            elapsed,
            method: method.to_owned(),
            mode: mode.to_owned(),
            outcome: None,
            attended: terms.has_a_person(),
            codes: 0,
            push: None,
            forgiven: false,
        });
        self.submissions.len() - 1
    }

    /// Says how a submission ended; a refusal or a lock latches.
    pub(crate) fn resolve(&mut self, place: usize, outcome: Outcome, now: &Now, rules: Rules) {
        if let Some(record) = self.submissions.get_mut(place) {
            record.outcome = Some(outcome);
        }
        match outcome {
            Outcome::Succeeded => {
                // Whatever was sent to the phone was approved.
                self.pushes.unanswered = 0;
                if self.push_of(place).is_none() {
                    self.pushes.expected = Some(false);
                }
            }
            // IBKR asks for the second factor after the password.
            Outcome::Refused | Outcome::Locked if self.push_of(place).is_none() => {
                self.no_push_was_sent(place);
            }
            Outcome::Refused | Outcome::Locked | Outcome::Failed => {}
        }
        match outcome {
            Outcome::Refused => self.latch(Why::Refused, now, rules),
            Outcome::Locked => self.latch(Why::Locked, now, rules),
            Outcome::Succeeded | Outcome::Failed => {}
        }
    }

    /// Notes that a code of this window is about to be sent: a login that wants a code sends no notification.
    pub(crate) fn record_code(&mut self, place: usize, window: u64) {
        if let Some(record) = self.submissions.get_mut(place) {
            record.codes = record.codes.saturating_add(1);
        }
        self.code_windows.push(window);
        let too_many = self.code_windows.len().saturating_sub(KEPT_WINDOWS);
        self.code_windows.drain(..too_many);
        self.saw_push(place, false);
    }

    /// Notes whether a submission sends, or has sent, a notification.
    pub(crate) fn saw_push(&mut self, place: usize, is_sent: bool) {
        match (self.push_of(place), is_sent) {
            (Some(true), _) => return,
            (None, false) => self.no_push_was_sent(place),
            // The username was taken for one without, so this one is not counted yet.
            (_, true) if self.pushes.expected == Some(false) => self.count_push(place, 1),
            _ => {}
        }
        self.pushes.expected = Some(is_sent);
        if let Some(record) = self.submissions.get_mut(place) {
            record.push = Some(is_sent);
        }
    }

    fn push_of(&self, place: usize) -> Option<bool> {
        self.submissions.get(place).and_then(|record| record.push)
    }

    /// Takes back what was counted before the submission was sent.
    fn no_push_was_sent(&mut self, place: usize) {
        if self.pushes.expected != Some(false) {
            self.count_push(place, -1);
        }
        if let Some(record) = self.submissions.get_mut(place) {
            record.push = Some(false);
        }
    }

    /// Only what nobody was there to see counts.
    fn count_push(&mut self, place: usize, more: i8) {
        let is_attended = self.submissions.get(place).is_none_or(|it| it.attended);
        if !is_attended {
            self.pushes.unanswered = self.pushes.unanswered.saturating_add_signed(more);
        }
    }

    /// Holds further submissions for a day.
    pub(crate) fn latch(&mut self, why: Why, now: &Now, rules: Rules) {
        self.latch = Some(Latch {
            at: now.wall / 1000,
            elapsed: self.clock.elapsed(now, rules),
            why,
        });
    }

    /// Clears every hold but the ceiling, because a person says so.
    pub(crate) fn forgive(&mut self, by: &str, reason: &str, now: &Now) {
        self.latch = None;
        self.pushes.unanswered = 0;
        for record in &mut self.submissions {
            record.forgiven = true;
        }
        self.forgiven.push(Forgiven {
            at: now.wall / 1000,
            by: by.to_owned(),
            reason: reason.chars().take(200).collect(),
        });
        let too_many = self.forgiven.len().saturating_sub(KEPT_WORDS);
        self.forgiven.drain(..too_many);
    }

    /// Drops what counts no more: after a week, or sooner when there are too many.
    fn drop_old(&mut self, elapsed: u64, rules: Rules) {
        let mut too_many = (self.submissions.len() + 1).saturating_sub(KEPT);
        self.submissions.retain(|record| {
            let is_old = elapsed.saturating_sub(record.elapsed) >= WEEK;
            let is_spare = too_many > 0 && !counts(record, elapsed, rules);
            too_many -= usize::from(is_spare);
            !is_old && !is_spare
        });
    }
}
