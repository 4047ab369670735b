//! What IBC says that it could not do: a device that is not in the list, a wait that IBKR asks for, a setting that it did
//! not take.
//!
//! Source: every `logError` and "invalid" of IbcAlpha/IBC 3.24, `src/ibcalpha/ibc`.

use crate::ibc_event::IbcEvent;
use std::time::Duration;

/// What IBC itself adds to the wait that IBKR asks for (`TooManyFailedLoginAttemptsDialogHandler`).
const MARGIN: u64 = 3;

/// The guard holds no login for longer.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// No sentence of IBC's about a setting is longer.
const LONGEST: usize = 240;

/// How sentences about a setting begin.
const BEGINNINGS: [&str; 13] = [
    // Java read it in a language whose AM and PM are written otherwise, or it is no such time.
    "Auto restart time setting must be ",
    "Auto logoff time setting must be ",
    "could not find auto logoff/restart time ",
    "could not find Auto Log Off or Auto Restart section",
    "could not find Read-Only API checkbox",
    "could not find Send Market Data In Lots checkbox",
    // The window of the settings: no setting at all was made.
    "getConfigDialog could not find ",
    "can't apply new API socket port: ",
    "Invalid number ",
    "Invalid character ",
    "Invalid setting ",
    "Read-only login not supported by Gateway",
    "CommandServer failed to create socket",
];

/// How they go on behind the name of the setting.
const PARTS: [&str; 3] = [
    " setting is invalid",
    " has an invalid value: ",
    "the LogStructureScope setting ",
];

/// What these words complain of; `None` when they complain of nothing that is known.
pub(super) fn of(words: &str) -> Option<IbcEvent> {
    if words.starts_with("Too many failed login attempts") {
        return Some(IbcEvent::TooManyAttempts {
            text: shown(words),
            wait: wait(words),
        });
    }
    if let Some(rest) = words.strip_prefix("could not find second factor device '") {
        let name = rest.strip_suffix("' in the list")?;
        let named = Some(shown(name));
        return Some(IbcEvent::DeviceAbsent { named });
    }
    if words.starts_with("You should specify the required second factor device") {
        return Some(IbcEvent::DeviceAbsent { named: None });
    }
    let is_of_a_setting = BEGINNINGS.iter().any(|known| words.starts_with(known))
        || PARTS.iter().any(|known| words.contains(known));
    is_of_a_setting.then(|| IbcEvent::SettingNotTaken {
        words: shown(words),
    })
}

/// How long to wait, from `Please wait 4 minutes & 47 seconds before attempting to re-login again.`; a part may be missing.
fn wait(words: &str) -> Option<Duration> {
    let (_, rest) = words.split_once("Please wait ")?;
    let (rest, _) = rest.split_once(" before")?;
    let mut seconds = MARGIN;
    for part in rest.split(" & ") {
        let (count, unit) = part.split_once(' ')?;
        let count: u64 = count.parse().ok()?;
        let part = match unit.trim_end_matches('s') {
            "minute" => count.saturating_mul(60),
            "second" => count,
            _ => return None,
        };
        seconds = seconds.saturating_add(part);
    }
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}

/// The words as a report may show them.
fn shown(words: &str) -> String {
    let letters = words.chars().filter(|letter| !letter.is_control());
    letters.take(LONGEST).collect()
}
