//! The watch over one start of IB Gateway: from what IBC's log says, and from the time, how far it has come.
//!
//! It knows no clock and starts nothing. A time is what has passed since a moment of the caller's choice.
//!
//! IBC types the credentials once for each watch. What would make it type them again ends the watch, because the guard
//! decides about each login.

mod dialogs;
mod ends;
mod findings;
mod limits;
mod pending_command;
mod progress;
mod renewal;

pub use findings::StartFindings;
pub use limits::Limits;

use crate::course::{CourseReason, PendingCommand, Phase};
use crate::ibc_event::IbcEvent;
use dialogs::Dialogs;
use std::time::Duration;

/// What the caller does next; the later ones ask for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WatchStep {
    /// Nothing: no change.
    Nothing,
    /// Store the new state: something changed.
    Changed,
    /// End all processes at once: the phase is final.
    End,
}

/// The watch over one start, and over the starts by token that follow it.
#[derive(Debug)]
pub struct Watch {
    /// `None` when a person logs in.
    limits: Option<Limits>,
    phase: Phase,
    since: Duration,
    reason: Option<CourseReason>,
    /// Whether the caller asked it to end: then the caller also watches the time.
    is_asked_to_end: bool,
    has_token: bool,
    /// Whether the login has completed since it was last started.
    has_logged_in: bool,
    /// Whether it has ever completed: then the password was right.
    was_logged_in: bool,
    /// Whether a session that was logged in is to be renewed.
    renews: bool,
    has_typed: bool,
    /// Whether the window of the second factor was there since the login began.
    saw_second_factor: bool,
    pushed: Option<bool>,
    restarts: u32,
    /// When it was started again since the last login.
    tries: Vec<Duration>,
    dialogs: Dialogs,
    pending: Option<PendingCommand>,
    findings: StartFindings,
}

impl Watch {
    /// A start that begins at this time.
    #[must_use]
    pub fn new(limits: Limits, at: Duration) -> Self {
        Self {
            limits: Some(limits),
            ..Self::manual(at)
        }
    }

    /// A start in which a person logs in, without a time limit: it ends on request, or when IB Gateway ends.
    #[must_use]
    pub fn manual(at: Duration) -> Self {
        Self {
            limits: None,
            phase: Phase::Starting,
            since: at,
            reason: None,
            is_asked_to_end: false,
            has_token: false,
            has_logged_in: false,
            was_logged_in: false,
            renews: false,
            has_typed: false,
            saw_second_factor: false,
            pushed: None,
            restarts: 0,
            tries: Vec::new(),
            dialogs: Dialogs::default(),
            pending: None,
            findings: StartFindings::default(),
        }
    }

    /// Takes note of what IBC's log says.
    pub fn observe(&mut self, event: &IbcEvent, at: Duration) -> WatchStep {
        if self.phase.is_end() {
            return WatchStep::Nothing;
        }
        let is_finding = self.findings.note(event);
        if let Some((phase, reason)) = self.end_by(event, at) {
            return self.end(phase, reason, at);
        }
        match event {
            IbcEvent::Starting { has_token } => {
                let had_token = std::mem::replace(&mut self.has_token, *has_token);
                changed(had_token != *has_token)
            }
            IbcEvent::Restarting => self.restart(at),
            IbcEvent::Paused => self.request_end(CourseReason::Paused),
            IbcEvent::ToldToStop => self.request_end(CourseReason::Told),
            IbcEvent::CommandPending(pending) => self.note_command(*pending),
            IbcEvent::Dialog { title, is_open } => changed(self.dialogs.note(title, *is_open, at)),
            IbcEvent::SettingNotTaken { .. } => changed(is_finding),
            IbcEvent::ConfigurationRead
            | IbcEvent::Window
            | IbcEvent::Credentials
            | IbcEvent::WrongCredentials
            | IbcEvent::TooManyAttempts { .. }
            | IbcEvent::PasskeyWanted
            | IbcEvent::SecondFactor
            | IbcEvent::SecondFactorAsked
            | IbcEvent::Confirmed
            | IbcEvent::DeviceAbsent { .. }
            | IbcEvent::Relogin
            | IbcEvent::SecondFactorClosed
            | IbcEvent::SecondFactorExpired
            | IbcEvent::GaveWay
            | IbcEvent::ChoiceWanted
            | IbcEvent::Loading
            | IbcEvent::LoggedIn
            | IbcEvent::LoginFailed
            | IbcEvent::ColdRestart
            | IbcEvent::Finished => self.go_on(event, at),
        }
    }

    /// Looks at the time; call it when [`Watch::deadline`] has come.
    pub fn look(&mut self, at: Duration) -> WatchStep {
        if self.deadline().is_none_or(|deadline| at < deadline) {
            return WatchStep::Nothing;
        }
        let (phase, reason) = self.end_of_time(at);
        self.end(phase, reason, at)
    }

    /// Takes note that the API serves its clients.
    pub fn served(&mut self, at: Duration) -> WatchStep {
        if self.may_have_renewed(at) {
            self.go_on(&IbcEvent::LoggedIn, at);
        }
        let is_logged_in = matches!(self.phase, Phase::LoggedIn | Phase::Degraded);
        self.enter_if(is_logged_in, Phase::Ready, at)
    }

    /// Takes note that the API does not serve its clients.
    pub fn not_served(&mut self, at: Duration) -> WatchStep {
        self.enter_if(self.phase == Phase::Ready, Phase::Degraded, at)
    }

    /// Takes note that the caller asked it to end, and why; from here on the caller watches the time.
    pub fn request_end(&mut self, reason: CourseReason) -> WatchStep {
        if self.phase.is_end() {
            return WatchStep::Nothing;
        }
        let is_same = self.is_asked_to_end && self.reason == Some(reason);
        self.is_asked_to_end = true;
        self.reason = Some(reason);
        changed(!is_same)
    }

    /// Takes note that the guard does not allow the login that IBC starts unasked.
    pub fn forbidden(&mut self, at: Duration) -> WatchStep {
        if self.phase.is_end() {
            return WatchStep::Nothing;
        }
        self.end(Phase::Stopped, CourseReason::ColdRestart, at)
    }

    /// How far the start has come.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Why it ended or is about to; `None` when there is nothing to say.
    #[must_use]
    pub fn reason(&self) -> Option<CourseReason> {
        self.reason
    }

    /// Whether the start has a token of an earlier login.
    #[must_use]
    pub fn has_token(&self) -> bool {
        self.has_token
    }

    /// Whether it has a token with which it did not log in, and would not the next time either.
    ///
    /// IB Gateway leaves a token that IBKR did not take (IbcAlpha/IBC#290), and IBC's answer to that is a start without.
    #[must_use]
    pub fn has_useless_token(&self) -> bool {
        let is_of_token = matches!(
            self.reason,
            Some(
                CourseReason::TokenRefused
                    | CourseReason::LoginFailed
                    | CourseReason::ColdRestart
                    | CourseReason::TooManyRestarts
                    | CourseReason::NoProgress
            )
        );
        self.has_token && !self.has_logged_in && is_of_token
    }

    /// Whether IBC has typed the login.
    #[must_use]
    pub fn has_typed(&self) -> bool {
        self.has_typed
    }

    /// Whether a notification was sent to the phone; `None` when no second factor was needed yet.
    #[must_use]
    pub fn pushed(&self) -> Option<bool> {
        self.pushed
    }

    /// How often it was started again by its token.
    #[must_use]
    pub fn restarts(&self) -> u32 {
        self.restarts
    }

    /// What the log says beside the phase, for a person to read.
    #[must_use]
    pub fn findings(&self) -> &StartFindings {
        &self.findings
    }

    /// The titles of the dialogs that are open and not known.
    #[must_use]
    pub fn dialogs(&self) -> &[String] {
        self.dialogs.titles()
    }

    fn restart(&mut self, at: Duration) -> WatchStep {
        self.pending = None;
        self.restarts = self.restarts.saturating_add(1);
        if let Some(limits) = self.limits {
            self.tries.retain(|&tried| limits.is_counted(tried, at));
            self.tries.push(at);
        }
        self.dialogs = Dialogs::default();
        self.has_logged_in = false;
        self.renews = false;
        self.enter(Phase::Restarting, at)
    }

    fn enter_if(&mut self, is_so: bool, phase: Phase, at: Duration) -> WatchStep {
        if is_so {
            self.enter(phase, at)
        } else {
            WatchStep::Nothing
        }
    }

    fn enter(&mut self, phase: Phase, at: Duration) -> WatchStep {
        self.phase = phase;
        self.since = at;
        WatchStep::Changed
    }

    fn end(&mut self, phase: Phase, reason: CourseReason, at: Duration) -> WatchStep {
        self.enter(phase, at);
        self.reason = Some(reason);
        self.pending = None;
        WatchStep::End
    }
}

fn changed(is_so: bool) -> WatchStep {
    if is_so {
        WatchStep::Changed
    } else {
        WatchStep::Nothing
    }
}

#[cfg(test)]
mod replayed_logs;
#[cfg(test)]
mod tests;
