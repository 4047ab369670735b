//! Follows a supervisor that has just been started.

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

/// How the start goes that the supervisor makes.
pub(crate) enum FollowedStart {
    /// Username and password are being sent, or it has come further.
    Sent(Course),
    /// IB Gateway has ended before that.
    Ended(Course),
    /// The supervisor could not start it.
    Failed(Error),
    /// None of these before the deadline.
    Late(Option<Course>),
}

/// The error line of the supervisor.
#[derive(Deserialize)]
struct SupervisorError {
    exit: u8,
    message: String,
}

/// Follows until username and password are being sent; with `--manual`, until the window is there.
pub(crate) fn until_sent(
    is_manual: bool,
    instance: &TwsInstance,
    supervisor: &mut Child,
    deadline: Deadline,
) -> Result<FollowedStart> {
    let pid = supervisor.id();
    loop {
        let has_ended = !matches!(supervisor.try_wait(), Ok(None));
        // The course of an earlier start does not count.
        let course = instance.course()?.filter(|course| course.is_by(pid));
        if has_ended {
            return ended(instance, course);
        }
        let sent = course.filter(|course| is_sent(is_manual, course.phase));
        if let Some(course) = sent {
            return Ok(FollowedStart::Sent(course));
        }
        // The supervisor writes a file, and a person does not notice a delay of this length.
        if !deadline.pause(Duration::from_millis(25)) {
            let course = instance.course()?;
            let course = course.filter(|course| course.is_by(pid));
            return Ok(FollowedStart::Late(course));
        }
    }
}

/// What a supervisor that has ended leaves: its error, if it left one and no status of IBC's; else the course.
fn ended(instance: &TwsInstance, course: Option<Course>) -> Result<FollowedStart> {
    let error = error(instance);
    let Some(course) = course.filter(|course| course.phase.is_end()) else {
        let died = || Error::new(Exit::Unexpected, "the supervisor of IB Gateway died");
        return Ok(FollowedStart::Failed(error.unwrap_or_else(died)));
    };
    Ok(match error.filter(|_| course.ibc_exit.is_none()) {
        Some(error) => FollowedStart::Failed(error),
        None => FollowedStart::Ended(course),
    })
}

/// Whether the start has come as far as the run that began it waits for.
fn is_sent(is_manual: bool, phase: Phase) -> bool {
    match phase {
        Phase::Starting | Phase::Restarting | Phase::Stopped | Phase::Rejected | Phase::Stuck => {
            false
        }
        Phase::Window => is_manual,
        Phase::Credentials
        | Phase::SecondFactor
        | Phase::SecondFactorAcked
        | Phase::Loading
        | Phase::LoggedIn
        | Phase::Ready
        | Phase::Degraded => true,
    }
}

/// The file with what the supervisor prints: its report, and its error.
pub(crate) fn supervisor_log(instance: &TwsInstance) -> Result<File> {
    let path = instance.dir.path("supervisor.log");
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
fn error(instance: &TwsInstance) -> Option<Error> {
    let text = fs::read_to_string(instance.dir.path("supervisor.log")).unwrap_or_default();
    let line = text
        .lines()
        .rev()
        .find_map(|line| serde_json::from_str::<SupervisorError>(line).ok());
    line.map(|line| {
        let exit = Exit::from_code(line.exit).unwrap_or(Exit::Unexpected);
        Error::new(exit, line.message)
    })
}
