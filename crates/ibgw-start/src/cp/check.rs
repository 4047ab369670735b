//! Checks whether the Gateway could be started, without starting it.

use crate::cp::GatewayStart;
use crate::cp::instance::GatewayInstance;
use crate::cp::plan;
use crate::cp::report::{GatewayReport, InstanceState};
use crate::service::decision::StartDecision;
use ib_cli::{Answer, Result, warn};
use ib_proc::Deadline;

/// Decides as a start does, and reports. `stopped` means that the Gateway could be started.
pub(crate) fn check(
    start: &GatewayStart,
    instance: &GatewayInstance,
    deadline: Deadline,
) -> Result<Answer<GatewayReport>> {
    let decision = match plan::decide(start, instance, deadline)? {
        StartDecision::Up(report) => {
            StartDecision::Up(with_settings(report, start, instance, deadline))
        }
        decision @ (StartDecision::Refused(..) | StartDecision::Start(_)) => decision,
    };
    Ok(decision
        .checked(|plan| GatewayReport::new(instance, InstanceState::Stopped).with(&plan.settings)))
}

/// The report of a Gateway that is up, with the settings of the next start. A next start that would fail is a warning.
fn with_settings(
    report: GatewayReport,
    start: &GatewayStart,
    instance: &GatewayInstance,
    deadline: Deadline,
) -> GatewayReport {
    if start.gateway_dir.is_none() {
        return report;
    }
    match plan::find(start, instance, None, deadline) {
        Ok(StartDecision::Start(plan)) => report.with(&plan.settings),
        Ok(StartDecision::Refused(_, error)) | Err(error) => {
            let message = format!("the Gateway is up; started again, it would not be: {error}");
            warn("next_start_fails", &message);
            report
        }
        Ok(StartDecision::Up(_)) => report,
    }
}
