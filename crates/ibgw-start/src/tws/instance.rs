//! One IB Gateway: the port of its API, and what is kept of it.

use crate::record::Record;
use anyhow::Context;
use ib_cli::{Exit, Lock, OrExit, Result, StateArgs, StateDir, time};
use ib_proc::{Deadline, Identity};
use ib_tws::{COURSE_FILE, Course};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::SystemTime;

/// The course while it is being written; only the supervisor does.
const UNFINISHED: &str = "course.json.part";

/// One IB Gateway.
pub struct Instance {
    pub api_port: u16,
    pub state: StateDir,
    folder: PathBuf,
}

impl Instance {
    /// The instance whose API is at this port.
    pub fn open(state: &StateArgs, api_port: u16) -> Result<Self> {
        let state_dir = state.state_dir.as_ref();
        let state_dir = state_dir
            .map(std::path::absolute)
            .transpose()
            .context("finding the state directory (give --state-dir DIR)")
            .or_exit(Exit::Config)?;
        let instance = Self {
            api_port,
            state: StateDir::open(&StateArgs { state_dir })?,
            folder: PathBuf::from(format!("gateway/tws-{api_port}")),
        };
        instance.state.create(&instance.folder)?;
        Ok(instance)
    }

    /// Where the API is.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.api_port)
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
        self.state.lock(self.folder.join("lock"), deadline)
    }

    /// The supervisor, while it runs.
    pub fn supervisor(&self) -> Result<Option<Record>> {
        let bytes = self.state.read(self.folder.join("record.json"))?;
        let record = bytes.and_then(|bytes| Record::parse(&bytes));
        Ok(record.filter(|record| record.identity().is_alive()))
    }

    /// Keeps that this process is the supervisor.
    pub fn supervise(&self) -> Result<()> {
        let Some(identity) = Identity::of(std::process::id()) else {
            return Ok(());
        };
        let log = self.path("ibc.log").to_string_lossy().into_owned();
        let record = Record::new(&identity, &self.address(), log, time(SystemTime::now()));
        let bytes = serde_json::to_vec(&record).unwrap_or_default();
        self.state.write(self.folder.join("record.json"), &bytes)
    }

    /// There is no supervisor any more.
    pub fn forget(&self) {
        // What cannot be removed names a process that is gone.
        let _ = fs::remove_file(self.path("record.json"));
    }

    /// How the last start goes, or went; `None` before the first.
    pub fn course(&self) -> Result<Option<Course>> {
        let bytes = self.state.read(self.folder.join(COURSE_FILE))?;
        Ok(bytes.and_then(|bytes| Course::parse(&bytes)))
    }

    /// Keeps how it goes, whole; not through a crash of the machine, after which nothing goes any more, and the disk
    /// would hold up who watches.
    pub fn keep(&self, course: &Course) -> Result<()> {
        let (path, unfinished) = (self.path(COURSE_FILE), self.path(UNFINISHED));
        let mut options = OpenOptions::new();
        options
            .create(true)
            .write(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)
            .and_then(|mut file| file.write_all(&course.to_bytes()))
            .and_then(|()| fs::rename(&unfinished, &path))
            .with_context(|| format!("writing {}", path.display()))
            .or_exit(Exit::Config)
    }
}
