//! Starts the Gateway.

use crate::cp::GatewayStart;
use crate::cp::gateway_log::GatewayLog;
use crate::cp::hold;
use crate::cp::instance::GatewayInstance;
use crate::cp::plan::{self, StartPlan};
use crate::cp::ready;
use crate::cp::report::{GatewayReport, InstanceState};
use crate::cp::running::RunningGateway;
use crate::service::decision::StartDecision;
use crate::service::gateway_record::GatewayRecord;
use crate::service::{end_lock, foreground, manager, rotation};
use ib_cli::{Answer, Error, Exit, Result, rounded_seconds, time, warn};
use ib_proc::{Deadline, Identity};
use std::time::SystemTime;

/// Starts the Gateway, unless it is up already.
pub(crate) fn start(
    start: &GatewayStart,
    instance: &GatewayInstance,
    deadline: Deadline,
) -> Result<Answer<GatewayReport>> {
    if let Some(foreground) = &start.foreground {
        foreground.check_ready_fd()?;
    }
    let lock = instance.dir.lock(deadline)?;
    wait_for_the_end(instance, deadline)?;
    let plan = match plan::decide(start, instance, deadline)? {
        StartDecision::Start(plan) => plan,
        StartDecision::Up(report) if start.foreground.is_some() => {
            let error = foreground::cannot_hold("a Gateway", &instance.url);
            return Ok(Answer::failed(report, error));
        }
        StartDecision::Up(report) => return Ok(Answer::done(report)),
        StartDecision::Refused(report, error) => return Ok(failed(start, report, error)),
    };
    plan.prepare(instance)?;
    if start.foreground.is_some() {
        manager::notify_status(&format!("starting the Gateway at {}", instance.url));
    }
    let log = open_log(&plan)?;
    let now = time(SystemTime::now());
    let bring_up = start.settings.bring_up;
    let record_of = |java: &Identity| {
        GatewayRecord::new(java, &instance.url, log.path(), now.clone(), bring_up)
    };
    let remember = |java: &Identity| instance.remember(&record_of(java));
    let running = RunningGateway::launch(&plan.launch, &log, remember, deadline)?;
    let mut report = GatewayReport::new(instance, InstanceState::Ready).with(&plan.settings);
    report.started = true;
    report.log = Some(log.path());
    report.pid = running.identity.as_ref().map(|java| java.pid);
    let mut record = running.identity.as_ref().map(record_of);
    if let Some(record) = &record {
        instance.remember(record)?;
    }
    ib_cli::status(&format!("waiting for the Gateway at {}", instance.url));
    match ready::wait(&running, instance, &log, deadline) {
        Ok(took) => report.ready_seconds = Some(rounded_seconds(took)),
        Err(error) => return Ok(never_ready(start, running, instance, report, error)),
    }
    report.build = log.output().build();
    if let Some(record) = &mut record {
        record.build.clone_from(&report.build);
        instance.remember(record)?;
    }
    drop(lock);
    if let Some(foreground) = &start.foreground {
        return hold::hold(foreground, start.logs_out, instance, running, &log, report);
    }
    running.leave();
    Ok(Answer::done(report))
}

/// Waits until a Gateway that is being ended has ended: it still answers at this moment, but not for long.
fn wait_for_the_end(instance: &GatewayInstance, deadline: Deadline) -> Result<()> {
    let end_lock = instance.dir.end_lock();
    while end_lock.is_under_way() {
        if !deadline.pause(end_lock::PAUSE) {
            let message = format!(
                "the Gateway at {} is stopping, and has not ended in time (start it again later)",
                instance.url
            );
            return Err(Error::new(Exit::TimedOut, message));
        }
    }
    Ok(())
}

/// The answer of a start that failed. The service manager gets the error, too.
fn failed(start: &GatewayStart, report: GatewayReport, error: Error) -> Answer<GatewayReport> {
    if start.foreground.is_some() {
        manager::notify_failed(&error);
    }
    Answer::failed(report, error)
}

/// The log; a new one if the last has become large.
fn open_log(plan: &StartPlan) -> Result<GatewayLog> {
    if let Err(error) = rotation::make_way(&plan.log) {
        let message = format!("moving the large log {}: {error}", plan.log.display());
        warn("log_not_moved", &message);
    }
    GatewayLog::open(&plan.log, plan.settings.password())
}

/// The answer when the Gateway did not become ready: it is ended, and its record is removed.
fn never_ready(
    start: &GatewayStart,
    running: RunningGateway,
    instance: &GatewayInstance,
    mut report: GatewayReport,
    error: Error,
) -> Answer<GatewayReport> {
    report.state = match running.exit() {
        Some(_) => InstanceState::Exited,
        None => InstanceState::Stopped,
    };
    report.child_exit = running.end();
    instance.forget();
    failed(start, report, error)
}
