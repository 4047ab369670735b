//! What becomes of the notifications that are sent to phones.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What becomes of a notification; nobody touches it at first.
#[derive(Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Push {
    /// It is approved so long after it was sent; by the control alone when `None`.
    pub approved_after_ms: Option<u64>,
    /// It is refused on the phone so long after it was sent.
    pub refused_after_ms: Option<u64>,
    /// It expires so long after it was sent: two minutes (isaacrowntree/bezant) or three (IbcAlpha/IBC#314).
    pub expires_after_ms: Option<u64>,
    /// The words of a refusal. Nobody has published them for a notification.
    pub refused_text: String,
    /// The words for one that expired. Nobody has published them.
    pub expired_text: String,
    /// A challenge comes beside it, and either may finish the login (isaacrowntree/sovereign-ibkr-fund).
    pub with_challenge: bool,
    /// A QR code is shown and no notification is sent (IBKR's guide, "notification not received").
    pub by_qr_code: bool,
}

/// What has become of a notification.
pub enum PushState {
    /// Nothing yet.
    Pending,
    /// Somebody tapped it.
    Approved,
    /// It is over, in these words.
    Over(String),
}

impl Default for Push {
    fn default() -> Self {
        Self {
            approved_after_ms: None,
            refused_after_ms: None,
            expires_after_ms: None,
            refused_text: "Authentication failed".to_owned(),
            expired_text: "The notification has expired. Please try again.".to_owned(),
            with_challenge: false,
            by_qr_code: false,
        }
    }
}

impl Push {
    /// What has become of one that was sent so long ago and that nobody has approved by the control.
    pub fn state(&self, age: Duration) -> PushState {
        let is_past = |after: Option<u64>| after.is_some_and(|after| age >= ms(after));
        if is_past(self.refused_after_ms) {
            PushState::Over(self.refused_text.clone())
        } else if is_past(self.approved_after_ms) {
            PushState::Approved
        } else if is_past(self.expires_after_ms) {
            PushState::Over(self.expired_text.clone())
        } else {
            PushState::Pending
        }
    }
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}
