//! Looking whether IB Gateway could be started, without starting it.

use crate::StartArgs;
use crate::tws::instance::TwsInstance;
use crate::tws::outlook;
use crate::tws::report::TwsReport;
use ib_cli::{Answer, Mode, Result};
use ib_proc::Deadline;

/// Looks at what is installed, the settings directory and the ports; `stopped` means that it could be started.
pub fn check(
    args: &StartArgs,
    instance: &TwsInstance,
    named: Option<Mode>,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    let decision = outlook::look(args, instance, named, None, deadline)?;
    Ok(decision.checked(|prepared| {
        let mut outcome = TwsReport::new(instance, named.unwrap_or_default());
        outcome.version = Some(prepared.place.version);
        outcome
    }))
}
