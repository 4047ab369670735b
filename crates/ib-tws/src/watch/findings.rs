//! What IBKR and IBC say during a start, for a person to read.

use crate::ibc_event::IbcEvent;
use std::time::Duration;

/// More settings than IBC has.
const MOST: usize = 64;

/// What IBKR and IBC said during a start.
#[derive(Debug, Default)]
pub struct StartFindings {
    /// IBKR's words; `None` when it gave none.
    pub page_text: Option<String>,
    /// How long to wait before the next login; `None` when IBKR names no time.
    pub wait: Option<Duration>,
    /// The device that IBKR's list lacks; `None` when the list has it, or no device was named.
    pub absent_device: Option<String>,
    /// IBC's words about settings that it did not take, each once.
    pub settings_not_taken: Vec<String>,
}

impl StartFindings {
    /// Takes note of an event; whether that adds anything.
    pub(super) fn note(&mut self, event: &IbcEvent) -> bool {
        match event {
            IbcEvent::TooManyAttempts { text, wait } => {
                self.page_text = Some(text.clone());
                self.wait = *wait;
                true
            }
            IbcEvent::DeviceAbsent { named } => {
                self.absent_device.clone_from(named);
                true
            }
            IbcEvent::SettingNotTaken { words } => {
                let is_new = !self.settings_not_taken.contains(words)
                    && self.settings_not_taken.len() < MOST;
                if is_new {
                    self.settings_not_taken.push(words.clone());
                }
                is_new
            }
            IbcEvent::Starting { .. }
            | IbcEvent::ConfigurationRead
            | IbcEvent::Window
            | IbcEvent::Credentials
            | IbcEvent::WrongCredentials
            | IbcEvent::PasskeyWanted
            | IbcEvent::SecondFactor
            | IbcEvent::SecondFactorAsked
            | IbcEvent::Confirmed
            | IbcEvent::Relogin
            | IbcEvent::SecondFactorClosed
            | IbcEvent::SecondFactorExpired
            | IbcEvent::GaveWay
            | IbcEvent::ChoiceWanted
            | IbcEvent::Loading
            | IbcEvent::LoggedIn
            | IbcEvent::LoginFailed
            | IbcEvent::ColdRestart
            | IbcEvent::Restarting
            | IbcEvent::Paused
            | IbcEvent::ToldToStop
            | IbcEvent::CommandPending(_)
            | IbcEvent::Finished
            | IbcEvent::Dialog { .. } => false,
        }
    }
}
