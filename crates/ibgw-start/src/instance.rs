//! One gateway: its kind and port, where it answers, and what is kept of it.

use crate::Args;
use crate::ending::Ending;
use crate::listener;
use crate::record::Record;
use anyhow::Context;
use ib_cli::{Error, Exit, Lock, OrExit, Result, StateArgs, StateDir, warn};
use ib_proc::Deadline;
use ib_webapi::{Front, Gateway};
use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long whoever holds the port may take to show that it is a Gateway, which answers at its root by itself.
const PATIENCE: Duration = Duration::from_millis(1500);

/// One gateway.
pub struct Instance {
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

impl Instance {
    /// The instance that the flags name.
    pub fn open(args: &Args) -> Result<Self> {
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
    pub fn ending(&self) -> Ending {
        Ending::of(&self.state, &self.folder)
    }

    /// The gateway that was started and still runs; a record of one that is gone is removed.
    pub fn running(&self) -> Result<Option<Record>> {
        let Some(bytes) = self.state.read(self.record())? else {
            return Ok(None);
        };
        let Some(record) = Record::parse(&bytes) else {
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
    pub fn remember(&self, record: &Record) -> Result<()> {
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
        let record = bytes.and_then(|bytes| Record::parse(&bytes));
        if record.is_none_or(|record| record.pid == pid) {
            self.forget();
        }
    }

    fn record(&self) -> PathBuf {
        self.folder.join("record.json")
    }

    /// Looks who has the port.
    pub fn port(&self, deadline: Deadline) -> Result<Port> {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)) {
            Ok(_) => return Ok(Port::Free),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => {
                let message = format!(
                    "port {} cannot be used: {error} (give another with --port N)",
                    self.port
                );
                return Err(Error::new(Exit::Config, message));
            }
        }
        Ok(match self.gateway.front(deadline.or_after(PATIENCE)) {
            Front::Login => Port::Gateway,
            Front::AccessDenied => Port::Taken(self.refusal()),
            Front::Broken => Port::Taken(self.breakage()),
            Front::Untrusted(cause) => Port::Taken(self.distrust(&cause)),
            Front::Other(cause) => Port::Taken(self.stranger(&cause)),
            Front::Down(cause) => Port::Taken(self.stranger(&cause)),
            Front::TimedOut => Port::Taken(self.stranger("it accepts and does not answer")),
        })
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
            "the Gateway at {} answers 500 to everything (its conf.yaml may have \"*\" in ips.allow or ips.deny: write 127.0.0.1)",
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
        let (port, holder) = (self.port, self.holder());
        format!(
            "port {port} is held {holder}, and not by the one that was started (end it, or give another with --port N)"
        )
    }

    fn stranger(&self, cause: &str) -> String {
        let (port, holder) = (self.port, self.holder());
        format!(
            "port {port} is held {holder}, which is no Gateway: {cause} (end it, or give another with --port N)"
        )
    }

    /// Whether an IB Gateway that was started with this state directory serves its API at this port.
    pub fn is_ib_gateways(&self) -> bool {
        let course = format!("gateway/tws-{}/{}", self.port, ib_tws::COURSE_FILE);
        let course = self.state.read(course).ok().flatten();
        let course = course.and_then(|bytes| ib_tws::Course::parse(&bytes));
        course.is_some_and(|course| course.supervisor().is_some())
    }

    fn holder(&self) -> String {
        if self.is_ib_gateways() {
            return "by an IB Gateway that was started here, with --kind tws".to_owned();
        }
        listener::of(self.port).map_or_else(
            || "by a process that is not ours to see".to_owned(),
            |holder| format!("by {} (process {})", holder.name, holder.pid),
        )
    }
}
