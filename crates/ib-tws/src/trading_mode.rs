//! Which mode a run is for, by the names that the IB Gateway images have for it.

use ib_cli::{Error, Exit, Mode, Result};

/// The images' variables; neither is secret.
const VARIABLES: [&str; 2] = ["TRADING_MODE", "IB_TRADING_MODE"];

/// The port of IB Gateway's API for a mode, unless it was set otherwise.
#[must_use]
pub fn api_port(mode: Mode) -> u16 {
    match mode {
        Mode::Live => 4001,
        Mode::Paper => 4002,
    }
}

/// The mode by the flag, else by the images' variables, else by the login record, else paper.
///
/// # Errors
/// `Usage` when two of the flag and the variables contradict each other, `Config` when a variable has no mode.
pub fn trading_mode(flag: Option<Mode>, record: Option<Mode>) -> Result<Mode> {
    let mut said = flag.map(|mode| ("--mode", mode));
    for name in VARIABLES {
        let value = std::env::var(name).unwrap_or_default();
        if value.is_empty() {
            continue;
        }
        let mode = mode_of(name, &value)?;
        match said {
            Some((other, before)) if before != mode => {
                let message = format!(
                    "{other} says {} and {name} says {} (take one of them away)",
                    before.name(),
                    mode.name()
                );
                return Err(Error::new(Exit::Usage, message));
            }
            _ => said = Some((name, mode)),
        }
    }
    Ok(said.map(|(_, mode)| mode).or(record).unwrap_or_default())
}

fn mode_of(name: &str, value: &str) -> Result<Mode> {
    let hint = match value.to_lowercase().as_str() {
        "live" => return Ok(Mode::Live),
        "paper" => return Ok(Mode::Paper),
        "both" => {
            "two IB Gateways are two instances: start one with --mode live and one with --mode paper"
        }
        _ => "write live or paper",
    };
    Err(Error::new(
        Exit::Config,
        format!("{name} is no mode ({hint})"),
    ))
}
