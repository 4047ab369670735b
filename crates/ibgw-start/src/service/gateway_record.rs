//! The record of a started gateway: which process it is, so that exactly that one is ended.

use ib_cli::StateDir;
use ib_proc::Identity;
use ib_webapi::{BringUp, record_file};
use serde::{Deserialize, Serialize};

const SCHEMA: &str = "ibgw-start-record/1";

/// What is known of a gateway that was started.
#[derive(Clone, Deserialize, Serialize)]
pub struct GatewayRecord {
    schema: String,
    pub pid: u32,
    /// The machine's boot: the same pid after another boot is another process.
    boot: String,
    /// Clock ticks between the boot and the process's start.
    started: u64,
    command: Vec<String>,
    pub url: String,
    pub log: String,
    /// Null until the Gateway answers.
    pub build: Option<String>,
    started_at: String,
    /// Read by ibgw-login too; missing in the record of an earlier version.
    #[serde(default)]
    bring_up: BringUp,
}

impl GatewayRecord {
    pub fn new(
        identity: &Identity,
        url: &str,
        log: String,
        started_at: String,
        bring_up: BringUp,
    ) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            pid: identity.pid,
            boot: identity.boot.clone(),
            started: identity.started,
            command: identity.command.clone(),
            url: url.to_owned(),
            log,
            build: None,
            started_at,
            bring_up,
        }
    }

    /// Reads a record; `None` when it is none of ours.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let record: Self = serde_json::from_slice(bytes).ok()?;
        (record.schema == SCHEMA).then_some(record)
    }

    /// The process of the Client Portal Gateway that was started at this port with this state directory, while it runs.
    pub fn running_at(state: &StateDir, port: u16) -> Option<u32> {
        let bytes = state.read(record_file(port)).ok()??;
        let record = Self::parse(&bytes)?;
        record.identity().is_alive().then_some(record.pid)
    }

    pub fn identity(&self) -> Identity {
        Identity {
            pid: self.pid,
            boot: self.boot.clone(),
            started: self.started,
            command: self.command.clone(),
        }
    }
}
