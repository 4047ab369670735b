//! Live or paper: real money, or simulated trading.

use serde::{Deserialize, Serialize};

/// Live or paper; live is never assumed.
#[derive(clap::ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Real money.
    Live,
    /// Simulated trading.
    #[default]
    Paper,
}

impl Mode {
    /// The mode as flags and reports name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Paper => "paper",
        }
    }
}

/// The values of `--mode` for the tools that start or probe an IB Gateway.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeFlag {
    /// Real money.
    Live,
    /// Simulated trading.
    Paper,
    /// A value of `IBGW_MODE` for ibgw-login alone; here it counts as not given.
    #[value(hide = true)]
    Auto,
}

impl ModeFlag {
    /// The mode; `None` for `auto`.
    #[must_use]
    pub fn mode(self) -> Option<Mode> {
        match self {
            Self::Live => Some(Mode::Live),
            Self::Paper => Some(Mode::Paper),
            Self::Auto => None,
        }
    }
}
