//! How an IB Gateway was set up by the start that runs it.

use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// How an IB Gateway was set up by the start that runs it, for runs that want it otherwise.
///
/// Paths are whole and without symbolic links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseSetup {
    /// The folder of IB's programs.
    pub tws_dir: String,
    /// The version, by the name of its folder.
    pub version: String,
    /// The folder of IBC.
    pub ibc_dir: String,
    /// The folder of the settings and tokens.
    pub settings_dir: String,
    /// Where the API is passed on from; `None` when it is not.
    pub forward: Option<SocketAddr>,
    /// Where the window is shown; `None` when it is not.
    pub vnc: Option<SocketAddr>,
    /// Whether the window can be used there.
    pub vnc_control: bool,
    /// The time of the daily restart; `None` when IB Gateway keeps its own.
    pub auto_restart: Option<String>,
    /// The time of the weekly end; `None` when there is none.
    pub cold_restart: Option<String>,
    /// Whether clients of the API only read; `None` when IB Gateway keeps its own setting.
    pub read_only_api: Option<bool>,
}

/// A command that IBC has accepted and carries out at one of the next minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PendingCommand {
    /// IBC starts IB Gateway again by its token.
    Restart,
    /// IBC ends IB Gateway, which leaves the token for the next start.
    Pause,
}
