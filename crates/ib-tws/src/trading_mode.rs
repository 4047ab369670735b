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

/// The mode by the flag, else by the images' variables; `None` when neither says one.
///
/// # Errors
/// As [`mode_with_name`].
pub fn named_mode(flag: Option<Mode>) -> Result<Option<Mode>> {
    Ok(mode_with_name(flag)?.map(|named| named.mode))
}

/// A mode, and what names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedMode {
    /// The mode.
    pub mode: Mode,
    /// The variable; `None` for the flag.
    pub variable: Option<&'static str>,
}

/// The same as [`named_mode`], with what names it.
///
/// # Errors
/// `Usage` when two of the flag and the variables contradict each other, `Config` when a variable has no mode.
pub fn mode_with_name(flag: Option<Mode>) -> Result<Option<NamedMode>> {
    let mut named = flag.map(|mode| NamedMode {
        mode,
        variable: None,
    });
    for name in VARIABLES {
        let value = std::env::var(name).unwrap_or_default();
        // For a container with both, a flag chooses one of the two.
        if value.is_empty() || flag.is_some() && value.eq_ignore_ascii_case("both") {
            continue;
        }
        let mode = mode_of(name, &value)?;
        match named {
            Some(before) if before.mode != mode => {
                let message = format!(
                    "{} says {} and {name} says {} (take one of them away)",
                    before.variable.unwrap_or("--mode"),
                    before.mode.name(),
                    mode.name()
                );
                return Err(Error::new(Exit::Usage, message));
            }
            Some(_) => {}
            None => {
                named = Some(NamedMode {
                    mode,
                    variable: Some(name),
                });
            }
        }
    }
    Ok(named)
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
        format!("{name} is not a mode ({hint})"),
    ))
}
