//! Bringing a gateway up.

use crate::StartArgs;
use crate::cp::foreground;
use crate::cp::gateway_log::GatewayLog;
use crate::cp::instance::GatewayInstance;
use crate::cp::plan::{self, StartPlan};
use crate::cp::ready;
use crate::cp::report::{GatewayReport, InstanceState};
use crate::cp::running::RunningGateway;
use crate::service::decision::StartDecision;
use crate::service::ending;
use crate::service::gateway_record::GatewayRecord;
use crate::service::manager;
use crate::service::rotation;
use ib_cli::{Answer, Error, Exit, Result, rounded_seconds, time, warn};
use ib_proc::{Deadline, Identity};
use std::time::SystemTime;

/// Brings the gateway up, unless it is up already.
pub fn start(
    args: &StartArgs,
    instance: &GatewayInstance,
    deadline: Deadline,
) -> Result<Answer<GatewayReport>> {
    foreground::is_possible(args)?;
    let lock = instance.lock(deadline)?;
    wait_for_the_end(instance, deadline)?;
    let plan = match plan::decide(args, instance, deadline)? {
        StartDecision::Start(plan) => plan,
        StartDecision::Up(outcome) if args.foreground => {
            return Ok(Answer::failed(outcome, foreground::cannot_hold(instance)));
        }
        StartDecision::Up(outcome) => return Ok(Answer::done(outcome)),
        StartDecision::Refused(outcome, error) => return Ok(refused(args, outcome, error)),
    };
    plan.prepare(instance)?;
    if args.foreground {
        manager::say_starting(instance);
    }
    let log = open_log(&plan)?;
    let now = time(SystemTime::now());
    let record_of = |java: &Identity| {
        GatewayRecord::new(java, &instance.url, log.path(), now.clone(), args.bring_up)
    };
    let remember = |java: &Identity| instance.remember(&record_of(java));
    let running = RunningGateway::launch(&plan.launch, &log, remember, deadline)?;
    let mut outcome = GatewayReport::new(instance, InstanceState::Ready).with(&plan.settings);
    outcome.started = true;
    outcome.log = Some(log.path());
    outcome.pid = running.identity.as_ref().map(|java| java.pid);
    let mut record = running.identity.as_ref().map(record_of);
    if let Some(record) = &record {
        instance.remember(record)?;
    }
    ib_cli::status(&format!("waiting for the Gateway at {}", instance.url));
    match ready::wait(&running, instance, &log, deadline) {
        Ok(took) => outcome.ready_seconds = Some(rounded_seconds(took)),
        Err(error) => return Ok(ended(args, running, instance, outcome, error)),
    }
    outcome.build = log.said().build();
    if let Some(record) = &mut record {
        record.build.clone_from(&outcome.build);
        instance.remember(record)?;
    }
    drop(lock);
    if args.foreground {
        return foreground::hold(args, instance, running, &log, outcome);
    }
    running.leave();
    Ok(Answer::done(outcome))
}

/// Waits for the end of a Gateway that is being ended: it answers at this moment, and does not at the next.
fn wait_for_the_end(instance: &GatewayInstance, deadline: Deadline) -> Result<()> {
    let ending = instance.ending();
    while ending.is_under_way() {
        if !deadline.pause(ending::PAUSE) {
            let message = format!(
                "the Gateway at {} is being ended, and has not ended in time (start it again later)",
                instance.url
            );
            return Err(Error::new(Exit::TimedOut, message));
        }
    }
    Ok(())
}

/// The answer when something that can be seen speaks against a start.
fn refused(args: &StartArgs, outcome: GatewayReport, error: Error) -> Answer<GatewayReport> {
    if args.foreground {
        manager::say_failed(&error);
    }
    Answer::failed(outcome, error)
}

/// The log, a new one if the last has become large.
fn open_log(plan: &StartPlan) -> Result<GatewayLog> {
    if let Err(error) = rotation::make_way(&plan.log) {
        let message = format!("moving the large log {}: {error}", plan.log.display());
        warn("log_not_moved", &message);
    }
    GatewayLog::open(&plan.log, plan.settings.password())
}

/// The answer when the Gateway did not come up: it is ended, and its record goes.
fn ended(
    args: &StartArgs,
    running: RunningGateway,
    instance: &GatewayInstance,
    mut outcome: GatewayReport,
    error: Error,
) -> Answer<GatewayReport> {
    outcome.state = match running.exit() {
        Some(_) => InstanceState::Exited,
        None => InstanceState::Stopped,
    };
    if args.foreground {
        manager::say_failed(&error);
    }
    outcome.child_exit = running.end();
    instance.forget();
    Answer::failed(outcome, error)
}
