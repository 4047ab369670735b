//! What IBC and its `ibcstart.sh` print, line by line, and what it says about the start.
//!
//! Source: IbcAlpha/IBC 3.24, `resources/scripts/ibcstart.sh` and the handlers in `src/ibcalpha/ibc`.

mod complaint;

use crate::course::PendingCommand;
use crate::ibc_event::IbcEvent;
use crate::ibc_window::{WindowEvent, window_of};

/// What this line says; `None` when it changes nothing.
///
/// `Configuration tasks completed` is such a line: it comes before the login has completed.
#[must_use]
pub(crate) fn event_of(line: &str) -> Option<IbcEvent> {
    let line = line.trim_end();
    if wants_passkey(line) {
        return Some(IbcEvent::PasskeyWanted);
    }
    match words_of_ibc(line) {
        Some(words) => of_ibc(words),
        None => of_script(line),
    }
}

/// What stands behind `yyyy-MM-dd HH:mm:ss:SSS IBC: `; `None` when the line is not IBC's own.
fn words_of_ibc(line: &str) -> Option<&str> {
    let (time, words) = line.split_once(" IBC: ")?;
    let is_time = time.len() == 23 && time.bytes().all(|byte| b"0123456789-: ".contains(&byte));
    is_time.then_some(words)
}

/// A Gateway that is too old for it says so in a label (QuantConnect/IBAutomater issue 113), which may be a line of many.
fn wants_passkey(line: &str) -> bool {
    line.contains("Required PassKey")
}

fn of_ibc(words: &str) -> Option<IbcEvent> {
    if let Some(window) = window_of(words) {
        return of_window(&window);
    }
    Some(match words {
        "Found Gateway main window" | "Found TWS main window" => IbcEvent::Window,
        // Exact: `Login has completed: exiting via …` comes when it ends.
        "Login has completed" => IbcEvent::LoggedIn,
        "Login failed" => IbcEvent::LoginFailed,
        "Cold restart in progress"
        | "Login dialog has been invalidated - initiate cold restart" => IbcEvent::ColdRestart,
        "Second Factor Authentication initiated" => IbcEvent::SecondFactorAsked,
        "Login frame has now become SecondFactorAuthenticationDialog" => IbcEvent::SecondFactor,
        // With a list of devices IBC says no more than this, unless another window follows (IbcAlpha/IBC,
        // `SecondFactorAuthenticationDialogHandler`).
        "Click button: OK" => IbcEvent::Confirmed,
        // It is said in the moment before the button is pressed (IbcAlpha/IBC, `ReloginDialogHandler`).
        "Re-login to session" => IbcEvent::Relogin,
        _ => return of_beginning(words),
    })
}

/// By the first words of a sentence that goes on with what varies.
fn of_beginning(words: &str) -> Option<IbcEvent> {
    const BEGINNINGS: [(&str, IbcEvent); 5] = [
        ("Login dialog WINDOW_OPENED", IbcEvent::Window),
        ("Login attempt: ", IbcEvent::Credentials),
        // Whether IBC goes on to log in again or not.
        (
            "Re-login after second factor authentication timeout",
            IbcEvent::SecondFactorExpired,
        ),
        ("Login error message:", IbcEvent::LoginFailed),
        ("Connection to server failed", IbcEvent::LoginFailed),
    ];
    let known = BEGINNINGS.into_iter();
    let mut fitting = known.filter(|(beginning, _)| words.starts_with(beginning));
    match fitting.next() {
        Some((_, event)) => Some(event),
        None => of_scenario(words)
            .or_else(|| of_command(words))
            .or_else(|| complaint::of(words)),
    }
}

/// What IBC does about another session; in scenarios 3 and 5 this one goes on.
fn of_scenario(words: &str) -> Option<IbcEvent> {
    let (_, scenario) = words.strip_suffix(')')?.rsplit_once("(scenario ")?;
    match scenario {
        "1" => Some(IbcEvent::ChoiceWanted),
        "2" | "4" | "6" => Some(IbcEvent::GaveWay),
        _ => None,
    }
}

fn of_command(words: &str) -> Option<IbcEvent> {
    let command = words.strip_prefix("CommandServer received command: ")?;
    match command.to_ascii_uppercase().as_str() {
        "STOP" => Some(IbcEvent::ToldToStop),
        "RESTART" => Some(IbcEvent::CommandPending(PendingCommand::Restart)),
        "PAUSE" => Some(IbcEvent::CommandPending(PendingCommand::Pause)),
        _ => None,
    }
}

fn of_window(window: &WindowEvent<'_>) -> Option<IbcEvent> {
    let title = window.title;
    if title.contains("Starting application...") {
        // The window has other titles before this one, so that it may never be seen to open with it.
        return (!window.is("Closed")).then_some(IbcEvent::Loading);
    }
    let is_open = window.is("Opened");
    if !is_open && !window.is("Closed") {
        return None;
    }
    if title.contains("Second Factor Authentication")
        || title.contains("Security Code Card Authentication")
    {
        return Some(if is_open {
            IbcEvent::SecondFactor
        } else {
            IbcEvent::SecondFactorClosed
        });
    }
    let covered = if title.to_ascii_lowercase().contains("passkey") {
        IbcEvent::PasskeyWanted
    } else if title.contains("Unrecognized Username or Password") {
        IbcEvent::WrongCredentials
    } else if title.contains("Login failed") || title.contains("Login Error") {
        IbcEvent::LoginFailed
    } else {
        return window.dialog(is_open);
    };
    is_open.then_some(covered)
}

fn of_script(line: &str) -> Option<IbcEvent> {
    let has_token = line.starts_with("autorestart file found at ");
    if has_token
        || line.starts_with("autorestart file not found")
        || line.starts_with("WARNING: More than one autorestart file was found")
    {
        return Some(IbcEvent::Starting { has_token });
    }
    Some(match line {
        "End IBC Settings" => IbcEvent::ConfigurationRead,
        "IBC will cold-restart shortly" => IbcEvent::ColdRestart,
        "IBC will restart shortly" => IbcEvent::Restarting,
        "IBC is paused" => IbcEvent::Paused,
        "Gateway finished" | "TWS finished" => IbcEvent::Finished,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
