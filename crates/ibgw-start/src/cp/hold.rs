//! `--foreground`: the Gateway ends with this process, and this process with the Gateway.

use crate::cp::gateway_log::GatewayLog;
use crate::cp::instance::GatewayInstance;
use crate::cp::ready;
use crate::cp::report::{GatewayReport, InstanceState};
use crate::cp::running::{self, RunningGateway};
use crate::cp::stop;
use crate::service::foreground::Foreground;
use crate::service::manager;
use ib_cli::{Answer, Error, Exit, OrExit, Result, time, warn};
use ib_proc::identity::Ended;
use ib_proc::{Deadline, keeper, undo};
use ib_webapi::GatewayRoot;
use std::io;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, SystemTime};

/// How often the Gateway is asked when there is no watchdog. The answer is for the status alone.
const NO_WATCHDOG: Duration = Duration::from_secs(60);

/// Stays until the Gateway ends, or until a signal has made this process end it.
pub(crate) fn hold(
    foreground: &Foreground,
    logs_out: bool,
    instance: &GatewayInstance,
    running: RunningGateway,
    log: &GatewayLog,
    mut report: GatewayReport,
) -> Result<Answer<GatewayReport>> {
    let is_signalled = Arc::new(AtomicBool::new(false));
    let signalled = Arc::clone(&is_signalled);
    let gateway = Arc::clone(&instance.gateway);
    let end_lock = instance.dir.end_lock();
    let held = running.hold(move |java| {
        let _end_lock = end_lock.begin();
        signalled.store(true, Ordering::SeqCst);
        let first = if logs_out { "logging out, and " } else { "" };
        manager::notify_stopping(&format!("{first}ending the Gateway"));
        if logs_out {
            stop::log_out(&gateway, java.pid, Deadline::after(stop::LOGOUT));
        }
        if java.end(running::GRACE) != Ended::Survived {
            // The report is still to be printed.
            undo::go_on();
        }
    });
    let Some((mut child, undo)) = held else {
        return Err(Error::new(
            Exit::Unexpected,
            "the Gateway ended while it was being taken over",
        ));
    };
    manager::notify_ready(&answers(instance));
    ib_cli::status(&answers(instance));
    foreground.write_ready();
    let (sender, end) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait()));
    let status = watch(&end, instance).or_exit(Exit::Unexpected)?;
    undo.forget();
    // A start that has waited for this end may have a record of its own already.
    if let Some(pid) = report.pid {
        instance.forget_of(pid);
    }
    report.child_exit = Some(keeper::status_number(status));
    if is_signalled.load(Ordering::SeqCst) {
        report.state = InstanceState::Stopped;
        return Ok(Answer::done(report));
    }
    if report.pid.is_some_and(|pid| instance.is_announced(pid)) {
        let message = "another ibgw-start --stop ended the Gateway";
        manager::notify_status(message);
        warn("stopped_by_another", message);
        report.state = InstanceState::Stopped;
        return Ok(Answer::done(report));
    }
    report.state = InstanceState::Exited;
    let message = format!(
        "the Gateway ended{}; {} ({} has all of them)",
        report.child_exit.map_or("", ready::killed),
        log.last_words(),
        log.path()
    );
    let error = Error::new(Exit::Unexpected, message);
    manager::notify_failed(&error);
    Ok(Answer::failed(report, error))
}

/// Waits for the end of the Gateway. Until then the watchdog, if there is one, hears at half its limit that the Gateway
/// answers, and the status says whether it does.
fn watch(
    end: &Receiver<io::Result<ExitStatus>>,
    instance: &GatewayInstance,
) -> io::Result<ExitStatus> {
    let lost = || io::Error::other("no wait for the Gateway is left");
    if std::env::var_os("NOTIFY_SOCKET").is_none() {
        return end.recv().map_err(|_| lost())?;
    }
    let watchdog = manager::watchdog();
    let every = watchdog.map_or(NO_WATCHDOG, |limit| limit / 2);
    let mut answered = true;
    loop {
        // One late answer is not too late yet: a second and a third fit in before the limit.
        let wait = if answered { every } else { every / 8 };
        match end.recv_timeout(wait) {
            Ok(status) => return status,
            Err(RecvTimeoutError::Disconnected) => return Err(lost()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        let answers_now = instance.gateway.root(Deadline::after(every / 4)) == GatewayRoot::Login;
        if answers_now && watchdog.is_some() {
            manager::notify_alive();
        }
        if answers_now && !answered {
            manager::notify_status(&answers(instance));
        } else if answered && !answers_now {
            let since = time(SystemTime::now());
            manager::notify_status(&format!(
                "no answer from the Gateway at {} since {since}",
                instance.url
            ));
        }
        answered = answers_now;
    }
}

fn answers(instance: &GatewayInstance) -> String {
    format!("the Gateway answers at {}", instance.url)
}
