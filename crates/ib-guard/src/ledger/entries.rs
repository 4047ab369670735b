//! What is entered into a ledger, and when it is dropped again.

use super::{
    AskedWait, BegunAnew, Forgiven, Latch, Ledger, LoginMethod, SubmissionOutcome, SubmissionRecord,
};
use crate::clock::Now;
use crate::hold_reason::HoldReason;
use crate::limits::{DAY, KEPT, UNANSWERED_PUSHES, WEEK};
use crate::policy::{Terms, counts};
use crate::rules::{Rule, Rules};
use ib_cli::Mode;

/// The most windows of codes kept: those of weeks, since a clock that is put back makes old ones come again.
const KEPT_WINDOWS: usize = 256;

/// The most words of forgiveness kept.
const KEPT_WORDS: usize = 16;

/// What recording a submission lifted; taking the submission back puts it back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifted {
    /// The latch that a person lifted with `--force-after-hold`.
    latch: Option<Latch>,
    /// The unanswered notifications that stopped counting because a person was there.
    unanswered: u8,
}

impl Ledger {
    /// Adds a submission that is about to be sent; gives its place, and what was lifted for it.
    pub(crate) fn record(
        &mut self,
        now: &Now,
        method: LoginMethod,
        mode: Mode,
        terms: &Terms,
        rules: Rules,
    ) -> (usize, Lifted) {
        let elapsed = self.clock.elapsed(now, rules);
        self.drop_old(elapsed, rules);
        let mut lifted = Lifted::default();
        if terms.force_after_hold {
            // A person says that the cause of the refusal is removed.
            lifted.latch = self.latch.take_if(|latch| latch.why == HoldReason::Refused);
        }
        // It counts before it is known whether one is sent, so that a crash leaves it counted.
        let push_counted =
            rules.hold(Rule::PushPresumed) && !terms.has_a_person() && self.expects_push(terms);
        if terms.has_a_person() {
            lifted.unanswered = std::mem::take(&mut self.pushes.unanswered);
        } else {
            self.pushes.unanswered = self.pushes.unanswered.saturating_add(push_counted.into());
        }
        // Each has a time of its own, which is its id: this clock may stand still.
        let last = self.submissions.iter().map(|record| record.elapsed).max();
        self.submissions.push(SubmissionRecord {
            at: now.wall / 1000,
            elapsed: last.map_or(elapsed, |last| elapsed.max(last.saturating_add(1))),
            method: method.name().to_owned(),
            mode: mode.name().to_owned(),
            outcome: None,
            attended: terms.has_a_person(),
            codes: 0,
            push: None,
            push_counted,
            forgiven: false,
        });
        (self.submissions.len() - 1, lifted)
    }

    /// Removes a submission of which nothing was sent, and puts back what was lifted for it.
    pub(crate) fn take_back(&mut self, place: usize, lifted: &Lifted) {
        self.count_push(place, false);
        self.submissions.remove(place);
        self.latch = self.latch.take().or_else(|| lifted.latch.clone());
        let unanswered = &mut self.pushes.unanswered;
        *unanswered = unanswered.saturating_add(lifted.unanswered);
    }

    /// Notes how long IBKR asked to wait, a day at the most; a day when it does not say how long.
    pub(crate) fn wait_as_asked(&mut self, wait: Option<u64>, now: &Now, rules: Rules) {
        let Some(wait) = wait else {
            return self.latch(HoldReason::Locked, now, rules);
        };
        let elapsed = self.clock.elapsed(now, rules);
        let wait = wait.min(DAY);
        self.asked_wait = Some(AskedWait { elapsed, wait });
    }

    /// Says how a submission ended; a refusal or a lock latches.
    pub(crate) fn resolve(
        &mut self,
        place: usize,
        outcome: SubmissionOutcome,
        now: &Now,
        rules: Rules,
    ) {
        if let Some(record) = self.submissions.get_mut(place) {
            record.outcome = Some(outcome);
        }
        match outcome {
            // This login's notification was approved; that of another login was not.
            SubmissionOutcome::Succeeded if self.push_of(place) == Some(true) => {
                self.pushes.unanswered = 0;
            }
            SubmissionOutcome::Succeeded if self.push_of(place).is_none() => {
                self.count_push(place, false);
                self.expect_push(place, false);
            }
            SubmissionOutcome::Succeeded => {}
            // IBKR asks for the second factor after the password.
            SubmissionOutcome::Refused | SubmissionOutcome::Locked => self.sent_no_push(place),
            SubmissionOutcome::Failed => {}
        }
        match outcome {
            SubmissionOutcome::Refused => self.latch(HoldReason::Refused, now, rules),
            SubmissionOutcome::Locked => self.latch(HoldReason::Locked, now, rules),
            SubmissionOutcome::Succeeded | SubmissionOutcome::Failed => {}
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
        if self.push_of(place) == Some(true) {
            return;
        }
        self.count_push(place, is_sent);
        self.expect_push(place, is_sent);
        if let Some(record) = self.submissions.get_mut(place) {
            record.push = Some(is_sent);
        }
    }

    /// Notes that a submission came to its end before a notification: it shows nothing of other logins.
    pub(crate) fn sent_no_push(&mut self, place: usize) {
        if self.push_of(place).is_some() {
            return;
        }
        self.count_push(place, false);
        if let Some(record) = self.submissions.get_mut(place) {
            record.push = Some(false);
        }
    }

    /// Whether a login is expected to send a notification.
    pub(crate) fn expects_push(&self, terms: &Terms) -> bool {
        let shown = self.pushes.expected.get(terms.mode.name()).copied();
        shown.unwrap_or(!terms.is_without_push)
    }

    /// Notes whether a login sent one, as the expectation for the next of its mode.
    pub(crate) fn expect_push(&mut self, place: usize, is_sent: bool) {
        if let Some(record) = self.submissions.get(place) {
            self.pushes.expected.insert(record.mode.clone(), is_sent);
        }
    }

    fn push_of(&self, place: usize) -> Option<bool> {
        self.submissions.get(place).and_then(|record| record.push)
    }

    /// Counts a submission's notification, or takes it back; with a person at the terminal it does not count.
    fn count_push(&mut self, place: usize, is_sent: bool) {
        let Some(record) = self.submissions.get_mut(place) else {
            return;
        };
        let is_counted = is_sent && !record.attended;
        let unanswered = &mut self.pushes.unanswered;
        *unanswered = match (record.push_counted, is_counted) {
            (false, true) => unanswered.saturating_add(1),
            (true, false) => unanswered.saturating_sub(1),
            (false, false) | (true, true) => *unanswered,
        };
        record.push_counted = is_counted;
    }

    /// Holds further submissions for a day.
    pub(crate) fn latch(&mut self, why: HoldReason, now: &Now, rules: Rules) {
        self.latch = Some(Latch {
            at: now.wall / 1000,
            elapsed: self.clock.elapsed(now, rules),
            why,
        });
    }

    /// Replaces a ledger that could not be understood: nothing is sent for a day.
    ///
    /// It can be forgiven once. With `again` it cannot: what was counted since the first is lost as well.
    pub(crate) fn begin_anew(&mut self, again: bool, now: &Now, rules: Rules) {
        let elapsed = self.clock.elapsed(now, rules);
        self.begun_anew = Some(BegunAnew { elapsed, again });
        // How many were sent and not approved is not known.
        self.pushes.unanswered = UNANSWERED_PUSHES;
        self.latch(HoldReason::LedgerUnreadable, now, rules);
    }

    /// Clears every hold but the ceiling, because a person says so.
    pub(crate) fn forgive(&mut self, by: &str, reason: &str, now: &Now) {
        self.latch = None;
        self.asked_wait = None;
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
        let kept = if rules.hold(Rule::Kept) { KEPT } else { 1 };
        let mut too_many = (self.submissions.len() + 1).saturating_sub(kept);
        self.submissions.retain(|record| {
            let is_old = elapsed.saturating_sub(record.elapsed) >= WEEK;
            let is_spare = too_many > 0 && !counts(record, elapsed, rules);
            too_many -= usize::from(is_spare);
            !is_old && !is_spare
        });
    }
}
