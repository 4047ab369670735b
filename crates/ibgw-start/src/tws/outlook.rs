//! Whether IB Gateway could be started: what `--check` says, and what a start goes by.

use crate::StartArgs;
use crate::service::decision::StartDecision;
use crate::tws::agreement::Named;
use crate::tws::hand_over::HandOver;
use crate::tws::instance::TwsInstance;
use crate::tws::place::{self, Installed};
use crate::tws::report::TwsReport;
use crate::tws::{api_off, config, ports};
use ib_cli::{Error, Exit, Login, Mode, Result};
use ib_proc::Deadline;

/// What a start needs.
pub struct Prepared {
    pub place: Installed,
    pub hand_over: HandOver,
}

/// Looks at all that can be seen before something is started; `named` is the mode, where something says which.
///
/// # Errors
/// What a start would end with.
pub fn look(
    args: &StartArgs,
    instance: &TwsInstance,
    named: Option<Mode>,
    login: Option<Login>,
    deadline: Deadline,
) -> Result<StartDecision<TwsReport, Box<Prepared>>> {
    let mode = named.unwrap_or_default();
    if let Some(decision) = runs(args, instance, named, login.as_ref())? {
        return Ok(decision);
    }
    let place = place::look(&args.tws, args.java.as_deref(), mode, instance)?;
    ports::are_free(&args.tws, mode, instance)?;
    drop(place::claim_settings(&place)?);
    api_off::warn_of_new(&place);
    // What IBC could not read is said before an attempt is spent on it.
    config::render(&args.tws, mode, login.as_ref())?;
    let hand_over = HandOver::new(login, args.tws.vnc_password.as_ref(), deadline)?;
    Ok(StartDecision::Start(Box::new(Prepared {
        place,
        hand_over,
    })))
}

/// The decision when one runs: it is the one asked for, or it is left alone.
fn runs(
    args: &StartArgs,
    instance: &TwsInstance,
    named: Option<Mode>,
    login: Option<&Login>,
) -> Result<Option<StartDecision<TwsReport, Box<Prepared>>>> {
    let Some((course, supervisor)) = instance.supervised()? else {
        return Ok(None);
    };
    let mut outcome = TwsReport::new(instance, course.mode).with(&course);
    outcome.pid = Some(supervisor.pid);
    let wanted = Named {
        args: &args.tws,
        mode: named,
        username: login.map(|login| login.username.as_str()),
    };
    if let Some(error) = wanted.refuse_otherwise(&course, &outcome.address) {
        return Ok(Some(StartDecision::Refused(outcome, error)));
    }
    if args.foreground {
        let message = format!(
            "an IB Gateway is up already at {}, and --foreground holds only what it started (end that one with --stop)",
            outcome.address
        );
        let error = Error::new(Exit::Config, message);
        return Ok(Some(StartDecision::Refused(outcome, error)));
    }
    Ok(Some(StartDecision::Up(outcome)))
}
