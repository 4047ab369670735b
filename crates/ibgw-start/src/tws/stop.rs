//! Ending exactly the IB Gateway that was started.

use crate::Args;
use crate::stop::survived;
use crate::tws::instance::Instance;
use crate::tws::outcome::{State, TwsOutcome};
use ib_cli::{Answer, Error, Exit, Mode, Result, warn};
use ib_proc::Deadline;
use ib_proc::identity::Ended;
use ib_tws::{CourseReason, Phase};
use std::time::Duration;

/// How long what does not close by itself may take to end by SIGTERM.
const GRACE: Duration = Duration::from_secs(5);

/// Tells the supervisor to end it, which asks IBC first; that none runs is no failure, unless another may be meant.
pub fn stop(
    args: &Args,
    instance: &Instance,
    mode: Mode,
    deadline: Deadline,
) -> Result<Answer<TwsOutcome>> {
    let mut outcome = TwsOutcome::of_args(args, instance, mode);
    outcome.state = State::Stopped;
    let Some((_, supervisor)) = instance.supervised()? else {
        let is_named = args.tws.mode.is_some() || args.tws.api_port.is_some();
        if let Some(port) = instance.others().first().filter(|_| !is_named) {
            let message = format!(
                "no IB Gateway runs at {}, and one does at port {port}: it is left alone (say which with --mode or \
                 --api-port)",
                outcome.address
            );
            return Ok(Answer::failed(outcome, Error::new(Exit::Config, message)));
        }
        outcome.warnings = ib_cli::warnings();
        return Ok(Answer::done(outcome));
    };
    outcome.pid = Some(supervisor.pid);
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
    if let Some(mut course) = instance.course()? {
        if !course.phase.is_end() {
            course.phase = Phase::Stopped;
            course.reason = Some(CourseReason::Told);
            instance.keep(&course)?;
        }
        outcome = outcome.with(&course);
        outcome.state = State::Stopped;
    }
    outcome.warnings = ib_cli::warnings();
    Ok(Answer::done(outcome))
}
