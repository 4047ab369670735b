//! Starting IB Gateway: the guard asked, the attempt recorded, one supervisor started.

use crate::Args;
use crate::foreground;
use crate::service_manager;
use crate::tws::follow::{self, Followed};
use crate::tws::hand_over::HandOver;
use crate::tws::instance::Instance;
use crate::tws::outcome::{State, TwsOutcome};
use crate::tws::place::{self, Installed};
use crate::tws::supervisor::Supervisor;
use crate::tws::{config, endings};
use anyhow::Context;
use ib_cli::{Answer, Error, Exit, Lock, Login, Mode, OrExit, Result, keep_passwords_out, time};
use ib_guard::policy::{Decision, Terms};
use ib_guard::{Guard, Why};
use ib_proc::clean::{self, Life};
use ib_proc::{Deadline, Identity, Undo};
use ib_tws::METHOD;
use std::ffi::OsString;
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime};

/// How long a supervisor that is told to end may take: IB Gateway is not logged in then.
const GRACE: Duration = Duration::from_secs(10);

/// Starts it, unless it runs already.
pub fn start(
    args: &Args,
    instance: &Instance,
    mode: Mode,
    login: Option<Login>,
    deadline: Deadline,
) -> Result<Answer<TwsOutcome>> {
    foreground::is_possible(args)?;
    let lock = instance.lock(deadline)?;
    if let Some(answer) = already_up(args, instance, mode)? {
        return Ok(answer);
    }
    let place = look(args, instance, mode)?;
    // What IBC could not read is told before an attempt is spent on it.
    config::render(&args.tws, mode, login.as_ref())?;
    let hand_over = HandOver::new(login, args.tws.vnc_password.as_ref(), deadline)?;
    let mut outcome = TwsOutcome {
        started: true,
        version: Some(place.version.clone()),
        ..TwsOutcome::of_args(args, instance, mode)
    };
    if let Some(login) = &hand_over.login {
        let terms = terms(args, login, mode);
        let mut guard = Guard::take(&instance.state, &login.username, deadline)?;
        outcome.failures_left = Some(guard.failures_left(&terms));
        if let Decision::Held { why, until } = guard.decide(&terms) {
            return Ok(held(outcome, why, until));
        }
        // From here on it counts as failed, until somebody says how it went.
        let _ = guard.record(METHOD, mode.name(), &terms)?;
        outcome.failures_left = Some(guard.failures_left(&terms));
    }
    if args.foreground {
        service_manager::tell_status("starting IB Gateway");
        return supervise(args, instance, &place, &hand_over, Some(lock), deadline);
    }
    in_the_background(args, instance, &hand_over, outcome, deadline)
}

/// Acts as the supervisor; the guard has been asked. The lock, if this run has it, is given back once others can see that
/// it supervises.
pub fn supervise(
    args: &Args,
    instance: &Instance,
    place: &Installed,
    hand_over: &HandOver,
    lock: Option<Lock>,
    deadline: Deadline,
) -> Result<Answer<TwsOutcome>> {
    let ledger = hand_over
        .login
        .as_ref()
        .map(|login| Guard::ledger_name(&login.username));
    let supervisor = Supervisor {
        args,
        instance,
        place,
        hand_over,
        ledger,
        deadline,
    };
    supervisor.run(lock)
}

pub fn look(args: &Args, instance: &Instance, mode: Mode) -> Result<Installed> {
    let tws = &args.tws;
    let place = place::look(tws, args.java.as_deref(), mode, instance)?;
    let mut ports = vec![
        (place::local(instance.api_port), "--api-port"),
        (place::local(tws.command_port(mode)), "--command-port"),
    ];
    ports.extend(tws.vnc.map(|address| (address, "--vnc")));
    ports.extend(tws.forward.map(|address| (address, "--forward")));
    place::are_free(&ports)?;
    drop(place::claim_settings(&place)?);
    Ok(place)
}

pub fn already_up(
    args: &Args,
    instance: &Instance,
    mode: Mode,
) -> Result<Option<Answer<TwsOutcome>>> {
    let Some((course, supervisor)) = instance.supervised()? else {
        return Ok(None);
    };
    let mut outcome = TwsOutcome::of_args(args, instance, mode).with(&course);
    outcome.pid = Some(supervisor.pid);
    outcome.warnings = ib_cli::warnings();
    Ok(Some(match args.foreground {
        true => {
            let message = format!(
                "an IB Gateway is up already at {}, and --foreground holds only what it started (end that one with --stop)",
                outcome.address
            );
            Answer::failed(outcome, Error::new(Exit::Config, message))
        }
        false => Answer::done(outcome),
    }))
}

fn terms(args: &Args, login: &Login, mode: Mode) -> Terms {
    // A paper username has no second factor of its own; a token of an earlier login may be refused.
    let is_without_push = mode == Mode::Paper && login.second_factor.is_none();
    args.tws.guard.terms(mode.name(), is_without_push)
}

fn held(mut outcome: TwsOutcome, why: Why, until: Option<SystemTime>) -> Answer<TwsOutcome> {
    outcome.state = State::Held;
    outcome.started = false;
    outcome.reason = Some(why.of_report());
    outcome.hold_until = until.map(time);
    outcome.warnings = ib_cli::warnings();
    Answer::failed(outcome, why.error(until))
}

fn in_the_background(
    args: &Args,
    instance: &Instance,
    hand_over: &HandOver,
    mut outcome: TwsOutcome,
    deadline: Deadline,
) -> Result<Answer<TwsOutcome>> {
    instance.forget_course()?;
    let mut supervisor = spawn(instance, hand_over)?;
    let pid = supervisor.id();
    outcome.pid = Some(pid);
    // Until it is said that it goes, nobody would know of it.
    let ending = Undo::new(move || {
        let _ = Identity::of(pid).map(|process| process.end_with_all_below(GRACE));
    });
    let followed = follow::until_typed(args, instance, &mut supervisor, deadline)?;
    match followed {
        Followed::Late(_) => drop(ending),
        _ => ending.forget(),
    }
    match followed {
        Followed::Goes(course) => Ok(endings::answer(outcome.with(&course), &course)),
        Followed::Ended(course) => {
            outcome.pid = None;
            Ok(endings::answer(outcome.with(&course), &course))
        }
        Followed::Broke(error) => {
            outcome.state = State::Exited;
            outcome.pid = None;
            outcome.warnings = ib_cli::warnings();
            Ok(Answer::failed(outcome, error))
        }
        Followed::Late(course) => {
            let _ = supervisor.wait();
            outcome.pid = None;
            if let Some(course) = &course {
                outcome = outcome.with(course);
            }
            outcome.state = State::Stopped;
            outcome.warnings = ib_cli::warnings();
            let message = format!(
                "IB Gateway at {} has not come to its login in time, and was ended (give a longer --timeout)",
                outcome.address
            );
            Ok(Answer::failed(outcome, Error::new(Exit::TimedOut, message)))
        }
    }
}

/// This very program with the same flags, and with what they only name in memory.
fn spawn(instance: &Instance, hand_over: &HandOver) -> Result<Child> {
    let context = || "starting the supervisor of IB Gateway";
    let program = std::env::current_exe()
        .with_context(context)
        .or_exit(Exit::Unexpected)?;
    let words = std::env::args_os().skip(1);
    let words: Vec<OsString> = words
        .chain(["--supervisor".into(), "--errors=json".into()])
        .collect();
    let log = follow::supervisor_log(instance)?;
    let errors = log
        .try_clone()
        .with_context(context)
        .or_exit(Exit::Unexpected)?;
    let mut command = clean::command(&program, &words, Life::Outlives);
    keep_passwords_out(&mut command);
    for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] {
        command.env_remove(name);
    }
    command
        .stdin(Stdio::from(hand_over.file()?))
        .stdout(log)
        .stderr(errors)
        .spawn()
        .with_context(context)
        .or_exit(Exit::Unexpected)
}
