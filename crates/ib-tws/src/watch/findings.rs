//! What is said on the way that a person may want to read.

use crate::ibc_event::IbcEvent;
use std::time::Duration;

/// More settings than IBC has.
const MOST: usize = 64;

/// What was said on the way, by IBKR and by IBC.
#[derive(Debug, Default)]
pub struct StartFindings {
    /// IBKR's words; `None` when it gave none.
    pub page_text: Option<String>,
    /// How long to wait before the next login; `None` when IBKR names no time.
    pub wait: Option<Duration>,
    /// The device that is not in IBKR's list; `None` when that is not so, or none was named.
    pub absent_device: Option<String>,
    /// What IBC says of settings that it did not take, each once.
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
            _ => false,
        }
    }
}
