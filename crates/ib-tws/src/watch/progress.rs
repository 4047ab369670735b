//! The events of a start that goes well.

use super::{Watch, WatchStep};
use crate::course::Phase;
use crate::ibc_event::IbcEvent;
use std::time::Duration;

impl Watch {
    /// Each event leads forward only; a session that is renewed begins again.
    pub(super) fn go_on(&mut self, event: &IbcEvent, at: Duration) -> WatchStep {
        let is_before_login = !self.phase.is_logged_in();
        match event {
            IbcEvent::Window => {
                let is_awaited = matches!(self.phase, Phase::Starting | Phase::Restarting);
                self.enter_if(is_awaited, Phase::Window, at)
            }
            IbcEvent::Credentials => {
                self.has_typed = true;
                self.enter_if(is_before_login, Phase::Credentials, at)
            }
            IbcEvent::SecondFactor => {
                self.saw_second_factor = true;
                self.renews |= self.has_logged_in;
                self.enter_if(self.phase != Phase::SecondFactor, Phase::SecondFactor, at)
            }
            IbcEvent::SecondFactorAsked => {
                self.pushed = Some(true);
                self.renews |= self.has_logged_in;
                // The window may have been reported already; that a notification was sent was not.
                self.enter_if(self.phase != Phase::SecondFactor, Phase::SecondFactor, at)
                    .max(WatchStep::Changed)
            }
            // A device was chosen, and the same window goes on to wait for it.
            IbcEvent::Confirmed if self.phase == Phase::SecondFactor && self.pushed.is_none() => {
                self.pushed = Some(true);
                WatchStep::Changed
            }
            IbcEvent::Relogin => {
                self.pushed = None;
                self.saw_second_factor = false;
                self.renews |= self.has_logged_in;
                self.has_logged_in = false;
                self.enter(Phase::Credentials, at)
            }
            IbcEvent::SecondFactorClosed => {
                let was_awaited = self.phase == Phase::SecondFactor;
                self.enter_if(was_awaited, Phase::SecondFactorAcked, at)
            }
            IbcEvent::Loading => {
                let is_first = is_before_login && self.phase != Phase::Loading;
                self.enter_if(is_first, Phase::Loading, at)
            }
            IbcEvent::LoggedIn if is_before_login => {
                self.tries.clear();
                self.has_logged_in = true;
                self.was_logged_in = true;
                self.renews = false;
                self.pushed.get_or_insert(self.saw_second_factor);
                self.enter(Phase::LoggedIn, at)
            }
            IbcEvent::Starting { .. }
            | IbcEvent::ConfigurationRead
            | IbcEvent::WrongCredentials
            | IbcEvent::TooManyAttempts { .. }
            | IbcEvent::PasskeyWanted
            | IbcEvent::Confirmed
            | IbcEvent::DeviceAbsent { .. }
            | IbcEvent::SettingNotTaken { .. }
            | IbcEvent::SecondFactorExpired
            | IbcEvent::GaveWay
            | IbcEvent::ChoiceWanted
            | IbcEvent::LoggedIn
            | IbcEvent::LoginFailed
            | IbcEvent::ColdRestart
            | IbcEvent::Restarting
            | IbcEvent::Paused
            | IbcEvent::ToldToStop
            | IbcEvent::CommandPending(_)
            | IbcEvent::Finished
            | IbcEvent::Dialog { .. } => WatchStep::Nothing,
        }
    }
}
