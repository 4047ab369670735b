//! IB Gateway and TWS: the TWS API on their socket, and the files that they and IBC read.
//!
//! [`probe()`] asks whether one of them is ready for its clients. It asks for the time and for nothing else: it never
//! subscribes and places no order.

mod address;
mod command_server;
mod connection;
mod course;
mod forward;
mod frames;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod ibc_config;
mod ibc_event;
mod ibc_exit;
mod ibc_keys;
mod ibc_log;
mod ibc_window;
mod jts;
mod launch;
mod message;
mod probe;
mod properties;
mod relay;
mod steps;
mod system_message;
mod tokens;
mod trading_mode;
mod watch;

pub use address::ApiAddress;
pub use command_server::{IbcCommand, IbcReply, command};
pub use course::{COURSE_FILE, Course, CourseReason, CourseSetup, PendingCommand, Phase};
pub use forward::Forwarder;
pub use ibc_config::{IbcConfig, IbcLogin, IbcSetting};
pub use ibc_event::IbcEvent;
pub use jts::{JtsSecondFactor, second_factor, with_second_factor};
pub use launch::{GatewayLauncher, Ibc, IbcPaths};
pub use message::{Accounts, ClientId};
pub use probe::{Probe, ProbeState, probe};
pub use steps::ProbeStage;
pub use system_message::{Farm, FarmService, FarmState, ID_TAKEN};
pub use tokens::remove_all as remove_tokens;
pub use trading_mode::{NamedMode, api_port, mode_with_name, named_mode};
pub use watch::{Limits, StartFindings, Watch, WatchStep};
