//! Which kind of gateway a tool is for.

use serde::{Deserialize, Serialize};

/// The kind of gateway.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GatewayKind {
    /// The Client Portal Gateway.
    Cp,
    /// IB Gateway or TWS, which serve the TWS API.
    Tws,
}

impl GatewayKind {
    /// The kind as flags, reports and folders name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cp => "cp",
            Self::Tws => "tws",
        }
    }
}
