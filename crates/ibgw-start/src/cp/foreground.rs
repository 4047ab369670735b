//! Holding a gateway: it ends with us, and we with it.

use crate::StartArgs;
use crate::cp::gateway_log::GatewayLog;
use crate::cp::instance::GatewayInstance;
use crate::cp::ready;
use crate::cp::report::{GatewayReport, InstanceState};
use crate::cp::running::{self, RunningGateway};
use crate::{cp::stop, service::manager};
use ib_cli::{Answer, Error, Exit, OrExit, Result, warn};
use ib_proc::identity::Ended;
use ib_proc::{Deadline, descriptor, keep, undo};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

/// Refuses what could not be kept later.
pub fn is_possible(args: &StartArgs) -> Result<()> {
    match args.ready_fd.filter(|number| !descriptor::is_open(*number)) {
        Some(number) => {
            let message = format!("--ready-fd {number} is not open (open it: {number}>FILE)");
            Err(Error::new(Exit::Usage, message))
        }
        None => Ok(()),
    }
}

/// The error when a gateway is up that is not ours to hold.
pub fn cannot_hold(instance: &GatewayInstance) -> Error {
    let message = format!(
        "a Gateway is up already at {}, and --foreground holds only what it started (end that one with --stop)",
        instance.url
    );
    Error::new(Exit::Config, message)
}

/// Stays until the gateway ends, or until it has ended because we were told to end.
pub fn hold(
    args: &StartArgs,
    instance: &GatewayInstance,
    running: RunningGateway,
    log: &GatewayLog,
    mut outcome: GatewayReport,
) -> Result<Answer<GatewayReport>> {
    let told = Arc::new(AtomicBool::new(false));
    let being_told = Arc::clone(&told);
    let (gateway, logs_out) = (Arc::clone(&instance.gateway), args.logout);
    let ending = instance.ending();
    let held = running.hold(move |java| {
        let _ending = ending.begin();
        being_told.store(true, Ordering::SeqCst);
        manager::say_stopping(logs_out);
        if logs_out {
            stop::log_out(&gateway, java.pid, Deadline::after(stop::LOGOUT));
        }
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
    let status = manager::watch(&end, instance).or_exit(Exit::Unexpected)?;
    undo.forget();
    // A start that has waited for this end may have a record of its own already.
    if let Some(pid) = outcome.pid {
        instance.forget_of(pid);
    }
    outcome.child_exit = Some(keep::status_number(status));
    if told.load(Ordering::SeqCst) {
        outcome.state = InstanceState::Stopped;
        return Ok(Answer::done(outcome));
    }
    if outcome.pid.is_some_and(|pid| instance.is_announced(pid)) {
        let message = "another ibgw-start --stop ended the Gateway";
        manager::tell_status(message);
        warn("stopped_by_another", message);
        outcome.state = InstanceState::Stopped;
        return Ok(Answer::done(outcome));
    }
    outcome.state = InstanceState::Exited;
    let message = format!(
        "the Gateway ended{}; {} ({} has all of them)",
        outcome.child_exit.map_or("", ready::killed),
        log.last_words(),
        log.path()
    );
    let error = Error::new(Exit::Unexpected, message);
    manager::say_failed(&error);
    Ok(Answer::failed(outcome, error))
}

/// Tells whoever waits that the Gateway answers: the service manager, and the descriptor asked for.
fn say_ready(args: &StartArgs, instance: &GatewayInstance) {
    manager::say_ready(instance);
    ib_cli::status(&format!("the Gateway answers at {}", instance.url));
    write_ready(args);
}

/// Writes to the descriptor of `--ready-fd`.
pub fn write_ready(args: &StartArgs) {
    if let Some(number) = args.ready_fd
        && let Err(error) = descriptor::say_ready(number)
    {
        warn(
            "ready_unheard",
            &format!("writing to descriptor {number}: {error}"),
        );
    }
}
