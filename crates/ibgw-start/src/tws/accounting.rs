//! What the supervisor writes into the guard's ledger, and when.

use crate::tws::attempt::GuardedAttempt;
use crate::tws::course_file::CourseFile;
use crate::tws::supervisor::Supervisor;
use ib_cli::{Result, warn};
use ib_guard::policy::Terms;
use ib_guard::{Guard, SubmissionOutcome};
use ib_tws::{CourseReason, GatewayLauncher, Ibc, IbcEvent, Watch, WatchStep};

impl Supervisor<'_> {
    /// Takes the ledger, once no other process has it; `None` when a person logs in.
    ///
    /// # Errors
    /// As [`Guard::take`].
    pub(crate) fn take_guard(&self) -> Result<Option<Guard>> {
        let state = &self.instance.dir.state;
        let ledger = self.ledger.as_ref();
        ledger
            .map(|ledger| Guard::of_ledger(state, ledger, self.deadline))
            .transpose()
    }

    /// Records the attempt of this start; `None` when a person logs in.
    ///
    /// # Errors
    /// `Held` when it may not be sent, or cannot be recorded.
    pub(crate) fn record_attempt(
        &self,
        guard: Option<Guard>,
        course_file: &mut CourseFile<'_>,
    ) -> Result<Option<GuardedAttempt<'_>>> {
        let (Some(guard), Some(login), Some(ledger)) = (guard, &self.hand_over.login, &self.ledger)
        else {
            return Ok(None);
        };
        let mode = self.installation.mode;
        let terms = self.request.terms(login, mode);
        let state = &self.instance.dir.state;
        let attempt = GuardedAttempt::record(guard, state, ledger, mode, &terms)?;
        course_file.note_attempt(attempt.id());
        Ok(Some(attempt))
    }

    /// Writes into the ledger what an event means for it; the step is what the supervisor does next.
    pub(crate) fn account_for(
        &self,
        event: &IbcEvent,
        attempt: &mut Option<GuardedAttempt<'_>>,
        course_file: &mut CourseFile<'_>,
        watch: &mut Watch,
    ) -> WatchStep {
        let (Some(attempt), Some(login)) = (attempt, &self.hand_over.login) else {
            return WatchStep::Nothing;
        };
        if *event == IbcEvent::LoggedIn {
            account_for_login(attempt, course_file, watch);
        }
        // IBC has no setting that forbids it, and prints this line when it presses the button.
        if *event == IbcEvent::Relogin {
            let terms = self.request.terms(login, self.installation.mode);
            return account_for_another(terms, attempt, course_file, watch);
        }
        WatchStep::Nothing
    }

    /// Writes the end of the attempt; `rest` is what was printed last, `None` when that is not known.
    pub(crate) fn account_for_end(
        &self,
        attempt: &mut GuardedAttempt<'_>,
        watch: &Watch,
        rest: Option<&[String]>,
    ) {
        let types = |line: &String| Ibc.event_of(line) == Some(IbcEvent::Credentials);
        let types = rest.is_none_or(|rest| rest.iter().any(types));
        if is_sent(attempt, watch) || types {
            record_end(attempt, watch);
        } else {
            attempt.take_back();
        }
        // IBKR says it of the username, even when a token logged in and nothing was typed.
        let is_too_many = matches!(
            watch.reason(),
            Some(CourseReason::Locked | CourseReason::WaitAsked)
        );
        if is_too_many {
            let wait = watch.findings().wait;
            attempt.with_ledger(|guard| guard.wait_as_asked(wait));
        }
    }
}

/// Writes that the program has logged in.
fn account_for_login(
    attempt: &mut GuardedAttempt<'_>,
    course_file: &mut CourseFile<'_>,
    watch: &Watch,
) {
    attempt.logged_in = true;
    attempt.pushed = watch.pushed();
    if !is_sent(attempt, watch) {
        // The token of an earlier login logged in.
        attempt.take_back();
        course_file.note_attempt(attempt.id());
    } else if attempt.is_another() {
        record_end(attempt, watch);
    }
}

/// Writes that IBC logs in once more on its own, as an attempt that no person watches.
fn account_for_another(
    mut terms: Terms,
    attempt: &mut GuardedAttempt<'_>,
    course_file: &mut CourseFile<'_>,
    watch: &mut Watch,
) -> WatchStep {
    terms.is_attended = false;
    terms.force_after_hold = false;
    if !is_sent(attempt, watch) {
        attempt.take_back();
    }
    let is_allowed = attempt.record_another(&terms);
    // In one write: beside a phase that is logged in, this attempt would look like one that succeeded.
    course_file.course.attempt = attempt.id();
    course_file.note(watch);
    match is_allowed {
        Ok(true) => WatchStep::Nothing,
        Ok(false) => watch.forbidden(course_file.at()),
        Err(error) => {
            warn("attempt_unrecorded", &error.to_string());
            watch.forbidden(course_file.at())
        }
    }
}

/// Records at once what must be known before another login is sent: perhaps ibgw-login never follows this start.
fn record_end(attempt: &GuardedAttempt<'_>, watch: &Watch) {
    // Without a reason of IBKR's, ibgw-login records how the attempt of a start ended.
    let record_another = || {
        if attempt.is_another() {
            attempt.resolve_by_login(watch.pushed());
        }
    };
    let Some(reason) = watch.reason() else {
        return record_another();
    };
    match reason {
        CourseReason::WrongCredentials => {
            attempt.resolve(SubmissionOutcome::Refused, |_, _| {});
        }
        CourseReason::Locked => attempt.resolve(SubmissionOutcome::Locked, |_, _| {}),
        CourseReason::WaitAsked | CourseReason::DeviceAbsent => {
            attempt.resolve(SubmissionOutcome::Failed, Guard::sent_no_push);
        }
        CourseReason::TokenRefused
        | CourseReason::PasskeyWanted
        | CourseReason::SecondFactorExpired
        | CourseReason::SecondFactorStuck
        | CourseReason::GaveWay
        | CourseReason::ChoiceWanted
        | CourseReason::LoginFailed
        | CourseReason::ColdRestart
        | CourseReason::TooManyRestarts
        | CourseReason::NoWindow
        | CourseReason::NoProgress
        | CourseReason::UnknownDialog
        | CourseReason::Ended
        | CourseReason::Told
        | CourseReason::Paused => record_another(),
    }
}

/// Whether the attempt was sent: IBC typed it, or pressed the button by which IB Gateway logs in once more.
fn is_sent(attempt: &GuardedAttempt<'_>, watch: &Watch) -> bool {
    watch.has_typed() || attempt.is_another()
}
