//! One Client Portal Gateway: its port, where it answers, and what is kept of it.

use crate::cp::GatewayTarget;
use crate::cp::inputs;
use crate::service::gateway_record::GatewayRecord;
use crate::service::instance_dir::InstanceDir;
use crate::service::listener::{self, PortHolder};
use ib_cli::{Error, Exit, Result, warn};
use ib_proc::Deadline;
use ib_tws::Course;
use ib_webapi::{Gateway, GatewayRoot, record_file};
use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long the holder of the port may take to show that it is a Gateway. A Gateway answers at its root at once.
const PATIENCE: Duration = Duration::from_millis(1500);

/// The file with the note that another run ends the Gateway.
const ANNOUNCED: &str = "ended";

/// Between two looks at a port whose process cannot be seen.
const PAUSE: Duration = Duration::from_millis(20);

/// One Gateway.
pub(crate) struct GatewayInstance {
    pub(crate) url: String,
    pub(crate) port: u16,
    pub(crate) gateway: Arc<Gateway>,
    /// The file that the Gateway's certificate has to be in; `None` when any is accepted.
    pub(crate) cacert: Option<PathBuf>,
    pub(crate) dir: InstanceDir,
}

/// Who has the port.
pub(crate) enum PortUse {
    /// No process.
    Free,
    /// A Gateway that lets us in.
    Gateway,
    /// Something else, or a Gateway that cannot be used; the sentence says what.
    Taken(String),
}

impl GatewayInstance {
    /// The instance of this Gateway.
    pub(crate) fn open(target: &GatewayTarget) -> Result<Self> {
        let cacert = target.cacert.clone();
        let cacert = cacert.or_else(|| inputs::cacert_in(target.inputs_dir.as_deref()?));
        let gateway = Gateway::at(&target.url, cacert.as_deref())?;
        if !gateway.is_loopback() {
            let message =
                "--url names another machine: a gateway is started on this one (give --port N)";
            return Err(Error::new(Exit::Usage, message));
        }
        let port = gateway.port();
        Ok(Self {
            url: gateway.url().to_owned(),
            port,
            gateway: Arc::new(gateway),
            cacert,
            dir: InstanceDir::open(target.state_dir.as_deref(), &format!("cp-{port}"))?,
        })
    }

    /// The Gateway that was started and still runs. The record of one that has ended is removed.
    pub(crate) fn running(&self) -> Result<Option<GatewayRecord>> {
        let Some(bytes) = self.dir.state.read(record_file(self.port))? else {
            return Ok(None);
        };
        let Some(record) = GatewayRecord::parse(&bytes) else {
            let aside = self.dir.state.set_aside(record_file(self.port))?;
            let message = format!(
                "the record of this instance was damaged; it is kept as {}",
                aside.display()
            );
            warn("record_set_aside", &message);
            return Ok(None);
        };
        if record.identity().is_alive() {
            return Ok(Some(record));
        }
        self.forget_of(record.pid);
        Ok(None)
    }

    /// Writes the record.
    pub(crate) fn remember(&self, record: &GatewayRecord) -> Result<()> {
        let bytes = serde_json::to_vec(record).unwrap_or_default();
        self.dir.state.write(record_file(self.port), &bytes)
    }

    /// Removes the record: there is nothing to end any more.
    pub(crate) fn forget(&self) {
        // A record that stays names a process that has ended. The next run removes it.
        let _ = fs::remove_file(self.dir.state.path(record_file(self.port)));
    }

    /// Removes the record of one process. The record of another, started since, stays.
    pub(crate) fn forget_of(&self, pid: u32) {
        let bytes = self.dir.state.read(record_file(self.port)).ok().flatten();
        let record = bytes.and_then(|bytes| GatewayRecord::parse(&bytes));
        if record.is_none_or(|record| record.pid == pid) {
            self.forget();
        }
    }

    /// Leaves a note for a run with --foreground: another run of this tool ends the process.
    pub(crate) fn announce_end_of(&self, pid: u32) {
        // Without the note that run reports that the Gateway ended on its own.
        let bytes = pid.to_string().into_bytes();
        let _ = self.dir.state.write(self.dir.relative(ANNOUNCED), &bytes);
    }

    /// Whether another run of this tool ends, or has ended, this process.
    pub(crate) fn is_announced(&self, pid: u32) -> bool {
        let announced = self
            .dir
            .state
            .read(self.dir.relative(ANNOUNCED))
            .ok()
            .flatten();
        announced.is_some_and(|bytes| bytes == pid.to_string().as_bytes())
    }

    /// Removes that note, which is about an earlier process.
    pub(crate) fn forget_announced(&self) {
        let _ = fs::remove_file(self.dir.state.path(self.dir.relative(ANNOUNCED)));
    }

    /// Removes the copies of the keystore that a killed Gateway has left. Call it only when none runs.
    ///
    /// Vert.x 3.5 copies what it finds on the class path to a cache in the working directory, and removes the cache when it
    /// ends (io/vertx/core/impl/FileResolver.java).
    pub(crate) fn forget_leftovers(&self) {
        for folder in ["run/.vertx", ".vertx"] {
            let entries = fs::read_dir(self.dir.path(folder)).into_iter().flatten();
            for entry in entries.flatten() {
                if entry
                    .file_name()
                    .to_string_lossy()
                    .starts_with("file-cache-")
                {
                    // The next start removes one that stays.
                    let _ = fs::remove_dir_all(entry.path());
                }
            }
        }
    }

    /// Finds out who has the port.
    ///
    /// The socket of a killed process closes some milliseconds after the process has disappeared. So a port whose process
    /// cannot be seen is looked at again, for as long as a Gateway may take to answer.
    pub(crate) fn port_use(&self, deadline: Deadline) -> Result<PortUse> {
        let patience = deadline.or_after(PATIENCE);
        loop {
            if self.try_listen()? {
                return Ok(PortUse::Free);
            }
            let stranger = match self.gateway.root(patience) {
                GatewayRoot::Login => return Ok(PortUse::Gateway),
                GatewayRoot::AccessDenied => return Ok(PortUse::Taken(self.refusal())),
                GatewayRoot::Broken => return Ok(PortUse::Taken(self.breakage())),
                GatewayRoot::Untrusted(cause) => return Ok(PortUse::Taken(self.distrust(&cause))),
                GatewayRoot::Other(cause) => cause,
                GatewayRoot::Down(cause) => cause.to_string(),
                GatewayRoot::TimedOut => "it accepts connections and does not answer".to_owned(),
            };
            let holder = listener::holder_of(self.port);
            if holder.is_some() || !patience.pause(PAUSE) {
                return Ok(PortUse::Taken(self.stranger(holder, &stranger)));
            }
        }
    }

    /// Listens on the port for a moment; false when another process has it.
    fn try_listen(&self) -> Result<bool> {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AddrInUse => Ok(false),
            Err(error) => {
                let message = format!(
                    "port {} cannot be used: {error} (give another with --port N)",
                    self.port
                );
                Err(Error::new(Exit::Config, message))
            }
        }
    }

    /// What to say when the Gateway's address filter refuses us.
    pub(crate) fn refusal(&self) -> String {
        format!(
            "the Gateway at {} refuses this machine (add 127.0.0.1 to ips.allow in its conf.yaml, and start it again)",
            self.url
        )
    }

    /// What to say when the Gateway's address filter breaks it.
    pub(crate) fn breakage(&self) -> String {
        format!(
            "the Gateway at {} answers 500 (an entry of ips in its conf.yaml is at fault, such as \"*\" or a number; ibgw-start --check names it)",
            self.url
        )
    }

    /// What to say when the Gateway shows a certificate that is not accepted.
    pub(crate) fn distrust(&self, cause: &str) -> String {
        format!(
            "what answers at {} shows a certificate that is not accepted: {cause} (give the file that has it with --cacert, or end that process)",
            self.url
        )
    }

    /// What to say when another process than the one that was started has the port.
    pub(crate) fn held_by_another(&self) -> String {
        let port = self.port;
        let holder = self.described(listener::holder_of(port));
        format!(
            "port {port} is held {holder}, and not by the one that was started (end it, or give another with --port N)"
        )
    }

    fn stranger(&self, holder: Option<PortHolder>, cause: &str) -> String {
        let port = self.port;
        let holder = self.described(holder);
        format!(
            "port {port} is held {holder}, which is not a Gateway: {cause} (end it, or give another with --port N)"
        )
    }

    /// Whether an IB Gateway, started with this state directory, serves its API at this port.
    pub(crate) fn is_ib_gateways(&self) -> bool {
        Course::is_supervised(&self.dir.state, self.port)
    }

    fn described(&self, holder: Option<PortHolder>) -> String {
        if self.is_ib_gateways() {
            return "by an IB Gateway that was started here, with --kind tws".to_owned();
        }
        holder.map_or_else(
            || "by a process that this user cannot see".to_owned(),
            |holder| format!("by {} (process {})", holder.name, holder.pid),
        )
    }
}
