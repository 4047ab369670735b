//! Which of a customer's two worlds a tool is for.

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

/// What `--mode` of a tool says that brings up or asks an IB Gateway.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeFlag {
    /// Real money.
    Live,
    /// Simulated trading.
    Paper,
    /// What `IBGW_MODE` may say to ibgw-login alone: here it says nothing.
    #[value(hide = true)]
    Auto,
}

impl ModeFlag {
    /// The mode; `None` when it says none.
    #[must_use]
    pub fn mode(self) -> Option<Mode> {
        match self {
            Self::Live => Some(Mode::Live),
            Self::Paper => Some(Mode::Paper),
            Self::Auto => None,
        }
    }
}
