//! One gateway: its kind and port, where it answers, and what is kept of it.

use crate::StartArgs;
use crate::service::ending::EndLock;
use crate::service::gateway_record::GatewayRecord;
use crate::service::listener::{self, Holder};
use anyhow::Context;
use ib_cli::{Error, Exit, Lock, OrExit, Result, StateArgs, StateDir, warn};
use ib_proc::Deadline;
use ib_tws::Course;
use ib_webapi::{Gateway, GatewayRoot, record_file};
use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long whoever holds the port may take to show that it is a Gateway, which answers at its root by itself.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Between two looks at a port whose process cannot be seen.
const PAUSE: Duration = Duration::from_millis(20);

/// One gateway.
pub struct GatewayInstance {
    pub kind: &'static str,
    pub url: String,
    pub port: u16,
    pub gateway: Arc<Gateway>,
    state: StateDir,
    /// Below the state directory.
    folder: PathBuf,
}

/// Who has the port.
pub enum Port {
    /// Nobody.
    Free,
    /// A Gateway that lets us in.
    Gateway,
    /// Something else, or a Gateway that cannot be used; the sentence says what.
    Taken(String),
}

impl GatewayInstance {
    /// The instance that the flags name.
    pub fn open(args: &StartArgs) -> Result<Self> {
        let cacert = args.cacert();
        let gateway = match args.port {
            Some(port) => Gateway::at(&format!("https://localhost:{port}"), cacert.as_deref()),
            None => Gateway::at(&args.gateway.url, cacert.as_deref()),
        }?;
        if !gateway.is_loopback() {
            let message =
                "--url names another machine: a gateway is started on this one (give --port N)";
            return Err(Error::new(Exit::Usage, message));
        }
        let port = gateway.port();
        // Java has a working directory of its own.
        let state_dir = args.state.state_dir.as_ref();
        let state_dir = state_dir
            .map(std::path::absolute)
            .transpose()
            .context("finding the state directory (give --state-dir DIR)")
            .or_exit(Exit::Config)?;
        Ok(Self {
            kind: args.kind.name(),
            url: gateway.url().to_owned(),
            port,
            gateway: Arc::new(gateway),
            state: StateDir::open(&StateArgs { state_dir })?,
            folder: PathBuf::from(format!("gateway/{}-{port}", args.kind.name())),
        })
    }

    /// The path of something of the instance.
    pub fn path(&self, below: &str) -> PathBuf {
        self.state.path(self.folder.join(below))
    }

    /// Creates a directory of the instance.
    pub fn create(&self, below: &str) -> Result<PathBuf> {
        self.state.create(self.folder.join(below))
    }

    /// Waits until nobody else starts this instance.
    pub fn lock(&self, deadline: Deadline) -> Result<Lock> {
        self.state.create(&self.folder)?;
        self.state.lock(self.folder.join("lock"), deadline)
    }

    /// Its end, while it is being ended.
    pub fn ending(&self) -> EndLock {
        EndLock::of(&self.state, &self.folder)
    }

    /// The gateway that was started and still runs; a record of one that is gone is removed.
    pub fn running(&self) -> Result<Option<GatewayRecord>> {
        let Some(bytes) = self.state.read(self.record())? else {
            return Ok(None);
        };
        let Some(record) = GatewayRecord::parse(&bytes) else {
            let aside = self.state.set_aside(self.record())?;
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

    /// Keeps which process it is.
    pub fn remember(&self, record: &GatewayRecord) -> Result<()> {
        let bytes = serde_json::to_vec(record).unwrap_or_default();
        self.state.write(self.record(), &bytes)
    }

    /// There is nothing to be ended any more.
    pub fn forget(&self) {
        // What cannot be removed names a process that is gone: it is removed by the next run.
        let _ = fs::remove_file(self.state.path(self.record()));
    }

    /// The same of one process: what is kept of another, started since, stays.
    pub fn forget_of(&self, pid: u32) {
        let bytes = self.state.read(self.record()).ok().flatten();
        let record = bytes.and_then(|bytes| GatewayRecord::parse(&bytes));
        if record.is_none_or(|record| record.pid == pid) {
            self.forget();
        }
    }

    /// Says to who holds the process that it is another run of this tool that ends it.
    pub fn announce_end_of(&self, pid: u32) {
        // Without it the other says that the Gateway ended of its own accord.
        let _ = self
            .state
            .write(self.announced(), pid.to_string().as_bytes());
    }

    /// Whether another run of this tool ends, or has ended, this process.
    pub fn is_announced(&self, pid: u32) -> bool {
        let announced = self.state.read(self.announced()).ok().flatten();
        announced.is_some_and(|bytes| bytes == pid.to_string().as_bytes())
    }

    /// No process of before is ended any more.
    pub fn forget_announced(&self) {
        let _ = fs::remove_file(self.state.path(self.announced()));
    }

    fn announced(&self) -> PathBuf {
        self.folder.join("ended")
    }

    /// Removes the copies of the keystore that a Gateway leaves which was killed; only when none runs.
    ///
    /// Vert.x 3.5 takes what it finds on the class path to a cache in the working directory, and removes that at its
    /// end (io/vertx/core/impl/FileResolver.java).
    pub fn forget_leftovers(&self) {
        for folder in ["run/.vertx", ".vertx"] {
            let entries = fs::read_dir(self.path(folder)).into_iter().flatten();
            for entry in entries.flatten() {
                if entry
                    .file_name()
                    .to_string_lossy()
                    .starts_with("file-cache-")
                {
                    // One that stays is seen to by the next start.
                    let _ = fs::remove_dir_all(entry.path());
                }
            }
        }
    }

    fn record(&self) -> PathBuf {
        record_file(self.port)
    }

    /// Looks who has the port.
    ///
    /// The socket of a killed process closes some milliseconds after the process can be seen no more. So a port whose
    /// process cannot be seen is looked at again, for as long as a Gateway may take to answer.
    pub fn port(&self, deadline: Deadline) -> Result<Port> {
        let patience = deadline.or_after(PATIENCE);
        loop {
            if self.is_free()? {
                return Ok(Port::Free);
            }
            let stranger = match self.gateway.front(patience) {
                GatewayRoot::Login => return Ok(Port::Gateway),
                GatewayRoot::AccessDenied => return Ok(Port::Taken(self.refusal())),
                GatewayRoot::Broken => return Ok(Port::Taken(self.breakage())),
                GatewayRoot::Untrusted(cause) => return Ok(Port::Taken(self.distrust(&cause))),
                GatewayRoot::Other(cause) => cause,
                GatewayRoot::Down(cause) => cause.to_string(),
                GatewayRoot::TimedOut => "it accepts and does not answer".to_owned(),
            };
            let holder = listener::of(self.port);
            if holder.is_some() || !patience.pause(PAUSE) {
                return Ok(Port::Taken(self.stranger(holder, &stranger)));
            }
        }
    }

    /// Whether the port can be listened on.
    fn is_free(&self) -> Result<bool> {
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
    pub fn refusal(&self) -> String {
        format!(
            "the Gateway at {} refuses this machine (add 127.0.0.1 to ips.allow in its conf.yaml, and start it again)",
            self.url
        )
    }

    /// What to say when the Gateway's address filter breaks it.
    pub fn breakage(&self) -> String {
        format!(
            "the Gateway at {} answers 500 (an entry of ips in its conf.yaml is at fault, such as \"*\" or a number; ibgw-start --check names it)",
            self.url
        )
    }

    /// What to say when another certificate is shown than one that was asked for.
    pub fn distrust(&self, cause: &str) -> String {
        format!(
            "what answers at {} shows a certificate that is not accepted: {cause} (give the file that has it with --cacert, or end who shows it)",
            self.url
        )
    }

    /// What to say when the port is not that of the process that was started.
    pub fn held_by_another(&self) -> String {
        let (port, holder) = (self.port, self.described(listener::of(self.port)));
        format!(
            "port {port} is held {holder}, and not by the one that was started (end it, or give another with --port N)"
        )
    }

    fn stranger(&self, holder: Option<Holder>, cause: &str) -> String {
        let (port, holder) = (self.port, self.described(holder));
        format!(
            "port {port} is held {holder}, which is no Gateway: {cause} (end it, or give another with --port N)"
        )
    }

    /// Whether an IB Gateway that was started with this state directory serves its API at this port.
    pub fn is_ib_gateways(&self) -> bool {
        Course::is_supervised(&self.state, self.port)
    }

    fn described(&self, holder: Option<Holder>) -> String {
        if self.is_ib_gateways() {
            return "by an IB Gateway that was started here, with --kind tws".to_owned();
        }
        holder.map_or_else(
            || "by a process that is not ours to see".to_owned(),
            |holder| format!("by {} (process {})", holder.name, holder.pid),
        )
    }
}
