//! Following a supervisor that has just been started.

use crate::StartArgs;
use crate::tws::instance::TwsInstance;
use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result};
use ib_proc::Deadline;
use ib_tws::{Course, Phase};
use serde::Deserialize;
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::process::Child;
use std::time::Duration;

/// What became of it.
pub enum Followed {
    /// Username and password are being sent, or it has come further.
    Goes(Course),
    /// IB Gateway has ended before that.
    Ended(Course),
    /// The supervisor could not start it.
    Broke(Error),
    /// Neither, and the time is up.
    Late(Option<Course>),
}

/// What the supervisor says when it fails.
#[derive(Deserialize)]
struct Said {
    exit: u8,
    message: String,
}

/// Follows until username and password are being sent; with `--manual`, until the window is there.
pub fn until_typed(
    args: &StartArgs,
    instance: &TwsInstance,
    supervisor: &mut Child,
    deadline: Deadline,
) -> Result<Followed> {
    let pid = supervisor.id();
    loop {
        let has_ended = !matches!(supervisor.try_wait(), Ok(None));
        // The course of an earlier start says nothing of this one.
        let course = instance.course()?.filter(|course| course.is_by(pid));
        match course {
            Some(course) if has_ended && course.phase.is_end() => match said(instance)? {
                Some(error) if course.ibc_exit.is_none() => return Ok(Followed::Broke(error)),
                _ => return Ok(Followed::Ended(course)),
            },
            _ if has_ended => {
                let error = said(instance)?.unwrap_or_else(|| {
                    Error::new(Exit::Unexpected, "the supervisor of IB Gateway died")
                });
                return Ok(Followed::Broke(error));
            }
            Some(course) if !course.phase.is_end() && goes(args, course.phase) => {
                return Ok(Followed::Goes(course));
            }
            _ => {}
        }
        // The supervisor's word is a file: it is looked at as often as a person would notice.
        if !deadline.pause(Duration::from_millis(25)) {
            let course = instance.course()?;
            return Ok(Followed::Late(course.filter(|course| course.is_by(pid))));
        }
    }
}

fn goes(args: &StartArgs, phase: Phase) -> bool {
    match phase {
        Phase::Starting | Phase::Restarting => false,
        Phase::Window => args.tws.manual,
        _ => true,
    }
}

/// The file with what the supervisor prints: its report, and its error.
pub fn supervisor_log(instance: &TwsInstance) -> Result<File> {
    let path = instance.path("supervisor.log");
    OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(&path)
        .with_context(|| format!("opening {}", path.display()))
        .or_exit(Exit::Config)
}

/// The error that the supervisor ended with, if it did.
fn said(instance: &TwsInstance) -> Result<Option<Error>> {
    let text = fs::read_to_string(instance.path("supervisor.log")).unwrap_or_default();
    let said = text
        .lines()
        .rev()
        .find_map(|line| serde_json::from_str::<Said>(line).ok());
    Ok(said.map(|said| {
        let exit = Exit::from_code(said.exit).unwrap_or(Exit::Unexpected);
        Error::new(exit, said.message)
    }))
}
