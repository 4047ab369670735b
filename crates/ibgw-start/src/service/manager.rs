//! What a service manager is told, as sd_notify(3) has it; nothing when there is none.

use crate::cp::instance::GatewayInstance;
use ib_cli::{Error, time, warn};
use ib_proc::Deadline;
use ib_webapi::GatewayRoot;
use sd_notify::NotifyState;
use std::io;
use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, SystemTime};

/// How often the Gateway is asked when no watchdog waits for it: for the status alone.
const NO_WATCHDOG: Duration = Duration::from_secs(60);

/// The Gateway is being started.
pub fn say_starting(instance: &GatewayInstance) {
    tell_status(&format!("starting the Gateway at {}", instance.url));
}

/// It did not come up.
pub fn say_failed(error: &Error) {
    tell_status(&error.to_string());
}

/// It answers.
pub fn say_ready(instance: &GatewayInstance) {
    say_serves(&answers(instance));
}

/// What was started serves its clients. The process to watch is this one, also when a shell was started and not we.
pub fn say_serves(status: &str) {
    let main = NotifyState::MainPid(std::process::id());
    tell(&[NotifyState::Ready, main, NotifyState::Status(status)]);
}

/// What was started is being ended.
pub fn say_ending(status: &str) {
    tell(&[NotifyState::Stopping, NotifyState::Status(status)]);
}

/// The watchdog's limit; `None` when there is no watchdog.
pub fn watchdog() -> Option<Duration> {
    sd_notify::watchdog_enabled().filter(|limit| !limit.is_zero())
}

/// All is well, for the watchdog.
pub fn say_alive() {
    tell(&[NotifyState::Watchdog]);
}

/// We were told to end it.
pub fn say_stopping(logs_out: bool) {
    let first = if logs_out { "logging out, and " } else { "" };
    say_ending(&format!("{first}ending the Gateway"));
}

/// Waits for the end of the gateway. Until then the watchdog, if there is one, hears at half its limit that the Gateway
/// answers, and the status says whether it does.
pub fn watch(
    end: &Receiver<io::Result<ExitStatus>>,
    instance: &GatewayInstance,
) -> io::Result<ExitStatus> {
    let nobody = || io::Error::other("nobody waits for the Gateway");
    if std::env::var_os("NOTIFY_SOCKET").is_none() {
        return end.recv().map_err(|_| nobody())?;
    }
    let watchdog = watchdog();
    let every = watchdog.map_or(NO_WATCHDOG, |limit| limit / 2);
    let mut answered = true;
    loop {
        // One answer that is late is not yet one too late: there is time for a second and a third before the limit.
        let wait = if answered { every } else { every / 8 };
        match end.recv_timeout(wait) {
            Ok(status) => return status,
            Err(RecvTimeoutError::Disconnected) => return Err(nobody()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        let answers_now = instance.gateway.front(Deadline::after(every / 4)) == GatewayRoot::Login;
        if answers_now && watchdog.is_some() {
            say_alive();
        }
        if answers_now && !answered {
            tell_status(&answers(instance));
        } else if answered && !answers_now {
            let since = time(SystemTime::now());
            tell_status(&format!(
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

/// What it is doing, in words.
pub fn tell_status(status: &str) {
    tell(&[NotifyState::Status(status)]);
}

fn tell(states: &[NotifyState]) {
    if let Err(error) = sd_notify::notify(states) {
        warn(
            "notify_failed",
            &format!("telling the service manager: {error}"),
        );
    }
}
