//! `--kind tws`: IB Gateway or TWS, with IBC typing the login into its window.

mod accounting;
mod agreement;
mod api_off;
mod attempt;
mod check;
mod config;
mod config_file;
mod diary;
mod display;
mod endings;
mod follow;
mod hand_over;
mod ibc;
mod instance;
mod names;
mod notifier;
mod order;
mod outlook;
mod paths;
mod place;
mod ports;
mod program;
mod report;
mod screenshot;
mod service;
mod serving;
mod start;
mod stop;
mod supervisor;
pub mod times;
mod transcript;
mod vnc;

pub use report::TwsReport;

use crate::StartArgs;
use crate::cp::report::Printed;
use crate::service::manager;
use hand_over::HandOver;
use ib_cli::{Answer, Login, Mode, ModeFlag, Result};
use ib_proc::Deadline;
use ib_tws::{PendingCommand, named_mode};
use instance::TwsInstance;
use std::time::Duration;

/// How long an end may take: IB Gateway has a minute to close, and what does not close is ended by signals.
pub const STOPPING: Duration = Duration::from_secs(100);

/// How long a pause may take: IBC begins at the next minute or the one after, and IB Gateway has a minute to close.
pub const PAUSING: Duration = Duration::from_secs(240);

/// Brings IB Gateway up, ends it, tells it something, or looks whether it could be brought up.
///
/// # Errors
/// As the table of the manual page has it.
pub fn run(args: &StartArgs, deadline: Deadline) -> Result<Answer<Printed>> {
    names::warn_of_others();
    let tws = &args.tws;
    let of_mode = |named: Option<Mode>| {
        TwsInstance::open(&args.state, tws.api_port(named.unwrap_or_default()))
    };
    let answer = if tws.supervisor {
        let hand_over = HandOver::take(deadline)?;
        let named = mode(args, hand_over.login.as_ref())?;
        let instance = of_mode(named)?;
        let place = start::look(args, &instance, named.unwrap_or_default())?;
        start::supervise(args, &instance, &place, &hand_over, None, deadline)
    } else if args.stop {
        let named = mode(args, None)?;
        stop::stop(args, &of_mode(named)?, named, deadline)
    } else if tws.restart || tws.pause {
        let named = mode(args, None)?;
        let pending = if tws.pause {
            PendingCommand::Pause
        } else {
            PendingCommand::Restart
        };
        order::order(args, &of_mode(named)?, named, pending, deadline)
    } else if args.check {
        let named = mode(args, None)?;
        check::check(args, &of_mode(named)?, named, deadline)
    } else {
        let login = match tws.manual {
            true => None,
            false => Some(Login::read(&tws.login, deadline)?),
        };
        // Live is never assumed: a start that names no mode is one of paper.
        let mode = mode(args, login.as_ref())?.unwrap_or_default();
        start::start(args, &of_mode(Some(mode))?, mode, login, deadline)
    };
    if let (true, Err(error)) = (args.foreground, &answer) {
        manager::say_failed(error);
    }
    answer.map(|answer| answer.map(|outcome| Printed::Tws(Box::new(outcome))))
}

/// The mode, where something says which.
fn mode(args: &StartArgs, login: Option<&Login>) -> Result<Option<Mode>> {
    let named = named_mode(args.tws.mode.and_then(ModeFlag::mode))?;
    Ok(named.or_else(|| login?.mode))
}
