//! Ending exactly the gateway that was started.

use crate::cp::instance::{GatewayInstance, Port};
use crate::cp::report::{GatewayReport, InstanceState};
use crate::cp::running;
use crate::service::listener;
use ib_cli::{Answer, Error, Exit, Result, warn};
use ib_proc::Deadline;
use ib_proc::identity::Ended;
use ib_webapi::Gateway;
use std::time::Duration;

/// How long the log-out may take: the Gateway never gives up by itself when IBKR does not answer.
pub const LOGOUT: Duration = Duration::from_secs(10);

/// What the Gateway has to end by itself even when the log-out took all the time there was.
const LEAST: Duration = Duration::from_secs(1);

/// Ends the gateway of this instance; that none runs is no failure.
pub fn stop(
    instance: &GatewayInstance,
    logout: bool,
    deadline: Deadline,
) -> Result<Answer<GatewayReport>> {
    let Some(record) = instance.running()? else {
        return nothing_to_end(instance, deadline);
    };
    let _ending = instance.ending().begin();
    if logout {
        log_out(&instance.gateway, record.pid, deadline);
    }
    instance.announce_end_of(record.pid);
    let grace = deadline.remaining().clamp(LEAST, running::GRACE);
    let how = record.identity().end_with_all_below(grace);
    let mut outcome = GatewayReport::new(instance, InstanceState::Stopped);
    outcome.pid = Some(record.pid);
    outcome.build = record.build;
    outcome.log = Some(record.log);
    if how == Ended::Survived {
        outcome.state = InstanceState::Ready;
        return Ok(Answer::failed(outcome, survived(record.pid)));
    }
    if how == Ended::Killed {
        let message = format!(
            "process {} did not end by SIGTERM: it took SIGKILL",
            record.pid
        );
        warn("killed", &message);
    }
    instance.forget_of(record.pid);
    instance.forget_leftovers();
    Ok(Answer::done(outcome))
}

/// The error when even SIGKILL did not end a process.
pub fn survived(pid: u32) -> Error {
    let message = format!("process {pid} outlived SIGKILL (a person has to look at this machine)");
    Error::new(Exit::Unexpected, message)
}

/// Asks for the log-out, and goes on without it.
pub fn log_out(gateway: &Gateway, pid: u32, deadline: Deadline) {
    // Another Gateway may have the port that ours once had, and its session is not ours to end.
    let port = gateway.port();
    if !listener::is(pid, port) {
        let message = format!(
            "logging out: process {pid} does not listen on port {port}, so nobody was asked"
        );
        warn("logout_failed", &message);
        return;
    }
    if let Err(error) = gateway.logout(deadline.or_after(LOGOUT)) {
        warn("logout_failed", &format!("logging out: {error}"));
    }
}

/// That nothing was started here does not mean that nothing runs.
fn nothing_to_end(instance: &GatewayInstance, deadline: Deadline) -> Result<Answer<GatewayReport>> {
    match instance.port(deadline) {
        Ok(Port::Gateway) => {
            let message = format!(
                "the Gateway at {} was not started with this state directory: it is left alone (end it where it was started, or give --state-dir)",
                instance.url
            );
            let outcome = GatewayReport::new(instance, InstanceState::Ready);
            Ok(Answer::failed(outcome, Error::new(Exit::Config, message)))
        }
        Ok(Port::Taken(_)) if instance.is_ib_gateways() => {
            let message = format!(
                "no Client Portal Gateway runs at {}, and an IB Gateway has its port: it is left alone (end it with \
                 --kind tws --api-port {})",
                instance.url, instance.port
            );
            let outcome = GatewayReport::new(instance, InstanceState::Stopped);
            Ok(Answer::failed(outcome, Error::new(Exit::Config, message)))
        }
        // Whoever else has the port is no gateway of ours.
        _ => Ok(Answer::done(GatewayReport::new(
            instance,
            InstanceState::Stopped,
        ))),
    }
}
