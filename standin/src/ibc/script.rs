//! What a test wants played, from `script.json` beside the layout. Without a key, all is well.

use super::stage::Stage;
use crate::world::TwsMoods;
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file's name.
pub(crate) const FILE: &str = "script.json";

/// What is played. The file holds one of these, or a list of them, one for each start; the last one stays.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct IbcScript {
    /// How IBKR answers the login.
    pub login: LoginAnswer,
    /// What follows "Too many failed login attempts." in that answer.
    pub asks_to_wait: String,
    /// The second factor that it wants; `None` for none.
    pub second_factor: Option<SecondFactor>,
    /// The devices in the list that comes before it; when empty, no list comes.
    pub devices: Vec<String>,
    /// The window of that list goes on to wait for the second factor, and no other opens.
    pub devices_stay: bool,
    /// How long IBKR waits for it, and IBC takes the dialog's closing before that for a yes: 180 s in truth.
    pub second_factor_timeout_ms: u64,
    /// How long IBC waits before it logs in again, where that is wanted: 5 s in truth.
    pub relogin_ms: u64,
    /// How long a login may take after the second factor, where IBC watches that: 60 s in truth.
    pub exit_interval_ms: u64,
    /// How long each step takes.
    pub pace_ms: u64,
    /// How long the program loads after the login.
    pub loading_ms: u64,
    /// Ends at once with this status, as the shell sees it.
    pub exit_at_start: Option<u8>,
    /// How the API behaves; read again at each change of the file.
    pub api: TwsMoods,
    /// How long after the login has completed the API opens.
    pub api_delay_ms: u64,
    /// The API is off until it is switched on, as in a TWS that is new.
    pub api_off: bool,
    /// How long after `STOP` the Gateway ends: seconds in truth.
    pub stop_delay_ms: u64,
    /// Says yes to `STOP` and goes on.
    pub ignores_stop: bool,
    /// Goes on after SIGTERM.
    pub ignores_term: bool,
    /// IBKR does not take the token of an earlier login.
    pub token_refused: bool,
    /// IBKR wants the session renewed as soon as it is given that token.
    pub token_relogin: Option<Relogin>,
    /// The trace of a harmless exception, as in the notes of chris-ch/docker-interactivebroker-gateway.
    pub gstat_trace: bool,
    /// Opens a real window on `$DISPLAY`.
    pub window: Option<WindowSource>,
    /// Where the settings have no credentials, a person types them this long after the window has come.
    pub by_hand_after_ms: Option<u64>,
    /// What IBC says of settings that it could not make.
    pub complaints: Vec<String>,
    /// What happens once the login has completed.
    pub then: Option<AfterLogin>,
    /// How long after `RESTART` or `PAUSE` the Gateway ends: at the next full minute in truth.
    pub restart_delay_ms: u64,
    /// What is wrong with it.
    pub lies: Vec<IbcLie>,
}

/// How IBKR answers the login.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LoginAnswer {
    Ok,
    /// Username and password do not fit: a dialog that IBC does not know.
    WrongPassword,
    TooManyAttempts,
    /// IBKR breaks the login off, and IBC starts again.
    #[serde(rename = "login_failed")]
    BrokenOff,
    /// The login wants a passkey: a dialog called just `Gateway` (QuantConnect/IBAutomater#113).
    Passkey,
    /// Another session is there; the number is IBC's for what it does about that, 1 to 6.
    ExistingSession(u8),
    /// The login window never comes.
    NoWindow,
    /// It goes as far as that, and no further.
    HangAt(Stage),
    /// A dialog with this title comes after the login, and stays.
    UnknownDialog(String),
}

/// How the second factor goes.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SecondFactor {
    /// Given this long after it was asked for.
    ApprovedAfterMs(u64),
    /// Never given.
    Never,
    /// Given, and the login does not go on.
    Stuck(bool),
}

/// The window that is opened.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WindowSource {
    /// The Java that can open one.
    pub java: PathBuf,
    /// The source of the window.
    pub source: PathBuf,
}

/// What happens, unasked, after the login has completed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AfterLogin {
    pub after_ms: u64,
    pub what: AfterLoginEvent,
}

/// What happens unasked.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AfterLoginEvent {
    /// The daily restart, with the token.
    Restart,
    /// The weekly one, without.
    ColdRestart,
    /// IBKR wants the session renewed.
    Relogin(Relogin),
    /// It ends with this status, as the shell sees it.
    Exit(u8),
}

/// How IBKR answers the login by which a session is renewed.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Relogin {
    Ok,
    /// As if username and password did not fit.
    Refused,
    /// The dialog comes again, over and over (IbcAlpha/IBC#235, #63).
    Again,
}

/// What is wrong with it.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IbcLie {
    /// The login completes, and the API never opens.
    CompletedBeforeApi,
    /// Lines come in two parts.
    HalfLines,
    /// A line of 1 MiB.
    LongLine,
    /// Bytes that are no text.
    Garbage,
    /// A hundred thousand lines.
    Flood,
    /// The username and the password are in the log (gnzsnz/ib-gateway-docker#443 had a seed there).
    TellsSecrets,
}

impl Default for IbcScript {
    fn default() -> Self {
        Self {
            login: LoginAnswer::Ok,
            asks_to_wait: String::new(),
            second_factor: None,
            devices: Vec::new(),
            devices_stay: false,
            second_factor_timeout_ms: 1000,
            relogin_ms: 50,
            exit_interval_ms: 300,
            pace_ms: 5,
            loading_ms: 20,
            exit_at_start: None,
            api: TwsMoods::default(),
            api_delay_ms: 20,
            api_off: false,
            stop_delay_ms: 10,
            ignores_stop: false,
            ignores_term: false,
            token_refused: false,
            token_relogin: None,
            gstat_trace: false,
            window: None,
            by_hand_after_ms: None,
            complaints: Vec::new(),
            then: None,
            restart_delay_ms: 100,
            lies: Vec::new(),
        }
    }
}

impl IbcScript {
    /// Reads the script for the start that comes after this number of earlier ones.
    pub(crate) fn read(folder: &Path, earlier_starts: usize) -> Result<Self> {
        let path = folder.join(FILE);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            text => text.with_context(|| format!("reading {}", path.display()))?,
        };
        let described = || format!("reading {} as a script", path.display());
        let script = match serde_json::from_slice(&text).with_context(described)? {
            Value::Array(mut list) if !list.is_empty() => {
                list.swap_remove(earlier_starts.min(list.len() - 1))
            }
            script => script,
        };
        serde_json::from_value(script).with_context(described)
    }

    /// Whether this is wrong with it.
    pub(crate) fn lies(&self, lie: IbcLie) -> bool {
        self.lies.contains(&lie)
    }
}
