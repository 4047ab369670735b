//! Looking whether a gateway could be started, without starting it.

use crate::StartArgs;
use crate::cp::instance::GatewayInstance;
use crate::cp::plan;
use crate::cp::report::{GatewayReport, InstanceState};
use crate::service::decision::StartDecision;
use ib_cli::{Answer, Result, warn};
use ib_proc::Deadline;

/// Decides as a start does, and reports; `stopped` means that it could be started.
pub fn check(
    args: &StartArgs,
    instance: &GatewayInstance,
    deadline: Deadline,
) -> Result<Answer<GatewayReport>> {
    let decision = match plan::decide(args, instance, deadline)? {
        StartDecision::Up(outcome) => {
            StartDecision::Up(with_settings(outcome, args, instance, deadline))
        }
        decision => decision,
    };
    Ok(decision
        .checked(|plan| GatewayReport::new(instance, InstanceState::Stopped).with(&plan.settings)))
}

/// The report of a Gateway that is up, with what the next start would take; that it takes nothing is no failure of this.
fn with_settings(
    outcome: GatewayReport,
    args: &StartArgs,
    instance: &GatewayInstance,
    deadline: Deadline,
) -> GatewayReport {
    if args.gateway_dir.is_none() {
        return outcome;
    }
    let cannot = |error: String| {
        let message = format!("the Gateway is up; started again, it would not be: {error}");
        warn("next_start_fails", &message);
    };
    let outcome = match plan::look(args, instance, None, deadline) {
        Ok(StartDecision::Start(plan)) => outcome.with(&plan.settings),
        Ok(StartDecision::Refused(_, error)) | Err(error) => {
            cannot(error.to_string());
            outcome
        }
        Ok(StartDecision::Up(_)) => outcome,
    };
    GatewayReport { ..outcome }
}
