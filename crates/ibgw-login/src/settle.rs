//! The end of a login: resolved in the ledger, and put into the report.

use crate::attempt::{LoginAttempt, TriedLogin};
use crate::ending::{LoginEnding, Verdict};
use crate::reason::Refusal;
use crate::report::{LoginState, ReadyBy};
use crate::session;
use crate::wording::{
    ReportAndError, accepted, broken_off, expired, held, refused, stopped, unanswered,
};
use ib_cli::{Answer, Error, Exit, Result, time};
use ib_guard::policy::Decision;
use ib_guard::{Guard, SubmissionOutcome};
use ib_webapi::{BringUp, SessionState};
use std::time::Duration;

impl LoginAttempt<'_> {
    /// Resolves the submission by how the login ended, and then by whether the session is ready.
    ///
    /// # Errors
    /// When nothing that counts was sent, and it is about this machine and not about the login.
    pub(crate) fn settle(&self, guard: &mut Guard, tried: TriedLogin) -> Result<ReportAndError> {
        let TriedLogin {
            mode,
            how,
            browser,
            ended,
            sent,
            submissions,
        } = tried;
        let terms = self.terms(mode);
        // A hold that began meanwhile is reported as any other.
        if let (Err(error), None) = (&ended, &sent)
            && error.exit == Exit::Held
            && let Decision::Held { why, until } = guard.decide(&terms)
        {
            let (mut report, error) = held(self.before, guard, &terms, why, until);
            report.browser = browser;
            report.submissions = submissions;
            return Ok((report, error));
        }
        let ending = match ended {
            Ok(ending) => ending,
            Err(error) if sent.is_some() => LoginEnding::of(Verdict::BrokenOff(error)),
            Err(error)
                if how == ReadyBy::Direct || matches!(error.exit, Exit::Down | Exit::TimedOut) =>
            {
                LoginEnding::of(Verdict::Unanswered(error))
            }
            Err(error) => return Err(error),
        };
        if let (Some(sent), Some(is_sent)) = (&sent, ending.push) {
            guard.saw_push(sent, is_sent);
        }
        let mut resolve = |outcome| {
            if let Some(sent) = &sent {
                guard.resolve(sent, outcome);
            }
        };
        let text = ending.page_text.as_deref();
        let (mut report, error) = match ending.verdict {
            Verdict::Accepted => {
                let by = BringUp::of(self.gateway, self.state);
                let compete = self.args.compete;
                let after = session::await_ready(self.gateway, by, compete, self.deadline);
                resolve(outcome_of_accepted(after.state));
                accepted(&after, how)
            }
            Verdict::Refused(reason) => {
                resolve(if reason == Refusal::Locked {
                    SubmissionOutcome::Locked
                } else {
                    SubmissionOutcome::Refused
                });
                refused(self.before, reason, text, sent.is_some())
            }
            Verdict::Stopped(reason) => {
                resolve(SubmissionOutcome::Failed);
                let (report, error) = stopped(self.before, reason, text);
                // Once sent it counts as failed, so the caller must not simply call again.
                if sent.is_some() {
                    (report, error.map(Error::never_again))
                } else {
                    (report, error)
                }
            }
            Verdict::BrokenOff(error) => {
                resolve(SubmissionOutcome::Failed);
                broken_off(self.before, error, how)
            }
            Verdict::Expired(error) => {
                resolve(SubmissionOutcome::Failed);
                expired(self.before, error, ending.second_factor)
            }
            Verdict::Unanswered(error) => unanswered(self.before, error)?,
        };
        report.browser = browser;
        report.mode = Some(mode);
        report.page_text = ending.page_text;
        report.second_factor = ending.second_factor;
        report.screenshot = ending.screenshot;
        report.submissions = submissions;
        report.failures_left = Some(guard.failures_left(&terms));
        if let Decision::Held { until, .. } = guard.decide(&terms) {
            report.hold_until = until.map(time);
        }
        Ok((report, error))
    }
}

/// The ledger's outcome of a login that IBKR accepted.
fn outcome_of_accepted(after: SessionState) -> SubmissionOutcome {
    match after {
        SessionState::Ready | SessionState::Competing => SubmissionOutcome::Succeeded,
        SessionState::NotEstablished
        | SessionState::NotAuthenticated
        | SessionState::NoSession
        | SessionState::Unavailable
        | SessionState::TimedOut
        | SessionState::Down
        | SessionState::Unknown
        | SessionState::AccessDenied => SubmissionOutcome::Failed,
    }
}

/// The answer of a report and its error.
pub(crate) fn answer(
    (report, error): ReportAndError,
    elapsed: Duration,
) -> Answer<crate::report::LoginOutput> {
    let is_ready = report.state == LoginState::Ready;
    let report = report.finish(elapsed);
    match error {
        Some(error) => Answer::failed(report, error),
        None if is_ready => Answer::done(report),
        None => Answer::no(report),
    }
}
