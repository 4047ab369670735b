//! Messages to the service manager about an IB Gateway that is held.

use crate::service::manager;
use ib_tws::{Course, PendingCommand, Phase};
use std::time::{Duration, Instant};

/// Sends the messages. Without a service manager it sends nothing.
pub(crate) struct TwsNotifier {
    address: String,
    status: String,
    is_stopping: bool,
    /// How often the watchdog wants a message that all is well; `None` when there is no watchdog.
    every: Option<Duration>,
    next: Instant,
}

impl TwsNotifier {
    /// The messages about the IB Gateway whose API is at this address.
    pub(crate) fn of(address: String) -> Self {
        Self {
            address,
            status: String::new(),
            is_stopping: false,
            every: manager::watchdog().map(|limit| limit / 2),
            next: Instant::now(),
        }
    }

    /// How often the watchdog wants a message that all is well.
    pub(crate) fn every(&self) -> Option<Duration> {
        self.every
    }

    /// Sends the status, each status once.
    pub(crate) fn notify_status(&mut self, course: &Course) {
        let status = status(course, &self.address);
        if !self.is_stopping && status != self.status {
            manager::notify_status(&status);
            self.status = status;
        }
    }

    /// Says that IB Gateway is ready, with all that was asked for.
    pub(crate) fn notify_ready(&mut self, course: &Course) {
        self.status = status(course, &self.address);
        manager::notify_ready(&self.status);
    }

    /// Says once that IB Gateway is being ended.
    pub(crate) fn notify_stopping(&mut self) {
        if !self.is_stopping {
            self.is_stopping = true;
            manager::notify_stopping("ending IB Gateway");
        }
    }

    /// Tells the watchdog in time that all is well, as long as it is.
    pub(crate) fn notify_alive(&mut self, is_well: bool) {
        if let Some(every) = self
            .every
            .filter(|_| is_well && Instant::now() >= self.next)
        {
            manager::notify_alive();
            self.next = Instant::now() + every;
        }
    }
}

/// The status, in words.
fn status(course: &Course, address: &str) -> String {
    let next = course.next_action();
    let next = next.map_or_else(String::new, |next| format!(": {next}"));
    let by_token = if course.has_token && !course.phase.is_logged_in() {
        ", by the token of the last login"
    } else {
        ""
    };
    let how = match course.phase {
        Phase::Restarting => "IB Gateway starts again by its token, without a login".to_owned(),
        Phase::Ready => match course.restarts {
            0 => format!("IB Gateway serves its clients at {address}"),
            times => format!(
                "IB Gateway serves its clients at {address} since {} (started again by token: {times})",
                course.since
            ),
        },
        Phase::Degraded => format!(
            "IB Gateway does not serve its clients at {address} since {}",
            course.since
        ),
        Phase::Starting
        | Phase::Window
        | Phase::Credentials
        | Phase::SecondFactor
        | Phase::SecondFactorAcked
        | Phase::Loading
        | Phase::LoggedIn
        | Phase::Stopped
        | Phase::Rejected
        | Phase::Stuck => format!("IB Gateway: {}{by_token}{next}", course.phase.name()),
    };
    let soon = match course.pending {
        Some(PendingCommand::Restart) => "; it starts again within two minutes",
        Some(PendingCommand::Pause) => "; it pauses within two minutes",
        None => "",
    };
    how + soon
}
