//! Lines that a log should not have, and that some log has had.

use super::log::IbcLog;
use super::script::{IbcLie, IbcScript};
use super::settings::ConfigIni;

/// Below a chris-ch/docker-interactivebroker-gateway start, where its notes say that this is fine.
const TRACE: &str = include_str!("gstat.txt");

/// Prints what the script wants printed before anything has happened.
pub(crate) fn print(script: &IbcScript, settings: &ConfigIni, log: &IbcLog) {
    if script.gstat_trace {
        log.bytes(TRACE.as_bytes());
    }
    if script.lies(IbcLie::LongLine) {
        log.raw(&"x".repeat(1 << 20));
    }
    if script.lies(IbcLie::Garbage) {
        let all: Vec<u8> = (0..=u8::MAX).chain(*b"\n\xff\xfe\0\x1b[2J\xc3\n").collect();
        log.bytes(&all);
    }
    if script.lies(IbcLie::Flood) {
        (0..100_000).for_each(|number| log.raw(&format!("at twslaunch.a.b(a.java:{number})")));
    }
    if script.lies(IbcLie::TellsSecrets) {
        let (user, password) = (settings.text("IbLoginId"), settings.text("IbPassword"));
        log.say(&format!("login with {user}/{password}"));
        log.raw(&format!("{password}{password}"));
    }
}
