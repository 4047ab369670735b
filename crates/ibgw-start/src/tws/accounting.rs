//! What the supervisor says in the guard's ledger, and when.

use crate::tws::attempt::GuardedAttempt;
use crate::tws::diary::Diary;
use crate::tws::start;
use crate::tws::supervisor::Supervisor;
use ib_cli::{Result, warn};
use ib_guard::{Guard, SubmissionOutcome};
use ib_tws::{CourseReason, GatewayLauncher, Ibc, IbcEvent, Watch, WatchStep};

impl Supervisor<'_> {
    /// Waits until no other process has the ledger; `None` when a person logs in.
    ///
    /// # Errors
    /// As [`Guard::take`].
    pub fn take_guard(&self) -> Result<Option<Guard>> {
        let state = &self.instance.state;
        let ledger = self.ledger.as_ref();
        ledger
            .map(|ledger| Guard::of_ledger(state, ledger, self.deadline))
            .transpose()
    }

    /// Records the attempt of this start; `None` when a person logs in.
    ///
    /// # Errors
    /// `Held` when it may not be sent, or cannot be recorded.
    pub fn record_attempt(
        &self,
        guard: Option<Guard>,
        diary: &mut Diary<'_>,
    ) -> Result<Option<GuardedAttempt<'_>>> {
        let (Some(guard), Some(login), Some(ledger)) = (guard, &self.hand_over.login, &self.ledger)
        else {
            return Ok(None);
        };
        let mode = self.place.mode;
        let terms = start::terms(self.args, login, mode);
        let state = &self.instance.state;
        let attempt = GuardedAttempt::record(guard, state, ledger, mode, &terms)?;
        diary.note_attempt(attempt.id());
        Ok(Some(attempt))
    }

    /// What an event means for the ledger.
    pub fn account_for(
        &self,
        event: &IbcEvent,
        attempt: &mut Option<GuardedAttempt<'_>>,
        diary: &mut Diary<'_>,
        watch: &mut Watch,
    ) -> WatchStep {
        let (Some(attempt), Some(login)) = (attempt, &self.hand_over.login) else {
            return WatchStep::Nothing;
        };
        if *event == IbcEvent::LoggedIn {
            (attempt.logged_in, attempt.pushed) = (true, watch.pushed());
        }
        match event {
            // By the token of an earlier login.
            IbcEvent::LoggedIn if !is_sent(attempt, watch) => {
                attempt.take_back();
                diary.note_attempt(attempt.id());
                WatchStep::Nothing
            }
            IbcEvent::LoggedIn if attempt.is_another() => {
                self.say_end(attempt, watch);
                WatchStep::Nothing
            }
            // IBC has no setting that forbids it, and says it in the moment in which it presses the button.
            IbcEvent::Relogin => {
                let mut terms = start::terms(self.args, login, self.place.mode);
                (terms.is_attended, terms.force_after_hold) = (false, false);
                if !is_sent(attempt, watch) {
                    attempt.take_back();
                }
                let is_allowed = attempt.record_another(&terms);
                // In one word: beside a phase that is logged in, this attempt would be taken for one that went well.
                diary.course.attempt = attempt.id();
                diary.note(watch);
                match is_allowed {
                    Ok(true) => WatchStep::Nothing,
                    Ok(false) => watch.forbidden(diary.at()),
                    Err(error) => {
                        warn("attempt_unrecorded", &error.to_string());
                        watch.forbidden(diary.at())
                    }
                }
            }
            _ => WatchStep::Nothing,
        }
    }

    /// What the end means for it, with what was printed last; `None` when that is not known.
    pub fn account_for_end(
        &self,
        attempt: &mut GuardedAttempt<'_>,
        watch: &Watch,
        rest: Option<&[String]>,
    ) {
        let types = |line: &String| Ibc.event_of(line) == Some(IbcEvent::Credentials);
        let types = rest.is_none_or(|rest| rest.iter().any(types));
        match is_sent(attempt, watch) || types {
            true => self.say_end(attempt, watch),
            false => attempt.take_back(),
        }
        // IBKR says it of the username, even to a token, for which nothing was typed.
        let is_too_many = matches!(
            watch.reason(),
            Some(CourseReason::Locked | CourseReason::WaitAsked)
        );
        if is_too_many {
            let wait = watch.findings().wait;
            attempt.with_ledger(|guard| guard.wait_as_asked(wait));
        }
    }

    /// Keeps at once what must be known before another login is sent: ibgw-login may never follow this start.
    fn say_end(&self, attempt: &GuardedAttempt<'_>, watch: &Watch) {
        match watch.reason() {
            Some(CourseReason::WrongCredentials) => {
                attempt.resolve(SubmissionOutcome::Refused, |_, _| {})
            }
            Some(CourseReason::Locked) => attempt.resolve(SubmissionOutcome::Locked, |_, _| {}),
            Some(CourseReason::WaitAsked | CourseReason::DeviceAbsent) => {
                attempt.resolve(SubmissionOutcome::Failed, Guard::sent_no_push);
            }
            _ if attempt.is_another() => attempt.resolve_by_login(watch.pushed()),
            // ibgw-login says how it ended.
            _ => {}
        }
    }
}

/// Whether it was sent: IBC typed it, or pressed the button by which IB Gateway logs in once more.
fn is_sent(attempt: &GuardedAttempt<'_>, watch: &Watch) -> bool {
    watch.has_typed() || attempt.is_another()
}
