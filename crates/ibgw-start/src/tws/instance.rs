//! One IB Gateway: the port of its API, and what is kept of it.

use crate::service::ending::EndLock;
use anyhow::Context;
use ib_cli::{Exit, Lock, OrExit, Result, StateArgs, StateDir};
use ib_proc::{Deadline, Identity};
use ib_tws::{COURSE_FILE, Course};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

/// The course while it is being written; only the supervisor does.
const UNFINISHED: &str = "course.json.part";

/// One IB Gateway.
pub struct TwsInstance {
    pub api_port: u16,
    pub state: StateDir,
    folder: PathBuf,
}

impl TwsInstance {
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

    /// Its end, while it is being ended.
    pub fn ending(&self) -> EndLock {
        EndLock::of(&self.state, &self.folder)
    }

    /// How the last start goes, or went; `None` before the first.
    pub fn course(&self) -> Result<Option<Course>> {
        Course::read(&self.state, self.api_port)
    }

    /// Forgets how the last start went: a process of a later one may have the number of its supervisor.
    pub fn forget_course(&self) -> Result<()> {
        let path = self.path(COURSE_FILE);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error)
                .with_context(|| format!("removing {}", path.display()))
                .or_exit(Exit::Config),
            _ => Ok(()),
        }
    }

    /// How the start goes that is being supervised, and by whom; `None` when there is none.
    pub fn supervised(&self) -> Result<Option<(Course, Identity)>> {
        let course = self.course()?;
        Ok(course.and_then(|course| {
            let supervisor = course.supervisor()?;
            Some((course, supervisor))
        }))
    }

    /// The ports of the other instances that run with this state directory.
    pub fn others(&self) -> Vec<u16> {
        let entries = fs::read_dir(self.state.path("gateway"))
            .into_iter()
            .flatten();
        let ports = entries.flatten().filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            name.strip_prefix("tws-")?.parse().ok()
        });
        ports
            .filter(|port| *port != self.api_port)
            .filter(|port| Course::is_supervised(&self.state, *port))
            .collect()
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
