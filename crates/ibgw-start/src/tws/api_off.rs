//! A TWS whose API is off, as in a new TWS: the supervisor tells IBC to switch it on after the login.
//!
//! IB Gateway's cannot be switched off, and IBC refuses the command there (IbcAlpha/IBC, `CommandDispatcher.java`).

use crate::tws::place::Installed;
use ib_cli::{log, warn};
use ib_proc::Deadline;
use ib_tws::{IbcCommand, command};
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

/// How long the API may take to open after a login before it is taken to be off.
const OPENING: Duration = Duration::from_secs(5);

/// How long IBC may take: it opens the window of the settings, and answers when it has pressed OK.
const CONFIGURING: Duration = Duration::from_secs(60);

/// Whether the API of a TWS has to be switched on.
pub struct ApiOff {
    /// Where IBC takes commands; `None` when there is nothing to be switched on any more.
    command_port: Option<u16>,
    since: Option<Instant>,
}

impl ApiOff {
    /// Of a program that has just been started.
    pub fn of(place: &Installed, command_port: u16) -> Self {
        Self {
            command_port: Some(command_port).filter(|_| place.is_tws()),
            since: None,
        }
    }

    /// Takes note of whether nothing listens at the API's port though the program is logged in; switches it on, once.
    pub fn note(&mut self, is_refused: bool) {
        if !is_refused {
            self.since = None;
            return;
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        if since.elapsed() >= OPENING
            && let Some(port) = self.command_port.take()
        {
            // What is to be ended is ended while IBC is at it.
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

/// Warns of a TWS that no username has logged in to with these settings.
pub fn warn_of_new(place: &Installed) {
    let mut entries = fs::read_dir(&place.settings_dir).into_iter().flatten();
    // Each username has a folder of its own.
    let is_used = entries.any(|entry| entry.is_ok_and(|entry| entry.path().is_dir()));
    if place.is_tws() && !is_used {
        warn(
            "api_off",
            "a TWS that is new serves no API: once it is logged in, IBC is told to switch it on (Global Configuration, \
             API, StartSettings, Enable ActiveX and Socket Clients)",
        );
    }
}
