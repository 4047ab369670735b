//! Telling a running IB Gateway something through IBC's command server.

use crate::Args;
use crate::tws::instance::Instance;
use crate::tws::outcome::TwsOutcome;
use ib_cli::{Answer, Error, Exit, Mode, Result};
use ib_proc::Deadline;
use ib_tws::{IbcCommand, command};
use std::time::Duration;

/// Tells it, and waits for its end where it is to pause.
pub fn tell(
    args: &Args,
    instance: &Instance,
    mode: Mode,
    what: IbcCommand,
    deadline: Deadline,
) -> Result<Answer<TwsOutcome>> {
    let Some((course, supervisor)) = instance.supervised()? else {
        let message = format!(
            "no IB Gateway runs at {} (start it with ibgw-start --kind tws)",
            instance.address()
        );
        return Err(Error::new(Exit::Config, message));
    };
    let reply = command(course.command_port, what, deadline)?;
    ib_cli::log("info", "told", &reply);
    let is_pause = matches!(what, IbcCommand::Pause);
    while is_pause && supervisor.is_alive() {
        // It ends at the next minute or the one after; nobody who is not its parent is told.
        if !deadline.pause(Duration::from_millis(100)) {
            let message = format!(
                "IBC said {reply:?}, and IB Gateway has not ended in time (it will; give a longer --timeout)"
            );
            return Err(Error::new(Exit::TimedOut, message));
        }
    }
    let mut outcome = TwsOutcome::of_args(args, instance, mode);
    if let Some(course) = instance.course()? {
        outcome = outcome.with(&course);
    }
    outcome.pid = (!is_pause).then_some(supervisor.pid);
    outcome.warnings = ib_cli::warnings();
    Ok(Answer::done(outcome))
}
