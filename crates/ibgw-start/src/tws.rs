//! `--kind tws`: IB Gateway or TWS, with IBC typing the login into its window.

mod args;
mod check;
mod config;
mod diary;
mod display;
mod endings;
mod follow;
mod hand_over;
mod ibc;
mod instance;
mod names;
mod outcome;
mod place;
mod program;
mod screenshot;
mod service;
mod start;
mod stop;
mod supervisor;
mod tell;
mod times;
mod transcript;
mod vnc;

pub use args::TwsArgs;
pub use outcome::TwsOutcome;

use crate::Args;
use crate::outcome::Printed;
use hand_over::HandOver;
use ib_cli::{Answer, Login, Mode, ModeFlag, Result};
use ib_proc::Deadline;
use ib_tws::{IbcCommand, trading_mode};
use instance::Instance;

/// Brings IB Gateway up, ends it, tells it something, or looks whether it could be brought up.
///
/// # Errors
/// As the table of the manual page has it.
pub fn run(args: &Args, deadline: Deadline) -> Result<Answer<Printed>> {
    names::warn_of_others();
    let tws = &args.tws;
    let of_mode = |mode: Mode| Instance::open(&args.state, tws.api_port(mode));
    let answer = if tws.supervisor {
        let hand_over = HandOver::take(deadline)?;
        let mode = mode(args, hand_over.login.as_ref())?;
        let instance = of_mode(mode)?;
        let place = start::look(args, &instance, mode)?;
        start::supervise(args, &instance, &place, &hand_over, None, deadline)
    } else if args.stop {
        let mode = mode(args, None)?;
        stop::stop(args, &of_mode(mode)?, mode, deadline)
    } else if tws.restart || tws.pause {
        let mode = mode(args, None)?;
        let command = if tws.pause {
            IbcCommand::Pause
        } else {
            IbcCommand::Restart
        };
        tell::tell(args, &of_mode(mode)?, mode, command, deadline)
    } else if args.check {
        let mode = mode(args, None)?;
        check::check(args, &of_mode(mode)?, mode)
    } else {
        let login = match tws.manual {
            true => None,
            false => Some(Login::read(&tws.login, deadline)?),
        };
        let mode = mode(args, login.as_ref())?;
        start::start(args, &of_mode(mode)?, mode, login, deadline)
    };
    answer.map(|answer| answer.map(|outcome| Printed::Tws(Box::new(outcome))))
}

fn mode(args: &Args, login: Option<&Login>) -> Result<Mode> {
    trading_mode(
        args.tws.mode.and_then(ModeFlag::mode),
        login.and_then(|login| login.mode),
    )
}
