//! The notifications that are sent to phones, and how each of them ends.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How a notification ends; at first it stays as it is.
#[derive(Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Push {
    /// It is approved this long after it was sent; by the control alone when `None`.
    pub approved_after_ms: Option<u64>,
    /// It is refused on the phone this long after it was sent.
    pub refused_after_ms: Option<u64>,
    /// It expires this long after it was sent: two minutes (isaacrowntree/bezant) or three (IbcAlpha/IBC#314).
    pub expires_after_ms: Option<u64>,
    /// The words of a refusal. For a notification they are not published.
    pub refused_text: String,
    /// The words for one that expired. They are not published.
    pub expired_text: String,
    /// A challenge comes beside it, and either may finish the login (isaacrowntree/sovereign-ibkr-fund).
    pub with_challenge: bool,
    /// A QR code is shown and no notification is sent (IBKR's guide, "notification not received").
    pub by_qr_code: bool,
}

/// The state of a notification.
pub(crate) enum PushState {
    /// Nothing yet.
    Pending,
    /// It was tapped on the phone.
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
    /// The state of one that was sent this long ago, and not approved by the control.
    pub(crate) fn state(&self, age: Duration) -> PushState {
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
