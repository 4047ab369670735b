//! Why a start of IB Gateway ended, or does not go on.

use serde::{Deserialize, Serialize};

/// Why it ended, or does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CourseReason {
    /// IBKR says that username and password do not fit.
    WrongCredentials,
    /// The same, when a session was renewed without a password: by the token of an earlier login, which is removed then,
    /// or in the middle of the session.
    TokenRefused,
    /// IBKR says that there were too many failed logins.
    Locked,
    /// IBKR says that there were too many failed logins, and how long to wait.
    WaitAsked,
    /// IBKR wants a passkey.
    PasskeyWanted,
    /// IBKR's list of devices for the second factor lacks the one that was named.
    DeviceAbsent,
    /// The second factor was not given in time.
    SecondFactorExpired,
    /// The second factor was given, and the login did not complete.
    SecondFactorStuck,
    /// Another session holds the username, and this one gave way to it.
    GaveWay,
    /// Another session holds the username, and a person has to choose.
    ChoiceWanted,
    /// IBKR's servers broke the login off.
    LoginFailed,
    /// IBC wanted a full login unasked, such as on Sundays: the guard decides about that.
    ColdRestart,
    /// The token was tried too often without a login.
    TooManyRestarts,
    /// The login window did not come.
    NoWindow,
    /// It did not go on in time.
    NoProgress,
    /// A dialog that is not known waits for an answer.
    UnknownDialog,
    /// IBC or IB Gateway ended unasked.
    Ended,
    /// A command or a signal asked it to end.
    Told,
    /// A command asked it to pause: the token stays for the next start.
    Paused,
}

impl CourseReason {
    /// Whether it ended because a command or a signal asked it to.
    #[must_use]
    pub fn is_as_ordered(self) -> bool {
        matches!(self, Self::Told | Self::Paused)
    }

    /// Whether it is a dialog that opened and that IBC does not answer.
    #[must_use]
    pub fn is_a_dialog(self) -> bool {
        matches!(
            self,
            Self::WrongCredentials
                | Self::TokenRefused
                | Self::Locked
                | Self::WaitAsked
                | Self::PasskeyWanted
                | Self::DeviceAbsent
                | Self::ChoiceWanted
        )
    }

    /// What a person does next; `None` when nothing.
    pub(super) fn next_action(self) -> Option<&'static str> {
        match self {
            Self::WrongCredentials => {
                Some("correct username and password, then log in with --force-after-hold")
            }
            Self::Locked => Some("wait a day, or ask IBKR to unlock the username"),
            Self::WaitAsked => Some("start it again when the time that IBKR names is over"),
            Self::DeviceAbsent => Some(
                "name the device as IBKR's list shows it: ibgw-secret --second-factor; the screenshot shows the list",
            ),
            Self::PasskeyWanted => {
                Some("choose IB Key for this username, or log in by hand with --manual")
            }
            Self::SecondFactorExpired => Some("start it again when the phone can approve it"),
            Self::UnknownDialog | Self::ChoiceWanted => {
                Some("look at the screenshot, and answer the dialog with --manual and --vnc")
            }
            Self::TokenRefused
            | Self::SecondFactorStuck
            | Self::GaveWay
            | Self::LoginFailed
            | Self::ColdRestart
            | Self::TooManyRestarts
            | Self::NoWindow
            | Self::NoProgress
            | Self::Ended
            | Self::Told
            | Self::Paused => None,
        }
    }

    /// The reason as reports name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WrongCredentials => "wrong_credentials",
            Self::TokenRefused => "token_refused",
            Self::Locked => "locked",
            Self::WaitAsked => "wait_asked",
            Self::PasskeyWanted => "passkey_wanted",
            Self::DeviceAbsent => "device_absent",
            Self::SecondFactorExpired => "second_factor_expired",
            Self::SecondFactorStuck => "second_factor_stuck",
            Self::GaveWay => "gave_way",
            Self::ChoiceWanted => "choice_wanted",
            Self::LoginFailed => "login_failed",
            Self::ColdRestart => "cold_restart",
            Self::TooManyRestarts => "too_many_restarts",
            Self::NoWindow => "no_window",
            Self::NoProgress => "no_progress",
            Self::UnknownDialog => "unknown_dialog",
            Self::Ended => "ended",
            Self::Told => "told",
            Self::Paused => "paused",
        }
    }
}
