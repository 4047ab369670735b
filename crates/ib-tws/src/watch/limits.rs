//! How long each phase may take, and how often the token is tried.

use crate::course::Phase;
use std::time::Duration;

/// How long each phase may take, and how often the token is tried.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until the login window is there.
    pub window: Duration,
    /// Until the credentials are typed, and from there until IBKR has taken them.
    pub credentials: Duration,
    /// Until the second factor is given.
    pub second_factor: Duration,
    /// From the second factor until the login goes on.
    pub completing: Duration,
    /// The shortest time after which a good probe proves that a session has been renewed.
    pub renewing: Duration,
    /// Until the program is loaded.
    pub loading: Duration,
    /// How long a dialog that is not known may be open before the login.
    pub unknown_dialog: Duration,
    /// How often the token is tried without a login.
    pub restarts: usize,
    /// The time over which they are counted.
    pub restarts_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // IBC gives up after 60 seconds, and says so.
            window: Duration::from_secs(90),
            credentials: Duration::from_secs(120),
            // IBKR's own: the notification has expired by then.
            second_factor: Duration::from_secs(180),
            // IBC's own; with one login for each start IBC does not report its end.
            completing: Duration::from_secs(60),
            // Our own: a refusal has come by then, and the shortest of the other limits has not passed.
            renewing: Duration::from_secs(15),
            loading: Duration::from_secs(120),
            unknown_dialog: Duration::from_secs(30),
            restarts: 3,
            restarts_within: Duration::from_secs(600),
        }
    }
}

impl Limits {
    /// How long the phase may take; `None` for one without a limit.
    pub(super) fn of(&self, phase: Phase) -> Option<Duration> {
        match phase {
            Phase::Starting | Phase::Restarting => Some(self.window),
            Phase::Window | Phase::Credentials => Some(self.credentials),
            Phase::SecondFactor => Some(self.second_factor),
            Phase::SecondFactorAcked => Some(self.completing),
            Phase::Loading => Some(self.loading),
            Phase::LoggedIn
            | Phase::Ready
            | Phase::Degraded
            | Phase::Stopped
            | Phase::Rejected
            | Phase::Stuck => None,
        }
    }

    /// Whether a restart of that time still counts.
    pub(super) fn is_counted(&self, tried: Duration, at: Duration) -> bool {
        at.saturating_sub(tried) < self.restarts_within
    }
}
