//! What happens during a start of IB Gateway, as IBC's log says it.

use crate::course::PendingCommand;
use std::time::Duration;

/// What a line of IBC's log says about the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IbcEvent {
    /// The script has looked for a token of an earlier login.
    Starting {
        /// Whether there is one, so that nothing is typed.
        has_token: bool,
    },
    /// IBC has read its configuration: it does so once for each Java that the script starts, and keeps it.
    ConfigurationRead,
    /// The login window is there, or the main window of a start by token.
    Window,
    /// Username and password are typed, and sent in the next moment.
    Credentials,
    /// IBKR says that username and password do not fit.
    WrongCredentials,
    /// IBKR says that there were too many failed logins.
    TooManyAttempts {
        /// IBKR's words.
        text: String,
        /// How long to wait, with what IBC adds; `None` when IBKR does not say.
        wait: Option<Duration>,
    },
    /// IBKR wants a passkey.
    PasskeyWanted,
    /// The window of the second factor is there. It may show a list of devices, and then nothing was sent to the phone.
    SecondFactor,
    /// The second factor is awaited: IBC saw no list of devices.
    SecondFactorAsked,
    /// IBC pressed the button "OK" of some window: that of a list of devices, where one is open.
    Confirmed,
    /// The list of devices lacks the name that IBC was given.
    DeviceAbsent {
        /// The name; `None` when IBC was given none, and the list has several.
        named: Option<String>,
    },
    /// IBKR wants the session renewed, and IBC presses the button for it: IB Gateway logs in once more.
    Relogin,
    /// IBC says that it did not understand a setting, or could not make it.
    SettingNotTaken {
        /// IBC's words, without control characters, shortened.
        words: String,
    },
    /// The window of the second factor has closed: it was given, unless [`IbcEvent::SecondFactorExpired`] follows.
    SecondFactorClosed,
    /// The second factor was not given in time.
    SecondFactorExpired,
    /// Another session holds the username, and this one gives way to it.
    GaveWay,
    /// Another session holds the username, and a person has to choose.
    ChoiceWanted,
    /// The login was accepted, and the program loads.
    Loading,
    /// The login has completed; whether the API serves its clients is not known yet.
    LoggedIn,
    /// IBKR's servers broke the login off.
    LoginFailed,
    /// IBC is about to type the credentials again, unasked.
    ColdRestart,
    /// The script starts the program again.
    Restarting,
    /// The script ends and leaves the token for the next start.
    Paused,
    /// The command server got the command to stop.
    ToldToStop,
    /// The command server got the command to restart or to pause, which IBC carries out at one of the next minutes.
    CommandPending(PendingCommand),
    /// The script is done; its status follows.
    Finished,
    /// A dialog that no other event covers.
    Dialog {
        /// Its title, without control characters, shortened.
        title: String,
        /// Whether it opened; else it closed.
        is_open: bool,
    },
}
