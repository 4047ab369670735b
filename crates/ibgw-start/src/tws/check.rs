//! Looking whether IB Gateway could be started, without starting it.

use crate::Args;
use crate::tws::instance::Instance;
use crate::tws::outcome::TwsOutcome;
use crate::tws::start;
use ib_cli::{Answer, Mode, Result};

/// Looks at what is installed, the settings directory and the ports; `stopped` means that it could be started.
pub fn check(args: &Args, instance: &Instance, mode: Mode) -> Result<Answer<TwsOutcome>> {
    if let Some(answer) = start::already_up(args, instance, mode)? {
        return Ok(answer);
    }
    let place = start::look(args, instance, mode)?;
    let mut outcome = TwsOutcome::of_args(args, instance, mode);
    outcome.version = Some(place.version);
    outcome.warnings = ib_cli::warnings();
    Ok(Answer::done(outcome))
}
