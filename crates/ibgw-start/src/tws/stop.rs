//! Ends exactly the IB Gateway that was started.

use crate::service::end_lock;
use crate::service::gateway_record::GatewayRecord;
use crate::tws::agreement::WantedGateway;
use crate::tws::instance::TwsInstance;
use crate::tws::report::{TwsReport, TwsState};
use crate::tws::request::TwsRequest;
use ib_cli::{Answer, Error, Exit, Mode, Result, warn};
use ib_proc::Deadline;
use ib_proc::identity::Ended;
use ib_tws::{CourseReason, Phase};
use std::time::Duration;

/// How long the processes may take to end by SIGTERM, if IB Gateway did not close in time.
const GRACE: Duration = Duration::from_secs(5);

/// Tells the supervisor to end IB Gateway, which asks IBC first. If none runs, that is no failure, unless another gateway
/// may be meant.
pub(crate) fn stop(
    request: &TwsRequest,
    instance: &TwsInstance,
    named: Option<Mode>,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    let mut report = TwsReport::new(instance, named.unwrap_or_default());
    let Some((course, supervisor)) = instance.supervised()? else {
        return Ok(match another(request, instance) {
            Some(error) => Answer::failed(report, error),
            None => Answer::done(report),
        });
    };
    report.pid = Some(supervisor.pid);
    let wanted = WantedGateway {
        request,
        mode: named,
        username: None,
    };
    if let Some(error) = wanted.refuse_another(&course, &report.address) {
        return Ok(Answer::failed(report.with(&course), error));
    }
    let _end_lock = instance.dir.end_lock().begin();
    if !supervisor.ends_by_itself(deadline) {
        let message = format!(
            "IB Gateway did not close in time: process {} and all below it were killed, and it may hold its place at \
             IBKR for hours (give a longer --timeout)",
            supervisor.pid
        );
        warn("killed", &message);
        if supervisor.end_with_all_below(GRACE) == Ended::Survived {
            return Ok(Answer::failed(
                report,
                end_lock::outlived_sigkill(supervisor.pid),
            ));
        }
    }
    // The course of a later start is not about this end.
    let course = instance
        .course()?
        .filter(|course| course.is_by(supervisor.pid));
    if let Some(mut course) = course {
        if !course.phase.is_end() {
            course.phase = Phase::Stopped;
            course.reason = Some(CourseReason::Told);
            instance.write_course(&course)?;
        }
        report = report.with(&course);
        report.state = TwsState::Stopped;
    }
    Ok(Answer::done(report))
}

/// The error when another gateway may be meant than the one that does not run.
fn another(request: &TwsRequest, instance: &TwsInstance) -> Option<Error> {
    let address = instance.address();
    let running = GatewayRecord::running_at(&instance.dir.state, instance.api_port);
    let message = if let Some(pid) = running {
        format!(
            "no IB Gateway runs at {address}, and a Client Portal Gateway does (process {pid}): it is left alone (end \
             it with --kind cp)"
        )
    } else {
        let is_named = request.mode.is_some() || request.api_port.is_some();
        let port = instance.others().into_iter().next().filter(|_| !is_named)?;
        format!(
            "no IB Gateway runs at {address}, and one does at port {port}: it is left alone (say which with --mode or \
             --api-port)"
        )
    };
    Some(Error::new(Exit::Config, message))
}
