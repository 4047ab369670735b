//! The ledger in its store: read once, written before and after everything that is sent.

use crate::clock::Now;
use crate::ledger::{Ledger, Lifted, LoginMethod, SubmissionOutcome};
use crate::policy::{self, CodeDecision, Decision, Terms};
use crate::rules::{Rule, Rules};
use crate::store::Store;
use crate::submission::Submission;
use ib_cli::{Error, Exit, Mode, OrExit, Result, Unreadable, warn};
use std::time::Duration;

/// How long a ledger that holds may go without a note of the time, in milliseconds. The time between the last note and
/// the end of a boot does not count, and makes the hold longer.
const NOTED_EVERY: u64 = 5 * 60 * 1000;

/// One username's ledger, open in the one process that has its lock.
pub(crate) struct Book<S> {
    store: S,
    ledger: Ledger,
    /// There was no ledger when it was opened.
    is_begun: bool,
    rules: Rules,
}

impl<S: Store> Book<S> {
    /// Reads the ledger; one that cannot be understood is kept aside, and holds for a day.
    ///
    /// # Errors
    /// `Held` when it cannot be read, or kept aside.
    pub(crate) fn open(store: S, now: &Now, rules: Rules) -> Result<Self> {
        let read = store.read().map_err(held)?;
        let mut book = Self {
            store,
            ledger: Ledger::empty(),
            is_begun: read.is_none(),
            rules,
        };
        match read.map(|bytes| Ledger::from_bytes(&bytes)) {
            None => {}
            Some(Ok(ledger)) => book.ledger = ledger,
            Some(Err(cause)) => book.begin_anew(cause, now)?,
        }
        book.note_time(now);
        Ok(book)
    }

    /// Whether there was no ledger: then nothing is known of what was sent before.
    pub(crate) fn is_begun(&self) -> bool {
        self.is_begun
    }

    /// What is recorded.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The last submission of this method, unless its end is recorded.
    pub(crate) fn pending(&self, method: LoginMethod) -> Option<Submission> {
        let mut records = self.ledger.submissions.iter();
        let last = records.rfind(|record| record.method == method.name())?;
        self.pending_by(last.elapsed)
    }

    /// The submission of this id, unless its end is recorded.
    pub(crate) fn pending_by(&self, id: u64) -> Option<Submission> {
        let record = self.ledger.submissions.get(self.place_of(id))?;
        let lifted = Lifted::default();
        let submission = Submission { id, lifted };
        record.outcome.is_none().then_some(submission)
    }

    /// The place in the ledger of the submission of this id: others may have been recorded and dropped since. One past the
    /// last when it was taken back.
    fn place_of(&self, id: u64) -> usize {
        let records = &self.ledger.submissions;
        let place = records.iter().rposition(|record| record.elapsed == id);
        place.unwrap_or(records.len())
    }

    /// Whether a submission may be sent.
    pub(crate) fn decide(&self, now: &Now, terms: &Terms) -> Decision {
        policy::decide(&self.ledger, now, terms, self.rules)
    }

    /// How many more failures are allowed.
    pub(crate) fn failures_left(&self, now: &Now, terms: &Terms) -> u8 {
        policy::failures_left(&self.ledger, now, terms, self.rules)
    }

    /// Records a submission that is about to be sent; when this returns, it is on the disk.
    ///
    /// # Errors
    /// `Held` when it may not be sent any more, or cannot be recorded: what cannot be counted is not sent.
    pub(crate) fn record(
        &mut self,
        now: &Now,
        method: LoginMethod,
        mode: Mode,
        terms: &Terms,
    ) -> Result<Submission> {
        // A quiet window may have begun while the browser did.
        if let Decision::Held { why, .. } = self.decide(now, terms) {
            let message = format!("nothing was sent: the guard holds ({})", why.name());
            return Err(Error::new(Exit::Held, message));
        }
        let submission = self.add(now, method, mode, terms);
        self.save_before_sending("nothing was sent", now)?;
        Ok(submission)
    }

    /// Records a submission that was sent without asking: it counts, whatever the guard would have decided.
    ///
    /// # Errors
    /// `Held` when it cannot be recorded.
    pub(crate) fn record_sent(
        &mut self,
        now: &Now,
        method: LoginMethod,
        mode: Mode,
        terms: &Terms,
    ) -> Result<Submission> {
        let submission = self.add(now, method, mode, terms);
        self.save(now).map_err(|error| {
            let hint = "a login was sent that cannot be recorded";
            Error::from_source(Exit::Held, error.source.context(hint))
        })?;
        Ok(submission)
    }

    fn add(&mut self, now: &Now, method: LoginMethod, mode: Mode, terms: &Terms) -> Submission {
        let (place, lifted) = self.ledger.record(now, method, mode, terms, self.rules);
        let id = self.ledger.submissions[place].elapsed;
        Submission { id, lifted }
    }

    /// Takes back a submission of which nothing was sent, as if it had never been recorded.
    pub(crate) fn take_back(&mut self, submission: &Submission, now: &Now) {
        let place = self.place_of(submission.id);
        let is_there = place < self.ledger.submissions.len();
        if is_there && self.rules.hold(Rule::TakenBack) {
            self.ledger.take_back(place, &submission.lifted);
            self.save_after_sending(now);
        }
    }

    /// Holds further submissions for as long as IBKR asked to wait, or for a day.
    pub(crate) fn wait_as_asked(&mut self, wait: Option<Duration>, now: &Now) {
        let wait = wait.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        self.ledger.wait_as_asked(wait, now, self.rules);
        self.save_after_sending(now);
    }

    /// Whether a one-time code of this window may be sent.
    pub(crate) fn decide_code(&self, submission: &Submission, window: u64) -> CodeDecision {
        let place = self.place_of(submission.id);
        policy::decide_code(&self.ledger, place, window, self.rules)
    }

    /// Records that a one-time code of this window is about to be sent.
    ///
    /// # Errors
    /// `Held` when it may not be sent, or cannot be recorded.
    pub(crate) fn record_code(
        &mut self,
        submission: &Submission,
        window: u64,
        now: &Now,
    ) -> Result<()> {
        if self.decide_code(submission, window) != CodeDecision::Go {
            let message = "no further code was sent: a login sends two, each of a window of its own (run it again)";
            return Err(Error::new(Exit::Held, message));
        }
        let place = self.place_of(submission.id);
        self.ledger.record_code(place, window);
        self.save_before_sending("the code was not sent", now)
    }

    /// Records that a notification to the phone is about to be sent.
    ///
    /// # Errors
    /// `Held` when it may not be sent, or cannot be recorded.
    pub(crate) fn record_push(&mut self, submission: &Submission, now: &Now) -> Result<()> {
        let place = self.place_of(submission.id);
        if !policy::decide_push(&self.ledger, place, self.rules) {
            // So that the next one is held before it sends username and password.
            self.ledger.expect_push(place, true);
            self.save_after_sending(now);
            let message = "no further notification was sent: a login sends one, and none after two without an approval \
                           (run it at a terminal, or with --attended)";
            return Err(Error::new(Exit::Held, message));
        }
        self.ledger.saw_push(place, true);
        self.save_before_sending("the notification was not sent", now)
    }

    /// Notes whether IBKR has sent a notification unasked, as it does after some passwords.
    pub(crate) fn saw_push(&mut self, submission: &Submission, is_sent: bool, now: &Now) {
        let place = self.place_of(submission.id);
        self.ledger.saw_push(place, is_sent);
        self.save_after_sending(now);
    }

    /// Notes that a submission came to its end before a notification.
    pub(crate) fn sent_no_push(&mut self, submission: &Submission, now: &Now) {
        let place = self.place_of(submission.id);
        self.ledger.sent_no_push(place);
        self.save_after_sending(now);
    }

    /// Says how a submission ended.
    pub(crate) fn resolve(
        &mut self,
        submission: &Submission,
        outcome: SubmissionOutcome,
        now: &Now,
    ) {
        let place = self.place_of(submission.id);
        self.ledger.resolve(place, outcome, now, self.rules);
        self.save_after_sending(now);
    }

    /// Clears every hold but the ceiling, because a person says so.
    ///
    /// # Errors
    /// `Held` when it cannot be recorded. A ledger that could not be understood can be forgiven by a person alone, once.
    pub(crate) fn forgive(
        &mut self,
        by: &str,
        reason: &str,
        is_attended: bool,
        now: &Now,
    ) -> Result<()> {
        if let Some(refusal) = policy::unforgivable(&self.ledger, now, is_attended, self.rules) {
            let message = format!("nothing was forgiven: {refusal}");
            return Err(Error::new(Exit::Held, message));
        }
        self.ledger.forgive(by, reason, now);
        self.save(now).map_err(held)
    }

    fn save_before_sending(&mut self, unsent: &str, now: &Now) -> Result<()> {
        let because = |error: Error| {
            let hint = format!("{unsent}, because what cannot be recorded is not sent");
            Error::from_source(Exit::Held, error.source.context(hint))
        };
        match self.save(now).map_err(because) {
            Err(_) if !self.rules.hold(Rule::Recorded) => Ok(()),
            saved => saved,
        }
    }

    /// A failure to record it is a warning: on disk the submission counts as failed.
    fn save_after_sending(&mut self, now: &Now) {
        if let Err(error) = self.save(now) {
            warn("outcome_unrecorded", &error.to_string());
        }
    }

    fn save(&mut self, now: &Now) -> Result<()> {
        self.ledger.clock.see(now, self.rules);
        self.store
            .write(&self.ledger.to_bytes().or_exit(Exit::Held)?)
    }

    /// A ledger in place of one that cannot be understood: nothing is sent for a day.
    fn begin_anew(&mut self, cause: Unreadable, now: &Now) -> Result<()> {
        let again = self.store.look_for_copies().map_err(held)?;
        let aside = self.store.copy_aside().map_err(held)?;
        warn(
            "ledger_unreadable",
            &format!("the ledger cannot be understood ({cause}); it is kept as {aside}"),
        );
        self.ledger.begin_anew(again, now, self.rules);
        self.save(now).map_err(|error| {
            // The ledger itself is still there: on a full disk each run would add a copy.
            self.store.remove_copy(&aside);
            held(error)
        })
    }

    /// Notes the time, so that a reboot makes a hold no longer than it must.
    fn note_time(&mut self, now: &Now) {
        let since = self.ledger.clock.since_seen(now);
        let is_new = since.is_none_or(|since| since >= NOTED_EVERY);
        let is_empty = self.ledger.submissions.is_empty() && self.ledger.latch.is_none();
        if is_new && !is_empty {
            // An error of the disk is reported when something is sent.
            let _ = self.save(now);
        }
        self.ledger.clock.see(now, self.rules);
    }
}

fn held(error: Error) -> Error {
    let hint = "nothing was sent, because what cannot be recorded is not sent";
    Error::from_source(Exit::Held, error.source.context(hint))
}
