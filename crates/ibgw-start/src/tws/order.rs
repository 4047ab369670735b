//! Orders to a running IB Gateway, to restart or to pause, through IBC's command server.

use crate::service::end_lock;
use crate::tws::agreement::WantedGateway;
use crate::tws::endings;
use crate::tws::instance::TwsInstance;
use crate::tws::report::TwsReport;
use crate::tws::request::TwsRequest;
use ib_cli::{Answer, Error, Exit, Mode, Result};
use ib_proc::{Deadline, Identity};
use ib_tws::{Course, CourseReason, IbcCommand, IbcReply, PendingCommand, Phase, command};
use std::time::Duration;

/// How long the supervisor may take to read of an order in IBC's log; it takes a tenth of a second.
const NOTICED: Duration = Duration::from_secs(5);

/// Gives the order. For a pause, waits for the end.
///
/// IBC carries out one order, at one of the next minutes, and refuses others until then. So the same order is done with
/// the pending one, and another order waits for its turn.
pub(crate) fn order(
    request: &TwsRequest,
    instance: &TwsInstance,
    named: Option<Mode>,
    wanted: PendingCommand,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    let wanted_gateway = WantedGateway {
        request,
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
        if let Some(error) = wanted_gateway.refuse_another(&course, &instance.address()) {
            let report = report(instance, &course, Some(supervisor.pid));
            return Ok(Answer::failed(report, error));
        }
        if give(&course, wanted, deadline)? {
            return wait_for_it(instance, course, &supervisor, wanted, deadline);
        }
        if !deadline.pause(end_lock::PAUSE) {
            return Err(late(if course.phase.is_logged_in() {
                "IBC carries out another order first (run this again, or "
            } else {
                "IB Gateway is not logged in, and cannot restart without a login (run this again, or "
            }));
        }
    }
}

/// Gives the order if IBC can take it; the value says whether IBC has it now.
fn give(course: &Course, wanted: PendingCommand, deadline: Deadline) -> Result<bool> {
    if let Some(pending) = course.pending {
        return Ok(pending == wanted);
    }
    if course.is_ending() {
        let pauses = course.reason == Some(CourseReason::Paused);
        return Ok(wanted == PendingCommand::Pause && pauses);
    }
    if !course.phase.is_logged_in() {
        // Before a login there is no token to restart with. While it restarts, IBC takes no orders.
        return Ok(false);
    }
    send(course, wanted, deadline)
}

/// Sends the order to IBC; the value says whether IBC takes it.
fn send(course: &Course, wanted: PendingCommand, deadline: Deadline) -> Result<bool> {
    let word = match wanted {
        PendingCommand::Restart => IbcCommand::Restart,
        PendingCommand::Pause => IbcCommand::Pause,
    };
    match command(course.command_port, word, deadline)? {
        IbcReply::Accepted(words) => {
            ib_cli::log("info", "ordered", &words);
            Ok(true)
        }
        // The course says in a moment which order it is.
        IbcReply::InProgress => Ok(false),
    }
}

/// The answer to an order that IBC has: at once for a restart, at the end for a pause.
fn wait_for_it(
    instance: &TwsInstance,
    course: Course,
    supervisor: &Identity,
    wanted: PendingCommand,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    match wanted {
        PendingCommand::Restart => {
            let course = with_order(instance, course, wanted, deadline)?;
            let report = report(instance, &course, Some(supervisor.pid));
            Ok(Answer::done(report))
        }
        PendingCommand::Pause if supervisor.is_gone_by(deadline) => {
            // A start that waited for the pause may have begun a course of its own.
            let last = instance.course()?;
            let last = last.filter(|last| last.is_by(supervisor.pid));
            let course = last.unwrap_or_else(|| paused(course));
            Ok(endings::answer(report(instance, &course, None), &course))
        }
        PendingCommand::Pause => Err(late(
            "a pause of IB Gateway was asked for, and has not ended in time (it will; ",
        )),
    }
}

/// The course with the order in it. The supervisor reads the order in IBC's log.
fn with_order(
    instance: &TwsInstance,
    mut course: Course,
    wanted: PendingCommand,
    deadline: Deadline,
) -> Result<Course> {
    let restarts = course.restarts;
    let deadline = deadline.or_after(NOTICED);
    while course.pending != Some(wanted) && course.restarts == restarts {
        if !deadline.pause(end_lock::PAUSE) {
            break;
        }
        course = instance.course()?.unwrap_or(course);
    }
    Ok(course)
}

/// The course of an IB Gateway that has paused without a last note of its supervisor.
fn paused(mut course: Course) -> Course {
    course.phase = Phase::Stopped;
    course.reason = Some(CourseReason::Paused);
    course.pending = None;
    course
}

fn late(why: &str) -> Error {
    Error::new(Exit::TimedOut, format!("{why}give a longer --timeout)"))
}

fn report(instance: &TwsInstance, course: &Course, pid: Option<u32>) -> TwsReport {
    let mut report = TwsReport::new(instance, course.mode).with(course);
    report.pid = pid;
    report
}
