//! What truly happened to a username, as far as its ledger must record it.

use super::Broken;
use super::promises::CAP;
use super::supervisors::SimulatedSupervisor;
use crate::clock::Now;
use crate::ledger::{Ledger, SubmissionOutcome, SubmissionRecord};
use crate::limits::{CEILING, DAY};
use crate::policy::counts;
use crate::rules::Rules;
use std::collections::{BTreeMap, BTreeSet};

/// How many of the newest are kept for certain: of older ones, those that still count take the other places.
const KEPT: usize = 32 - 1 - CEILING;

/// How long a submission is kept, in milliseconds.
const WEEK: u64 = 7 * DAY;

/// A submission as IBKR saw it, and as the ledger must have it.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) at: u64,
    /// The same by the machine's wall clock, in seconds.
    pub(crate) wall: u64,
    pub(crate) method: &'static str,
    pub(crate) mode: &'static str,
    pub(crate) is_attended: bool,
    pub(crate) codes: u8,
    /// As it was recorded; `None` when it was not, after a crash or an error of the disk.
    pub(crate) outcome: Option<SubmissionOutcome>,
    pub(crate) is_forgiven: bool,
    pub(crate) has_made_a_session: bool,
    /// Its record was not overwritten since.
    pub(crate) stands: bool,
}

/// What truly happened.
#[derive(Clone, Default)]
pub(crate) struct TrueHistory {
    /// The submissions of a week, oldest first.
    sent: Vec<Sent>,
    /// The ledger was overwritten, and no run has read it since.
    pub(crate) is_spoilt: bool,
    /// The last refusal that was recorded and not lifted.
    pub(crate) refused: Option<u64>,
    /// The same of a lock.
    pub(crate) locked: Option<u64>,
    /// Until when IBKR asked to wait, as it was recorded.
    pub(crate) asked_until: u64,
    /// How many notifications in a row were certainly sent unattended and not approved.
    pub(crate) unanswered: u8,
    /// The unattended submissions since that have, or may have, sent one.
    perhaps_unanswered: BTreeSet<u64>,
    /// How many more is not known: the ledger was lost, and no person was there since.
    has_lost_count: bool,
    /// When a run last found that the ledger was lost, if that was not forgiven.
    begun_anew: Option<u64>,
    /// Whether the last login of each mode that showed it sent a notification.
    pub(crate) shown: BTreeMap<&'static str, bool>,
    /// The modes of which that may not have been written.
    doubted: BTreeSet<&'static str>,
    codes: BTreeSet<u64>,
}

impl Sent {
    fn is_in(&self, record: &SubmissionRecord) -> bool {
        (record.at, &*record.method, &*record.mode) == (self.wall, self.method, self.mode)
            && record.attended == self.is_attended
            && record.outcome == self.outcome
            && record.forgiven == self.is_forgiven
            // A code that was recorded and not sent may be counted.
            && record.codes >= self.codes
    }

    fn counts(&self, at: u64) -> bool {
        self.outcome != Some(SubmissionOutcome::Succeeded) && at - self.at < DAY
    }
}

impl TrueHistory {
    /// A submission is recorded, and will be sent if nothing comes between.
    pub(crate) fn record(
        &mut self,
        at: u64,
        supervisor: &SimulatedSupervisor,
        is_forced: bool,
        is_attended: bool,
    ) {
        if is_forced {
            self.refused = None;
        }
        if is_forced || is_attended {
            self.answer();
        } else if self.expects(supervisor) != Some(false) {
            self.perhaps_unanswered.insert(at);
        }
    }

    /// A submission is on its way: it must be allowed.
    pub(crate) fn send(&mut self, sent: Sent, max_failures: u8) -> Result<(), Broken> {
        let now = sent.at;
        let broken = |what| Err(Broken::new(what, now));
        let lately = |at: &u64| now - at < DAY;
        let has_failed =
            |sent: &&Sent| !sent.has_made_a_session && !sent.is_forgiven && lately(&sent.at);
        let failures = self.sent.iter().filter(has_failed).count();
        if failures >= usize::from(max_failures.min(CAP)) {
            return broken("more failures than are allowed");
        }
        if self.refused.as_ref().is_some_and(lately) {
            return broken("a submission within a day of a refusal");
        }
        if self.locked.as_ref().is_some_and(lately) {
            return broken("a submission within a day of a lock");
        }
        if now < self.asked_until {
            return broken("a submission while IBKR asks to wait");
        }
        self.sent.retain(|sent| now - sent.at < WEEK);
        self.sent.push(sent);
        Ok(())
    }

    /// A code is on its way.
    pub(crate) fn send_code(
        &mut self,
        window: u64,
        submitted: u64,
        now: u64,
    ) -> Result<(), Broken> {
        if let Some(sent) = self.of(submitted) {
            sent.codes += 1;
        }
        if !self.codes.insert(window) {
            return Err(Broken::new("two codes of one window", now));
        }
        Ok(())
    }

    /// A submission made a session.
    pub(crate) fn succeed(&mut self, submitted: u64, is_approved: bool) {
        if let Some(sent) = self.of(submitted) {
            sent.has_made_a_session = true;
        }
        if is_approved {
            self.unanswered = 0;
        }
    }

    /// How a submission ended is recorded.
    pub(crate) fn resolve(
        &mut self,
        submitted: u64,
        outcome: SubmissionOutcome,
        has_pushed: bool,
        now: u64,
    ) {
        if let Some(sent) = self.of(submitted) {
            sent.outcome = Some(outcome);
        }
        match outcome {
            SubmissionOutcome::Succeeded if has_pushed => {
                self.perhaps_unanswered.clear();
                self.has_lost_count = false;
            }
            SubmissionOutcome::Refused | SubmissionOutcome::Locked if has_pushed => {}
            SubmissionOutcome::Succeeded
            | SubmissionOutcome::Refused
            | SubmissionOutcome::Locked => self.show_none(submitted),
            SubmissionOutcome::Failed => {}
        }
        match outcome {
            SubmissionOutcome::Refused => self.refused = Some(now),
            SubmissionOutcome::Locked => self.locked = Some(now),
            SubmissionOutcome::Succeeded | SubmissionOutcome::Failed => {}
        }
    }

    /// It is recorded that a submission has sent a notification unattended.
    pub(crate) fn push(&mut self, submitted: u64) {
        self.perhaps_unanswered.insert(submitted);
    }

    /// It is recorded that a submission sends none.
    pub(crate) fn show_none(&mut self, submitted: u64) {
        self.perhaps_unanswered.remove(&submitted);
    }

    /// Whether a login sent a notification is written, or perhaps not written.
    pub(crate) fn show(&mut self, mode: &'static str, pushes: bool, is_written: bool) {
        if is_written {
            self.shown.insert(mode, pushes);
            self.doubted.remove(mode);
        } else {
            self.doubted.insert(mode);
        }
    }

    /// The holds are cleared; that of a lost ledger only by a person.
    pub(crate) fn forgive(&mut self, is_attended: bool, now: u64) -> Result<(), Broken> {
        let is_lost = self.begun_anew.take().is_some_and(|at| now - at < DAY);
        if is_lost && !is_attended {
            return Err(Broken::new("a lost ledger forgiven without a person", now));
        }
        for sent in &mut self.sent {
            sent.is_forgiven = true;
        }
        self.refused = None;
        self.locked = None;
        self.asked_until = 0;
        self.answer();
        Ok(())
    }

    /// Something has overwritten the ledger.
    pub(crate) fn spoil(&mut self) {
        for sent in &mut self.sent {
            sent.stands = false;
        }
        self.is_spoilt = true;
        self.codes.clear();
    }

    /// A run has begun the ledger anew.
    pub(crate) fn begin_anew(&mut self, now: u64) {
        self.begun_anew = Some(now);
        self.shown.clear();
        self.doubted.clear();
        self.has_lost_count = true;
    }

    /// Whether for certain only a person ends the hold of such a login.
    pub(crate) fn must_wait(&self, supervisor: &SimulatedSupervisor) -> bool {
        self.expects(supervisor) == Some(true) && self.unanswered >= 2
    }

    /// The same, as far as the ledger can know it: logins that crashed may have sent a notification.
    pub(crate) fn may_wait(&self, supervisor: &SimulatedSupervisor) -> bool {
        let is_enough = self.has_lost_count || self.perhaps_unanswered.len() >= 2;
        self.expects(supervisor) != Some(false) && is_enough
    }

    /// Every submission is in the ledger unchanged, until it may be dropped.
    pub(crate) fn check(&self, ledger: &Ledger, now: &Now, at: u64) -> Result<(), Broken> {
        let elapsed = ledger.clock.elapsed(now, Rules::ALL);
        let mut records = ledger.submissions.iter();
        let mut is_lost = |sent: &Sent| {
            !records.any(|record| {
                sent.is_in(record) && (!sent.counts(at) || counts(record, elapsed, Rules::ALL))
            })
        };
        for (place, sent) in self.sent.iter().enumerate() {
            let is_new = self.sent.len() - place <= KEPT && at - sent.at < WEEK;
            if sent.stands && (is_new || sent.counts(at)) && is_lost(sent) {
                return Err(Broken::new("a record is lost, or counts no more", at));
            }
        }
        Ok(())
    }

    /// A person is there.
    fn answer(&mut self) {
        self.unanswered = 0;
        self.perhaps_unanswered.clear();
        self.has_lost_count = false;
    }

    /// Whether such a login is expected to send a notification; `None` when the ledger may not know.
    fn expects(&self, supervisor: &SimulatedSupervisor) -> Option<bool> {
        if self.doubted.contains(supervisor.mode.name()) {
            return None;
        }
        let shown = self.shown.get(supervisor.mode.name()).copied();
        Some(shown.unwrap_or(!supervisor.is_without_push))
    }

    fn of(&mut self, submitted: u64) -> Option<&mut Sent> {
        self.sent.iter_mut().find(|sent| sent.at == submitted)
    }
}
