//! How far IB Gateway has come.

use serde::{Deserialize, Serialize};

/// How far IB Gateway has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// IBC and Java are starting.
    Starting,
    /// The login window is there.
    Window,
    /// Username and password are being sent.
    Credentials,
    /// A notification is on the phone, or IBKR waits for another second factor.
    SecondFactor,
    /// The second factor was given, and IBKR has not answered yet.
    SecondFactorAcked,
    /// The login was accepted, and the program loads.
    Loading,
    /// IBC says that the login has completed. Whether the API serves its clients is not known yet.
    LoggedIn,
    /// The API gave a client its next valid id and the time.
    Ready,
    /// The API was ready, and does not serve its clients now.
    Degraded,
    /// IBC starts it again with the token of the last login, and sends only that.
    Restarting,
    /// Nothing runs, without a refusal.
    Stopped,
    /// Nothing runs: IBKR refused the login, or wants what only a person can give.
    Rejected,
    /// Nothing runs: it did not go on, so the tool ended it.
    Stuck,
}

impl Phase {
    /// The phase as reports name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Window => "window",
            Self::Credentials => "credentials",
            Self::SecondFactor => "second_factor",
            Self::SecondFactorAcked => "second_factor_acked",
            Self::Loading => "loading",
            Self::LoggedIn => "logged_in",
            Self::Ready => "ready",
            Self::Degraded => "degraded",
            Self::Restarting => "restarting",
            Self::Stopped => "stopped",
            Self::Rejected => "rejected",
            Self::Stuck => "stuck",
        }
    }

    /// Whether nothing runs any more.
    #[must_use]
    pub fn is_end(self) -> bool {
        matches!(self, Self::Stopped | Self::Rejected | Self::Stuck)
    }

    /// Whether the login has been accepted.
    #[must_use]
    pub fn is_logged_in(self) -> bool {
        matches!(self, Self::LoggedIn | Self::Ready | Self::Degraded)
    }
}
