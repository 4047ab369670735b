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
