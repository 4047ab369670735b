//! Why a start of IB Gateway ended, or does not go on.

use serde::{Deserialize, Serialize};

/// Why it ended, or does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CourseReason {
    /// IBKR says that username and password do not fit.
    WrongCredentials,
    /// The same, said to a session that was to be renewed without a password: by the token of an earlier login, which is
    /// removed, or in its middle.
    TokenRefused,
    /// IBKR says that there were too many failed logins.
    Locked,
    /// IBKR says that there were too many failed logins, and how long to wait.
    WaitAsked,
    /// IBKR wants a passkey.
    PasskeyWanted,
    /// IBKR's list of devices for the second factor has none of the name asked for.
    DeviceAbsent,
    /// Nobody gave the second factor in time.
    SecondFactorExpired,
    /// The second factor was given, and the login did not complete.
    SecondFactorStuck,
    /// Another session holds the username, and this one gave way to it.
    GaveWay,
    /// Another session holds the username, and a person is to choose.
    ChoiceWanted,
    /// IBKR's servers broke the login off.
    LoginFailed,
    /// IBC wanted a full login of its own accord, such as on Sundays: the guard is to be asked for that.
    ColdRestart,
    /// The token was tried too often without a login.
    TooManyRestarts,
    /// The login window did not come.
    NoWindow,
    /// It did not go on in time.
    NoProgress,
    /// A dialog that is not known waits for an answer.
    UnknownDialog,
    /// IBC or IB Gateway ended by itself.
    Ended,
    /// It was told to end.
    Told,
    /// It was told to pause: the token stays for the next start.
    Paused,
}

impl CourseReason {
    /// Whether it is the opening of a dialog at which IBC does nothing more.
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
