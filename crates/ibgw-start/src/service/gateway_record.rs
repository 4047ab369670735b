//! The record of a started Client Portal Gateway: which process it is, so that exactly that one is ended.

use ib_cli::StateDir;
use ib_proc::Identity;
use ib_webapi::{BringUp, record_file};
use serde::{Deserialize, Serialize};

const SCHEMA: &str = "ibgw-start-record/1";

/// What is known of a Gateway that was started.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct GatewayRecord {
    schema: String,
    pub(crate) pid: u32,
    /// The machine's boot: the same pid after another boot is another process.
    boot: String,
    /// Clock ticks between the boot and the process's start.
    started: u64,
    command: Vec<String>,
    pub(crate) url: String,
    pub(crate) log: String,
    /// Null until the Gateway answers.
    pub(crate) build: Option<String>,
    started_at: String,
    /// ibgw-login reads it, too. A record of an earlier version does not have it.
    #[serde(default)]
    bring_up: BringUp,
}

impl GatewayRecord {
    pub(crate) fn new(
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

    /// Reads a record; `None` when the bytes are not one of ours.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let record: Self = serde_json::from_slice(bytes).ok()?;
        (record.schema == SCHEMA).then_some(record)
    }

    /// The process of the Gateway that was started at this port with this state directory, while it runs.
    pub(crate) fn running_at(state: &StateDir, port: u16) -> Option<u32> {
        let bytes = state.read(record_file(port)).ok()??;
        let record = Self::parse(&bytes)?;
        record.identity().is_alive().then_some(record.pid)
    }

    pub(crate) fn identity(&self) -> Identity {
        Identity {
            pid: self.pid,
            boot: self.boot.clone(),
            started: self.started,
            command: self.command.clone(),
        }
    }
}
