//! Starting IB Gateway: the guard asked, one supervisor started.

use crate::StartArgs;
use crate::cp::foreground;
use crate::service::ending;
use crate::service::manager;
use crate::tws::follow::{self, Followed};
use crate::tws::hand_over::HandOver;
use crate::tws::instance::TwsInstance;
use crate::tws::outlook::{self, Prepared};
use crate::tws::place::{self, Installed};
use crate::tws::report::{TwsReport, TwsState};
use crate::tws::supervisor::Supervisor;
use crate::tws::{endings, ports};
use anyhow::Context;
use ib_cli::{Answer, Error, Exit, Lock, Login, Mode, OrExit, Result, keep_passwords_out, time};
use ib_guard::policy::{Decision, Terms};
use ib_guard::{Guard, HoldReason};
use ib_proc::clean::{self, Life};
use ib_proc::{Deadline, Identity, Undo, descendants};
use ib_tws::PendingCommand;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime};

/// How long a supervisor that is told to end may take: IB Gateway is not logged in then.
const GRACE: Duration = Duration::from_secs(10);

/// How long another process may keep the ledger from being looked at once more.
const LEDGER: Duration = Duration::from_secs(1);

/// Starts it, unless it runs already.
pub fn start(
    args: &StartArgs,
    instance: &TwsInstance,
    mode: Mode,
    login: Option<Login>,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    foreground::is_possible(args)?;
    let lock = instance.lock(deadline)?;
    wait_for_the_end(instance, deadline)?;
    let decision = outlook::look(args, instance, Some(mode), login, deadline)?;
    let Prepared { place, hand_over } = match decision.or_answer() {
        Ok(prepared) => *prepared,
        Err(answer) => return Ok(*answer),
    };
    let mut outcome = TwsReport {
        started: true,
        version: Some(place.version.clone()),
        ..TwsReport::new(instance, mode)
    };
    if let Some(login) = &hand_over.login {
        let terms = terms(args, login, mode);
        // The supervisor records the attempt, once nothing else can keep IBC from typing.
        let guard = Guard::take(&instance.state, &login.username, deadline)?;
        outcome.failures_left = Some(guard.failures_left(&terms));
        if let Decision::Held { why, until } = guard.decide(&terms) {
            return Ok(held(outcome, why, until));
        }
    }
    if args.foreground {
        return supervise(args, instance, &place, &hand_over, Some(lock), deadline);
    }
    in_the_background(args, instance, &hand_over, outcome, deadline)
}

/// Acts as the supervisor; the guard has been asked. The lock, if this run has it, is given back once others can see that
/// it supervises.
pub fn supervise(
    args: &StartArgs,
    instance: &TwsInstance,
    place: &Installed,
    hand_over: &HandOver,
    lock: Option<Lock>,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
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

/// What a supervisor looks at again, which takes the ports in the next moment.
pub fn look(args: &StartArgs, instance: &TwsInstance, mode: Mode) -> Result<Installed> {
    let place = place::look(&args.tws, args.java.as_deref(), mode, instance)?;
    ports::are_free(&args.tws, mode, instance)?;
    Ok(place)
}

/// Waits for the end of one that is on its way to it: it serves at this moment, and does not at the next.
fn wait_for_the_end(instance: &TwsInstance, deadline: Deadline) -> Result<()> {
    let mut is_said = false;
    while let Some(doing) = ending_by(instance)? {
        if !std::mem::replace(&mut is_said, true) {
            manager::tell_status("waiting for the end of the IB Gateway before");
        }
        if !deadline.pause(ending::PAUSE) {
            let message = format!(
                "the IB Gateway at {} is {doing}, and has not ended in time (start it again later, or give a longer \
                 --timeout)",
                instance.address()
            );
            return Err(Error::new(Exit::TimedOut, message));
        }
    }
    Ok(())
}

/// What ends the one that runs, or has just ended it; `None` when it goes on, or nothing runs.
fn ending_by(instance: &TwsInstance) -> Result<Option<&'static str>> {
    let course = instance.supervised()?.map(|(course, _)| course);
    let is_paused = course
        .as_ref()
        .is_some_and(|course| course.pending == Some(PendingCommand::Pause));
    let is_ending = course.is_some_and(|course| course.is_ending());
    Ok(
        match (is_paused, is_ending || instance.ending().is_under_way()) {
            (true, _) => Some("told to pause"),
            (false, true) => Some("being ended"),
            (false, false) => None,
        },
    )
}

/// What the guard may allow.
pub fn terms(args: &StartArgs, login: &Login, mode: Mode) -> Terms {
    // A paper username has no second factor of its own; a token of an earlier login may be refused.
    let is_without_push = mode == Mode::Paper && login.second_factor.is_none();
    args.tws.guard.terms(mode.name(), is_without_push)
}

fn held(mut outcome: TwsReport, why: HoldReason, until: Option<SystemTime>) -> Answer<TwsReport> {
    outcome.state = TwsState::Held;
    outcome.started = false;
    outcome.reason = Some(why.of_report());
    outcome.hold_until = until.map(time);
    Answer::failed(outcome, why.error(until))
}

fn in_the_background(
    args: &StartArgs,
    instance: &TwsInstance,
    hand_over: &HandOver,
    mut outcome: TwsReport,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    instance.forget_course()?;
    let mut supervisor = spawn(args, instance, hand_over)?;
    let pid = supervisor.id();
    outcome.pid = Some(pid);
    // Until it is said that it goes, nobody would know of it.
    let ending = Undo::new(move || {
        match Identity::of(pid) {
            Some(process) => drop(process.end_with_all_below(GRACE)),
            // Hidden by the kernel (`ProtectProc=`); but our own child, and it ends what it has started.
            None => descendants::terminate(pid),
        }
    });
    let followed = follow::until_typed(args, instance, &mut supervisor, deadline)?;
    match followed {
        Followed::Late(_) => drop(ending),
        _ => ending.forget(),
    }
    let mut decision = Decision::Go;
    if let Some(login) = &hand_over.login
        && let Ok(guard) = Guard::take(&instance.state, &login.username, Deadline::after(LEDGER))
    {
        let terms = terms(args, login, outcome.mode);
        outcome.failures_left = Some(guard.failures_left(&terms));
        decision = guard.decide(&terms);
    }
    match followed {
        Followed::Goes(course) => Ok(endings::answer(outcome.with(&course), &course)),
        Followed::Ended(course) => {
            outcome.pid = None;
            Ok(endings::answer(outcome.with(&course), &course))
        }
        // Another login of the username came between the question and the record.
        Followed::Broke(error) if error.exit == Exit::Held => {
            outcome.pid = None;
            Ok(match decision {
                Decision::Held { why, until } => held(outcome, why, until),
                Decision::Go => Answer::failed(outcome, error),
            })
        }
        Followed::Broke(error) => {
            outcome.state = TwsState::Exited;
            outcome.pid = None;
            Ok(Answer::failed(outcome, error))
        }
        Followed::Late(course) => {
            let _ = supervisor.wait();
            outcome.pid = None;
            if let Some(course) = &course {
                outcome = outcome.with(course);
            }
            outcome.state = TwsState::Stopped;
            let message = format!(
                "IB Gateway at {} has not come to its login in time, and was ended (give a longer --timeout)",
                outcome.address
            );
            Ok(Answer::failed(outcome, Error::new(Exit::TimedOut, message)))
        }
    }
}

/// This very program with the same flags, and with what they only name in memory.
fn spawn(args: &StartArgs, instance: &TwsInstance, hand_over: &HandOver) -> Result<Child> {
    let context = || "starting the supervisor of IB Gateway";
    let program = std::env::current_exe()
        .with_context(context)
        .or_exit(Exit::Unexpected)?;
    let mut words: Vec<OsString> = std::env::args_os().skip(1).collect();
    words.extend(["--supervisor".into(), "--errors=json".into()]);
    // Its own stderr is a file.
    if !args.tws.guard.attended && io::stderr().is_terminal() {
        words.push("--attended".into());
    }
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
