//! Who opens the brokerage session after a login to the Client Portal Gateway.

use crate::gateway::Gateway;
use clap::ValueEnum;
use ib_cli::StateDir;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::PathBuf;

/// The record that ibgw-start keeps of the Gateway at a port, below the state directory.
#[must_use]
pub fn record_file(port: u16) -> PathBuf {
    format!("gateway/cp-{port}/record.json").into()
}

/// Who opens the brokerage session after a login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum BringUp {
    /// ibgw-login(1) opens it
    Brokerage,
    /// The Gateway opens it itself, as IBKR shipped it, and takes it from any other login
    #[default]
    Java,
}

impl BringUp {
    /// What the record says that ibgw-start keeps of a Gateway; `Java` of one that it did not start here.
    ///
    /// A record of a Gateway that is gone does no harm: an opening that comes early asks for nothing that another login
    /// has.
    #[must_use]
    pub fn of(gateway: &Gateway, state: &StateDir) -> Self {
        let record = state.read(record_file(gateway.port())).ok().flatten();
        let record: Option<Value> = record.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        match record.as_ref().map(|record| &record["bring_up"]) {
            Some(said) if gateway.is_loopback() => {
                serde_json::from_value(said.clone()).unwrap_or_default()
            }
            _ => Self::default(),
        }
    }
}
