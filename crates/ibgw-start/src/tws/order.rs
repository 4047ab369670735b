//! Telling a running IB Gateway to start again or to pause, through IBC's command server.

use crate::StartArgs;
use crate::service::ending;
use crate::tws::agreement::Named;
use crate::tws::endings;
use crate::tws::instance::TwsInstance;
use crate::tws::report::TwsReport;
use ib_cli::{Answer, Error, Exit, Mode, Result};
use ib_proc::{Deadline, Identity};
use ib_tws::{Course, CourseReason, IbcCommand, IbcReply, PendingCommand, Phase, command};
use std::time::Duration;

/// How long the supervisor may take to read of an order; it takes a tenth of a second.
const NOTICED: Duration = Duration::from_secs(5);

/// Gives the order, and waits for the end where it is to pause.
///
/// IBC carries one order out at one of the next minutes, and refuses others until then: the same one is done by that,
/// and another waits for its turn.
pub fn order(
    args: &StartArgs,
    instance: &TwsInstance,
    named: Option<Mode>,
    wanted: PendingCommand,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    let wanted_one = Named {
        args: &args.tws,
        mode: named,
        username: None,
    };
    loop {
        let Some((course, supervisor)) = instance.supervised()? else {
            let message = format!(
                "no IB Gateway runs at {} (start it with ibgw-start --kind tws)",
                instance.address()
            );
            return Err(Error::new(Exit::Config, message));
        };
        if let Some(error) = wanted_one.refuse_another(&course, &instance.address()) {
            let outcome = outcome(instance, &course, Some(supervisor.pid));
            return Ok(Answer::failed(outcome, error));
        }
        let is_taken = match course.pending {
            Some(pending) => pending == wanted,
            None if course.is_ending() => {
                wanted == PendingCommand::Pause && course.reason == Some(CourseReason::Paused)
            }
            // Before a login there is no token to restart with, and while it starts again IBC takes no orders.
            None if !course.phase.is_logged_in() => false,
            None => is_taken(&course, wanted, deadline)?,
        };
        if is_taken {
            return carried_out(instance, course, &supervisor, wanted, deadline);
        }
        if !deadline.pause(ending::PAUSE) {
            return Err(late(if course.phase.is_logged_in() {
                "IBC carries out another order first (run this again, or "
            } else {
                "IB Gateway is not logged in, and cannot restart without a login (run this again, or "
            }));
        }
    }
}

/// The answer to an order that IBC has taken: of a pause at its end, of a restart at once.
fn carried_out(
    instance: &TwsInstance,
    course: Course,
    supervisor: &Identity,
    wanted: PendingCommand,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    match wanted {
        PendingCommand::Restart => {
            let course = with_order(instance, course, wanted, deadline)?;
            let outcome = outcome(instance, &course, Some(supervisor.pid));
            Ok(Answer::done(outcome))
        }
        PendingCommand::Pause if supervisor.is_gone_by(deadline) => {
            // A start that waited for the pause may have begun a course of its own.
            let last = instance.course()?;
            let course = match last.filter(|last| last.is_by(supervisor.pid)) {
                Some(last) => last,
                None => paused(course),
            };
            Ok(endings::answer(outcome(instance, &course, None), &course))
        }
        PendingCommand::Pause => Err(late(
            "IB Gateway was told to pause, and has not ended in time (it will; ",
        )),
    }
}

/// Whether IBC takes the order, or has it already.
fn is_taken(course: &Course, wanted: PendingCommand, deadline: Deadline) -> Result<bool> {
    let word = match wanted {
        PendingCommand::Restart => IbcCommand::Restart,
        PendingCommand::Pause => IbcCommand::Pause,
    };
    match command(course.command_port, word, deadline)? {
        IbcReply::Accepted(words) => {
            ib_cli::log("info", "ordered", &words);
            Ok(true)
        }
        // The supervisor says in a moment which one it is.
        IbcReply::InProgress => Ok(false),
    }
}

/// The course with the order in it, which the supervisor reads in IBC's log.
fn with_order(
    instance: &TwsInstance,
    mut course: Course,
    wanted: PendingCommand,
    deadline: Deadline,
) -> Result<Course> {
    let (restarts, deadline) = (course.restarts, deadline.or_after(NOTICED));
    while course.pending != Some(wanted) && course.restarts == restarts {
        if !deadline.pause(ending::PAUSE) {
            break;
        }
        course = instance.course()?.unwrap_or(course);
    }
    Ok(course)
}

/// The course of one that has paused and left no other word.
fn paused(mut course: Course) -> Course {
    course.phase = Phase::Stopped;
    course.reason = Some(CourseReason::Paused);
    course.pending = None;
    course
}

fn late(why: &str) -> Error {
    Error::new(Exit::TimedOut, format!("{why}give a longer --timeout)"))
}

fn outcome(instance: &TwsInstance, course: &Course, pid: Option<u32>) -> TwsReport {
    let mut outcome = TwsReport::new(instance, course.mode).with(course);
    outcome.pid = pid;
    outcome
}
