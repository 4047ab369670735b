//! Starts IB Gateway: asks the guard, and starts one supervisor.

use crate::service::decision::StartDecision;
use crate::service::foreground::{self, Foreground};
use crate::service::{end_lock, manager};
use crate::tws::endings;
use crate::tws::follow::{self, FollowedStart};
use crate::tws::hand_over::HandOver;
use crate::tws::installation;
use crate::tws::instance::TwsInstance;
use crate::tws::outlook::{self, TwsPlan};
use crate::tws::ports;
use crate::tws::report::{TwsReport, TwsState};
use crate::tws::request::TwsRequest;
use crate::tws::supervisor::Supervisor;
use anyhow::Context;
use ib_cli::{Answer, Error, Exit, Login, Mode, OrExit, Result, keep_passwords_out, time};
use ib_guard::policy::Decision;
use ib_guard::{Guard, HoldReason};
use ib_proc::clean::{self, Life};
use ib_proc::{Deadline, Identity, Undo, descendants};
use ib_tws::PendingCommand;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime};

/// How long a supervisor may take to end. IB Gateway is not logged in then.
const GRACE: Duration = Duration::from_secs(10);

/// How long another process may have the ledger before the report goes without it.
const LEDGER: Duration = Duration::from_secs(1);

/// Starts it, unless it runs already.
pub(crate) fn start(
    request: &TwsRequest,
    foreground: Option<&Foreground>,
    instance: &TwsInstance,
    mode: Mode,
    login: Option<Login>,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    if let Some(foreground) = foreground {
        foreground.check_ready_fd()?;
    }
    let lock = instance.dir.lock(deadline)?;
    wait_for_the_end(instance, deadline)?;
    let decision = outlook::decide(request, instance, Some(mode), login, deadline)?;
    let plan = match decision {
        StartDecision::Start(plan) => *plan,
        StartDecision::Up(report) if foreground.is_some() => {
            let error = foreground::cannot_hold("an IB Gateway", &report.address);
            return Ok(Answer::failed(report, error));
        }
        StartDecision::Up(report) => return Ok(Answer::done(report)),
        StartDecision::Refused(report, error) => return Ok(Answer::failed(report, error)),
    };
    let TwsPlan {
        installation,
        hand_over,
    } = plan;
    let mut report = TwsReport {
        started: true,
        version: Some(installation.version.clone()),
        ..TwsReport::new(instance, mode)
    };
    if let Some(login) = &hand_over.login {
        let terms = request.terms(login, mode);
        // The supervisor records the attempt, once nothing else can keep IBC from typing.
        let guard = Guard::take(&instance.dir.state, &login.username, deadline)?;
        report.failures_left = Some(guard.failures_left(&terms));
        if let Decision::Held { why, until } = guard.decide(&terms) {
            return Ok(held(report, why, until));
        }
    }
    if foreground.is_none() {
        return in_the_background(request, instance, &hand_over, report, deadline);
    }
    let supervisor = Supervisor::new(
        request,
        foreground,
        instance,
        &installation,
        &hand_over,
        deadline,
    );
    supervisor.run(Some(lock))
}

/// Acts as the supervisor of another run, which has asked the guard.
pub(crate) fn supervise_handed_over(
    request: &TwsRequest,
    instance: &TwsInstance,
    mode: Mode,
    hand_over: &HandOver,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    // Checked again: the ports are taken in the next moment.
    let installation = installation::find(request, mode, instance)?;
    ports::check(request, mode, instance)?;
    let supervisor = Supervisor::new(request, None, instance, &installation, hand_over, deadline);
    supervisor.run(None)
}

/// Waits until an IB Gateway that is about to end has ended: it still serves at this moment, but not for long.
fn wait_for_the_end(instance: &TwsInstance, deadline: Deadline) -> Result<()> {
    let mut is_said = false;
    while let Some(end) = ComingEnd::of(instance)? {
        if !std::mem::replace(&mut is_said, true) {
            manager::notify_status("waiting for the end of the earlier IB Gateway");
        }
        if !deadline.pause(end_lock::PAUSE) {
            let doing = match end {
                ComingEnd::Pause => "told to pause",
                ComingEnd::Stop => "being ended",
            };
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

/// Why an IB Gateway is about to end.
enum ComingEnd {
    /// IBC was told to pause it.
    Pause,
    /// It is being ended.
    Stop,
}

impl ComingEnd {
    /// The coming end of the IB Gateway that runs; `None` when it stays, or none runs.
    fn of(instance: &TwsInstance) -> Result<Option<Self>> {
        let course = instance.supervised()?.map(|(course, _)| course);
        let course = course.as_ref();
        if course.is_some_and(|course| course.pending == Some(PendingCommand::Pause)) {
            return Ok(Some(Self::Pause));
        }
        let is_ending = course.is_some_and(|course| course.is_ending());
        let is_ended = is_ending || instance.dir.end_lock().is_under_way();
        Ok(is_ended.then_some(Self::Stop))
    }
}

fn held(mut report: TwsReport, why: HoldReason, until: Option<SystemTime>) -> Answer<TwsReport> {
    report.state = TwsState::Held;
    report.started = false;
    report.reason = Some(why.of_report());
    report.hold_until = until.map(time);
    Answer::failed(report, why.error(until))
}

fn in_the_background(
    request: &TwsRequest,
    instance: &TwsInstance,
    hand_over: &HandOver,
    mut report: TwsReport,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    instance.forget_course()?;
    let mut supervisor = spawn(request, instance, hand_over)?;
    let pid = supervisor.id();
    report.pid = Some(pid);
    // Until this run reports it, no other knows of the supervisor.
    let undo = Undo::new(move || {
        match Identity::of(pid) {
            Some(process) => drop(process.end_with_all_below(GRACE)),
            // Hidden by the kernel (`ProtectProc=`). It is our own child, and ends all that it has started.
            None => descendants::terminate(pid),
        }
    });
    let followed = follow::until_sent(request.is_manual(), instance, &mut supervisor, deadline)?;
    match followed {
        FollowedStart::Late(_) => drop(undo),
        FollowedStart::Sent(_) | FollowedStart::Ended(_) | FollowedStart::Failed(_) => {
            undo.forget();
        }
    }
    let mut decision = Decision::Go;
    if let Some(login) = &hand_over.login
        && let Ok(guard) = Guard::take(
            &instance.dir.state,
            &login.username,
            Deadline::after(LEDGER),
        )
    {
        let terms = request.terms(login, report.mode);
        report.failures_left = Some(guard.failures_left(&terms));
        decision = guard.decide(&terms);
    }
    match followed {
        FollowedStart::Sent(course) => Ok(endings::answer(report.with(&course), &course)),
        FollowedStart::Ended(course) => {
            report.pid = None;
            Ok(endings::answer(report.with(&course), &course))
        }
        // Another login of the username came between the guard's answer and the record.
        FollowedStart::Failed(error) if error.exit == Exit::Held => {
            report.pid = None;
            Ok(match decision {
                Decision::Held { why, until } => held(report, why, until),
                Decision::Go => Answer::failed(report, error),
            })
        }
        FollowedStart::Failed(error) => {
            report.state = TwsState::Exited;
            report.pid = None;
            Ok(Answer::failed(report, error))
        }
        FollowedStart::Late(course) => {
            let _ = supervisor.wait();
            report.pid = None;
            if let Some(course) = &course {
                report = report.with(course);
            }
            report.state = TwsState::Stopped;
            let message = format!(
                "IB Gateway at {} has not come to its login in time, and was ended (give a longer --timeout)",
                report.address
            );
            Ok(Answer::failed(report, Error::new(Exit::TimedOut, message)))
        }
    }
}

/// Starts this very program with the same flags, and with the secrets that they name in memory.
fn spawn(request: &TwsRequest, instance: &TwsInstance, hand_over: &HandOver) -> Result<Child> {
    let context = || "starting the supervisor of IB Gateway";
    let program = std::env::current_exe()
        .with_context(context)
        .or_exit(Exit::Unexpected)?;
    let mut words: Vec<OsString> = std::env::args_os().skip(1).collect();
    words.extend(["--supervisor".into(), "--errors=json".into()]);
    // The supervisor's own stderr is a file.
    if !request.guard.attended && io::stderr().is_terminal() {
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
