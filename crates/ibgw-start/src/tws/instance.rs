//! One IB Gateway: the port of its API, and what is kept of it.

use crate::service::instance_dir::InstanceDir;
use anyhow::Context;
use ib_cli::{Exit, OrExit, Result};
use ib_proc::Identity;
use ib_tws::{COURSE_FILE, Course};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The course while it is being written. Only the supervisor writes it.
const UNFINISHED: &str = "course.json.part";

/// One IB Gateway.
pub(crate) struct TwsInstance {
    pub(crate) api_port: u16,
    pub(crate) dir: InstanceDir,
}

impl TwsInstance {
    /// The instance whose API is at this port.
    pub(crate) fn open(state_dir: Option<&Path>, api_port: u16) -> Result<Self> {
        let dir = InstanceDir::open(state_dir, &format!("tws-{api_port}"))?;
        dir.create("")?;
        Ok(Self { api_port, dir })
    }

    /// Where the API is.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.api_port)
    }

    /// The course of the last start; `None` before the first.
    pub(crate) fn course(&self) -> Result<Option<Course>> {
        Course::read(&self.dir.state, self.api_port)
    }

    /// Removes the course of the last start: a process of the next one may have the number of its supervisor.
    pub(crate) fn forget_course(&self) -> Result<()> {
        let path = self.dir.path(COURSE_FILE);
        let removed = fs::remove_file(&path);
        let is_missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        if removed.as_ref().is_err_and(is_missing) {
            return Ok(());
        }
        removed
            .with_context(|| format!("removing {}", path.display()))
            .or_exit(Exit::Config)
    }

    /// The course of the start that is being supervised, and its supervisor; `None` when no supervisor runs.
    pub(crate) fn supervised(&self) -> Result<Option<(Course, Identity)>> {
        let course = self.course()?;
        Ok(course.and_then(|course| {
            let supervisor = course.supervisor()?;
            Some((course, supervisor))
        }))
    }

    /// The ports of the other instances that run with this state directory.
    pub(crate) fn others(&self) -> Vec<u16> {
        let entries = fs::read_dir(self.dir.state.path("gateway"))
            .into_iter()
            .flatten();
        let ports = entries.flatten().filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            name.strip_prefix("tws-")?.parse().ok()
        });
        ports
            .filter(|port| *port != self.api_port)
            .filter(|port| Course::is_supervised(&self.dir.state, *port))
            .collect()
    }

    /// Writes the course as a whole. It need not survive a crash of the machine, which ends IB Gateway too, and to wait for
    /// the disk would delay the supervisor.
    pub(crate) fn write_course(&self, course: &Course) -> Result<()> {
        let path = self.dir.path(COURSE_FILE);
        let unfinished = self.dir.path(UNFINISHED);
        OpenOptions::new()
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
