//! Holding a gateway: it ends with us, and we with it.

use crate::Args;
use crate::gateway_log::GatewayLog;
use crate::instance::Instance;
use crate::outcome::{Outcome, State};
use crate::running::{self, Running};
use ib_cli::{Answer, Error, Exit, OrExit, Result, warn};
use ib_proc::identity::Ended;
use ib_proc::{Deadline, descriptor, keep, undo};
use ib_webapi::{Front, Gateway};
use sd_notify::NotifyState;
use std::io;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;

/// Refuses what could not be kept later.
pub fn is_possible(args: &Args) -> Result<()> {
    match args.ready_fd.filter(|number| !descriptor::is_open(*number)) {
        Some(number) => {
            let message = format!("--ready-fd {number} is not open (open it: {number}>FILE)");
            Err(Error::new(Exit::Usage, message))
        }
        None => Ok(()),
    }
}

/// The error when a gateway is up that is not ours to hold.
pub fn cannot_hold(instance: &Instance) -> Error {
    let message = format!(
        "a Gateway is up already at {}, and --foreground holds only what it started (end that one with --stop)",
        instance.url
    );
    Error::new(Exit::Config, message)
}

/// Stays until the gateway ends, or until it has ended because we were told to end.
pub fn hold(
    args: &Args,
    instance: &Instance,
    running: Running,
    log: &GatewayLog,
    mut outcome: Outcome,
) -> Result<Answer<Outcome>> {
    let told = Arc::new(AtomicBool::new(false));
    let being_told = Arc::clone(&told);
    let held = running.hold(move |java| {
        being_told.store(true, Ordering::SeqCst);
        notify(&[NotifyState::Stopping]);
        if java.end(running::GRACE) != Ended::Survived {
            // We have something to say at the end.
            undo::go_on();
        }
    });
    let Some((mut child, undo)) = held else {
        return Err(Error::new(
            Exit::Unexpected,
            "the Gateway ended while it was being taken over",
        ));
    };
    say_ready(args, instance);
    let (sender, end) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait()));
    let status = watch(&end, &instance.gateway).or_exit(Exit::Unexpected)?;
    undo.forget();
    instance.forget();
    outcome.child_exit = Some(keep::status_number(status));
    outcome.warnings = ib_cli::warnings();
    if told.load(Ordering::SeqCst) {
        outcome.state = State::Stopped;
        return Ok(Answer::done(outcome));
    }
    outcome.state = State::Exited;
    let message = format!(
        "the Gateway ended by itself; {} ({} has all of them)",
        log.last_words(),
        log.path()
    );
    Ok(Answer::failed(
        outcome,
        Error::new(Exit::Unexpected, message),
    ))
}

/// Tells whoever waits that the Gateway answers: the service manager, and the descriptor asked for.
fn say_ready(args: &Args, instance: &Instance) {
    let status = format!("the Gateway answers at {}", instance.url);
    notify(&[NotifyState::Ready, NotifyState::Status(&status)]);
    ib_cli::status(&status);
    if let Some(number) = args.ready_fd
        && let Err(error) = descriptor::say_ready(number)
    {
        warn(
            "ready_unheard",
            &format!("writing to descriptor {number}: {error}"),
        );
    }
}

fn notify(states: &[NotifyState]) {
    if let Err(error) = sd_notify::notify(states) {
        warn(
            "notify_failed",
            &format!("telling the service manager: {error}"),
        );
    }
}

/// Waits for the end of the gateway; tells the watchdog, if there is one, that it answers.
fn watch(end: &Receiver<io::Result<ExitStatus>>, gateway: &Gateway) -> io::Result<ExitStatus> {
    let limit = sd_notify::watchdog_enabled().filter(|limit| !limit.is_zero());
    loop {
        // A third to wait and a third to ask: one answer that is late is not yet one too late.
        let next = match limit {
            Some(limit) => end.recv_timeout(limit / 3),
            None => end.recv().map_err(RecvTimeoutError::from),
        };
        match (next, limit) {
            (Ok(status), _) => return status,
            (Err(RecvTimeoutError::Timeout), Some(limit)) => {
                if gateway.front(Deadline::after(limit / 3)) == Front::Login {
                    notify(&[NotifyState::Watchdog]);
                }
            }
            (Err(_), _) => return Err(io::Error::other("nobody waits for the Gateway")),
        }
    }
}
