//! What ends a start: an event, the time, or the end of IBC.

use super::{Watch, WatchStep};
use crate::course::{CourseReason, Phase};
use crate::ibc_event::IbcEvent;
use std::time::Duration;

impl Watch {
    /// Takes note that `ibcstart.sh` ended, with its status.
    pub fn ended(&mut self, status: i32, at: Duration) -> WatchStep {
        if self.phase.is_end() {
            return WatchStep::Nothing;
        }
        let (phase, reason) = match (self.reason, status) {
            (Some(reason), _) => (Phase::Stopped, reason),
            (None, 87) => (Phase::Stuck, CourseReason::SecondFactorStuck),
            (None, 88) => (Phase::Stuck, CourseReason::NoWindow),
            (None, _) => (Phase::Stopped, CourseReason::Ended),
        };
        self.end(phase, reason, at)
    }

    /// When it ends if it does not go on; `None` when there is no such time.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let limit = self
            .limits?
            .of(self.phase)
            .filter(|_| !self.is_asked_to_end);
        let deadlines = [
            limit.map(|limit| self.since.saturating_add(limit)),
            self.dialog_deadline(),
        ];
        deadlines.into_iter().flatten().min()
    }

    /// When the oldest open dialog has been open for too long.
    fn dialog_deadline(&self) -> Option<Duration> {
        // After the login a dialog does not stop the clients; the probe says whether they are served.
        if self.is_asked_to_end || self.phase.is_logged_in() || self.phase.is_end() {
            return None;
        }
        let since = self.dialogs.since()?;
        Some(since.saturating_add(self.limits?.unknown_dialog))
    }

    /// The end of a start that did not go on in time.
    pub(super) fn end_of_time(&self, at: Duration) -> (Phase, CourseReason) {
        if self.dialog_deadline().is_some_and(|over| over <= at) {
            return (Phase::Stuck, CourseReason::UnknownDialog);
        }
        match self.phase {
            Phase::Starting | Phase::Restarting => (Phase::Stuck, CourseReason::NoWindow),
            Phase::SecondFactor => (Phase::Stopped, CourseReason::SecondFactorExpired),
            Phase::SecondFactorAcked => (Phase::Stuck, CourseReason::SecondFactorStuck),
            Phase::Window
            | Phase::Credentials
            | Phase::Loading
            | Phase::LoggedIn
            | Phase::Ready
            | Phase::Degraded
            | Phase::Stopped
            | Phase::Rejected
            | Phase::Stuck => (Phase::Stuck, CourseReason::NoProgress),
        }
    }

    /// The end that an event means; `None` when it means none, as when a person logs in and may try again.
    pub(super) fn end_by(&self, event: &IbcEvent, at: Duration) -> Option<(Phase, CourseReason)> {
        if let (IbcEvent::Restarting, true, Some(told)) = (event, self.is_asked_to_end, self.reason)
        {
            return Some((Phase::Stopped, told));
        }
        self.limits?;
        Some(match event {
            // IBKR took the password once, or there was none to take: it refuses the session's token.
            IbcEvent::WrongCredentials if self.has_token || self.was_logged_in => {
                (Phase::Rejected, CourseReason::TokenRefused)
            }
            IbcEvent::WrongCredentials => (Phase::Rejected, CourseReason::WrongCredentials),
            IbcEvent::TooManyAttempts { wait: Some(_), .. } => {
                (Phase::Stopped, CourseReason::WaitAsked)
            }
            IbcEvent::TooManyAttempts { wait: None, .. } => (Phase::Rejected, CourseReason::Locked),
            IbcEvent::DeviceAbsent { .. } => (Phase::Stuck, CourseReason::DeviceAbsent),
            IbcEvent::PasskeyWanted => (Phase::Rejected, CourseReason::PasskeyWanted),
            IbcEvent::SecondFactorExpired => (Phase::Stopped, CourseReason::SecondFactorExpired),
            IbcEvent::GaveWay => (Phase::Stopped, CourseReason::GaveWay),
            IbcEvent::ChoiceWanted => (Phase::Stuck, CourseReason::ChoiceWanted),
            IbcEvent::LoginFailed => (Phase::Stopped, CourseReason::LoginFailed),
            IbcEvent::ColdRestart => (Phase::Stopped, CourseReason::ColdRestart),
            IbcEvent::Credentials if self.has_typed => (Phase::Stopped, CourseReason::ColdRestart),
            IbcEvent::Restarting => return self.end_by_restart(at),
            IbcEvent::Starting { .. }
            | IbcEvent::ConfigurationRead
            | IbcEvent::Window
            | IbcEvent::Credentials
            | IbcEvent::SecondFactor
            | IbcEvent::SecondFactorAsked
            | IbcEvent::Confirmed
            | IbcEvent::Relogin
            | IbcEvent::SettingNotTaken { .. }
            | IbcEvent::SecondFactorClosed
            | IbcEvent::Loading
            | IbcEvent::LoggedIn
            | IbcEvent::Paused
            | IbcEvent::ToldToStop
            | IbcEvent::CommandPending(_)
            | IbcEvent::Finished
            | IbcEvent::Dialog { .. } => return None,
        })
    }

    /// The end that a restart means: only a token may be tried again, and not too often.
    fn end_by_restart(&self, at: Duration) -> Option<(Phase, CourseReason)> {
        let limits = self.limits?;
        if !self.has_token {
            // The script restarts when no window came.
            let has_window = self.phase != Phase::Starting;
            return Some(if has_window {
                (Phase::Stopped, CourseReason::ColdRestart)
            } else {
                (Phase::Stuck, CourseReason::NoWindow)
            });
        }
        let tries = self.tries.iter();
        let counted = tries.filter(|&&tried| limits.is_counted(tried, at));
        let is_over = counted.count() >= limits.restarts;
        is_over.then_some((Phase::Stuck, CourseReason::TooManyRestarts))
    }
}

#[cfg(test)]
mod tests;
