//! What a service manager hears of an IB Gateway that is held.

use crate::service::manager;
use ib_tws::{Course, PendingCommand, Phase};
use std::time::{Duration, Instant};

/// What a service manager hears; nothing where there is no service manager.
pub struct Manager {
    address: String,
    status: String,
    is_stopping: bool,
    /// How often its watchdog wants to hear that all is well; `None` when it has none.
    every: Option<Duration>,
    next: Instant,
}

impl Manager {
    /// Of the IB Gateway whose API is at this address.
    pub fn of(address: String) -> Self {
        Self {
            address,
            status: String::new(),
            is_stopping: false,
            every: manager::watchdog().map(|limit| limit / 2),
            next: Instant::now(),
        }
    }

    /// How often the watchdog wants to hear that all is well.
    pub fn every(&self) -> Option<Duration> {
        self.every
    }

    /// Says how it goes, each status once.
    pub fn say(&mut self, course: &Course) {
        let status = status(course, &self.address);
        if !self.is_stopping && status != self.status {
            manager::tell_status(&status);
            self.status = status;
        }
    }

    /// Says that all that was asked for serves.
    pub fn say_ready(&mut self, course: &Course) {
        self.status = status(course, &self.address);
        manager::say_serves(&self.status);
    }

    /// Says that it is being ended, once.
    pub fn say_stopping(&mut self) {
        if !self.is_stopping {
            self.is_stopping = true;
            manager::say_ending("ending IB Gateway");
        }
    }

    /// Keeps the watchdog quiet as long as all is well.
    pub fn beat(&mut self, is_well: bool) {
        if let Some(every) = self
            .every
            .filter(|_| is_well && Instant::now() >= self.next)
        {
            manager::say_alive();
            self.next = Instant::now() + every;
        }
    }
}

/// How it goes, in words.
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
        phase => format!("IB Gateway: {}{by_token}{next}", phase.name()),
    };
    let soon = match course.pending {
        Some(PendingCommand::Restart) => "; it starts again within two minutes",
        Some(PendingCommand::Pause) => "; it pauses within two minutes",
        None => "",
    };
    how + soon
}
