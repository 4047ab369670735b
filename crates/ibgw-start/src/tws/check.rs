//! Looking whether IB Gateway could be started, without starting it.

use crate::Args;
use crate::tws::instance::Instance;
use crate::tws::outcome::TwsOutcome;
use crate::tws::outlook;
use ib_cli::{Answer, Mode, Result};
use ib_proc::Deadline;

/// Looks at what is installed, the settings directory and the ports; `stopped` means that it could be started.
pub fn check(
    args: &Args,
    instance: &Instance,
    named: Option<Mode>,
    deadline: Deadline,
) -> Result<Answer<TwsOutcome>> {
    let decision = outlook::look(args, instance, named, None, deadline)?;
    Ok(decision.checked(|prepared| {
        let mut outcome = TwsOutcome::new(instance, named.unwrap_or_default());
        outcome.version = Some(prepared.place.version);
        outcome.warnings = ib_cli::warnings();
        outcome
    }))
}
