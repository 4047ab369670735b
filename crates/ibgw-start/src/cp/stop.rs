//! Ends exactly the Gateway that was started.

use crate::cp::instance::{GatewayInstance, PortUse};
use crate::cp::report::{GatewayReport, InstanceState};
use crate::cp::running;
use crate::service::{end_lock, listener};
use ib_cli::{Answer, Error, Exit, Result, warn};
use ib_proc::Deadline;
use ib_proc::identity::Ended;
use ib_webapi::Gateway;
use std::time::Duration;

/// How long the log-out may take. When IBKR does not answer, the Gateway itself never gives up.
pub(crate) const LOGOUT: Duration = Duration::from_secs(10);

/// How long the Gateway has to end by SIGTERM, even when the log-out took all the time.
const LEAST: Duration = Duration::from_secs(1);

/// Ends the Gateway of this instance. If none runs, that is no failure.
pub(crate) fn stop(
    instance: &GatewayInstance,
    logs_out: bool,
    deadline: Deadline,
) -> Result<Answer<GatewayReport>> {
    let Some(record) = instance.running()? else {
        return nothing_to_end(instance, deadline);
    };
    let _end_lock = instance.dir.end_lock().begin();
    if logs_out {
        log_out(&instance.gateway, record.pid, deadline);
    }
    instance.announce_end_of(record.pid);
    let grace = deadline.remaining().clamp(LEAST, running::GRACE);
    let how = record.identity().end_with_all_below(grace);
    let mut report = GatewayReport::new(instance, InstanceState::Stopped);
    report.pid = Some(record.pid);
    report.build = record.build;
    report.log = Some(record.log);
    if how == Ended::Survived {
        report.state = InstanceState::Ready;
        return Ok(Answer::failed(
            report,
            end_lock::outlived_sigkill(record.pid),
        ));
    }
    if how == Ended::Killed {
        let message = format!(
            "process {} did not end by SIGTERM, so SIGKILL ended it",
            record.pid
        );
        warn("killed", &message);
    }
    instance.forget_of(record.pid);
    instance.forget_leftovers();
    Ok(Answer::done(report))
}

/// Asks the Gateway to log out, and goes on without it.
pub(crate) fn log_out(gateway: &Gateway, pid: u32, deadline: Deadline) {
    // Another Gateway may have the port that ours once had, and its session is not ours to end.
    let port = gateway.port();
    if !listener::is_held_by(port, pid) {
        let message = format!(
            "logging out: process {pid} does not listen on port {port}, so the session was not logged out"
        );
        warn("logout_failed", &message);
        return;
    }
    if let Err(error) = gateway.logout(deadline.or_after(LOGOUT)) {
        warn("logout_failed", &format!("logging out: {error}"));
    }
}

/// The answer when nothing was started here. Something else may run all the same.
fn nothing_to_end(instance: &GatewayInstance, deadline: Deadline) -> Result<Answer<GatewayReport>> {
    let (state, message) = match instance.port_use(deadline) {
        Ok(PortUse::Gateway) => (
            InstanceState::Ready,
            format!(
                "the Gateway at {} was not started with this state directory: it is left alone (end it where it was started, or give --state-dir)",
                instance.url
            ),
        ),
        Ok(PortUse::Taken(_)) if instance.is_ib_gateways() => (
            InstanceState::Stopped,
            format!(
                "no Client Portal Gateway runs at {}, and an IB Gateway has its port: it is left alone (end it with \
                 --kind tws --api-port {})",
                instance.url, instance.port
            ),
        ),
        // Another program with the port is no gateway of ours.
        Ok(PortUse::Free | PortUse::Taken(_)) | Err(_) => {
            let report = GatewayReport::new(instance, InstanceState::Stopped);
            return Ok(Answer::done(report));
        }
    };
    let report = GatewayReport::new(instance, state);
    Ok(Answer::failed(report, Error::new(Exit::Config, message)))
}
