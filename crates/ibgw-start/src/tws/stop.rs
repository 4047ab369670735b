//! Ending exactly the IB Gateway that was started.

use crate::StartArgs;
use crate::cp::stop::survived;
use crate::service::gateway_record::GatewayRecord;
use crate::tws::agreement::Named;
use crate::tws::instance::TwsInstance;
use crate::tws::report::{TwsReport, TwsState};
use ib_cli::{Answer, Error, Exit, Mode, Result, warn};
use ib_proc::Deadline;
use ib_proc::identity::Ended;
use ib_tws::{CourseReason, Phase};
use std::time::Duration;

/// How long what does not close by itself may take to end by SIGTERM.
const GRACE: Duration = Duration::from_secs(5);

/// Tells the supervisor to end it, which asks IBC first; that none runs is no failure, unless another may be meant.
pub fn stop(
    args: &StartArgs,
    instance: &TwsInstance,
    named: Option<Mode>,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    let mut outcome = TwsReport::new(instance, named.unwrap_or_default());
    let Some((course, supervisor)) = instance.supervised()? else {
        return Ok(match another(args, instance) {
            Some(error) => Answer::failed(outcome, error),
            None => Answer::done(outcome),
        });
    };
    outcome.pid = Some(supervisor.pid);
    let wanted = Named {
        args: &args.tws,
        mode: named,
        username: None,
    };
    if let Some(error) = wanted.refuse_another(&course, &outcome.address) {
        outcome = outcome.with(&course);
        return Ok(Answer::failed(outcome, error));
    }
    let _ending = instance.ending().begin();
    if !supervisor.ends_by_itself(deadline) {
        let message = format!(
            "IB Gateway did not close in time: process {} and all below it were killed, and it may hold its place at \
             IBKR for hours (give a longer --timeout)",
            supervisor.pid
        );
        warn("killed", &message);
        if supervisor.end_with_all_below(GRACE) == Ended::Survived {
            return Ok(Answer::failed(outcome, survived(supervisor.pid)));
        }
    }
    // That of a later start says nothing of this end.
    let course = instance
        .course()?
        .filter(|course| course.is_by(supervisor.pid));
    if let Some(mut course) = course {
        if !course.phase.is_end() {
            course.phase = Phase::Stopped;
            course.reason = Some(CourseReason::Told);
            instance.keep(&course)?;
        }
        outcome = outcome.with(&course);
        outcome.state = TwsState::Stopped;
    }
    Ok(Answer::done(outcome))
}

/// The error when another gateway may be meant than the one that does not run.
fn another(args: &StartArgs, instance: &TwsInstance) -> Option<Error> {
    let address = instance.address();
    let message = if let Some(pid) = GatewayRecord::running_at(&instance.state, instance.api_port) {
        format!(
            "no IB Gateway runs at {address}, and a Client Portal Gateway does (process {pid}): it is left alone (end \
             it with --kind cp)"
        )
    } else {
        let is_named = args.tws.mode.is_some() || args.tws.api_port.is_some();
        let port = instance.others().into_iter().next().filter(|_| !is_named)?;
        format!(
            "no IB Gateway runs at {address}, and one does at port {port}: it is left alone (say which with --mode or \
             --api-port)"
        )
    };
    Some(Error::new(Exit::Config, message))
}
