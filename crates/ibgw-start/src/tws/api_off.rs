//! A TWS whose API is off, as in a new TWS. The supervisor tells IBC to switch it on after the login.
//!
//! The API of IB Gateway cannot be switched off, and IBC refuses the command there (IbcAlpha/IBC,
//! `CommandDispatcher.java`).

use crate::tws::installation::Installation;
use ib_cli::{log, warn};
use ib_proc::Deadline;
use ib_tws::{IbcCommand, command};
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

/// How long the API may take to open after a login before it is taken to be off.
const OPENING: Duration = Duration::from_secs(5);

/// How long IBC may take. It opens the window of the settings, and answers when it has pressed OK.
const CONFIGURING: Duration = Duration::from_secs(60);

/// Whether the API of a TWS has to be switched on.
pub(crate) struct ApiOff {
    /// Where IBC takes commands; `None` when there is nothing to switch on any more.
    command_port: Option<u16>,
    since: Option<Instant>,
}

impl ApiOff {
    /// The API of a program that has just been started.
    pub(crate) fn of(installation: &Installation, command_port: u16) -> Self {
        Self {
            command_port: Some(command_port).filter(|_| installation.is_tws()),
            since: None,
        }
    }

    /// Notes whether nothing listens at the API's port although the program is logged in, and switches the API on once.
    pub(crate) fn note(&mut self, is_refused: bool) {
        if !is_refused {
            self.since = None;
            return;
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        if since.elapsed() >= OPENING
            && let Some(port) = self.command_port.take()
        {
            // In a thread: the supervisor must still be able to end IB Gateway.
            thread::spawn(move || switch_on(port));
        }
    }
}

fn switch_on(port: u16) {
    match command(port, IbcCommand::EnableApi, Deadline::after(CONFIGURING)) {
        Ok(reply) => log("info", "api_switched_on", &format!("{reply:?}")),
        Err(error) => warn("api_off", &format!("the API of TWS is off: {error}")),
    }
}

/// Warns of a TWS that has never logged in with these settings.
pub(crate) fn warn_of_new(installation: &Installation) {
    let mut entries = fs::read_dir(&installation.settings_dir)
        .into_iter()
        .flatten();
    // Each username has a folder of its own.
    let is_used = entries.any(|entry| entry.is_ok_and(|entry| entry.path().is_dir()));
    if installation.is_tws() && !is_used {
        warn(
            "api_off",
            "a TWS that is new serves no API: once it is logged in, IBC switches it on (Global Configuration, \
             API, Settings, Enable ActiveX and Socket Clients)",
        );
    }
}
