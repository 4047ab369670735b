//! Whether the API serves its clients, and what hangs on it: the forwarder, and whoever waits to hear of it.

use crate::Args;
use crate::service_manager;
use crate::tws::instance::Instance;
use ib_cli::warn;
use ib_proc::{Deadline, descriptor};
use ib_tws::{Address, ClientId, Forwarder, Phase, State, probe};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How long one probe may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often it is asked until it serves.
const UNTIL_READY: Duration = Duration::from_millis(500);

/// How often it is asked from then on.
const WHILE_READY: Duration = Duration::from_secs(30);

/// How long it may serve nobody before its clients are sent away: IBKR's short resets take less.
const DEGRADED: Duration = Duration::from_secs(300);

/// Ours alone, so that it is no client's and not that of ibgw-tickle.
const CLIENT_ID: u32 = 997;

/// What is known of the API.
pub struct Service<'a> {
    args: &'a Args,
    address: SocketAddr,
    forwarder: Option<Forwarder>,
    next: Instant,
    bad_since: Option<Instant>,
    is_said: bool,
}

impl<'a> Service<'a> {
    /// Of an API that serves nobody yet.
    pub fn new(args: &'a Args, instance: &Instance) -> Self {
        Self {
            args,
            address: crate::tws::place::local(instance.api_port),
            forwarder: None,
            next: Instant::now(),
            bad_since: None,
            is_said: false,
        }
    }

    /// Asks the API if it is time to; whether it serves its clients, if it was asked.
    pub fn look(&mut self, phase: Phase) -> Option<bool> {
        if !phase.is_logged_in() {
            // It has been started again, and its clients' connections are gone.
            self.forwarder = None;
            self.next = Instant::now();
            return None;
        }
        if Instant::now() < self.next {
            return None;
        }
        let serves = self.serves();
        self.next = Instant::now() + if serves { WHILE_READY } else { UNTIL_READY };
        match serves {
            true => self.say_ready(),
            false => self.say_degraded(),
        }
        Some(serves)
    }

    fn serves(&self) -> bool {
        let Some(id) = ClientId::new(CLIENT_ID) else {
            return false;
        };
        let address = Address::local(self.address.port());
        probe(&address, id, Deadline::after(PATIENCE)).state == State::Ready
    }

    fn say_ready(&mut self) {
        self.bad_since = None;
        if let (None, Some(listen)) = (&self.forwarder, self.args.tws.forward) {
            match Forwarder::open(listen, self.address) {
                Ok(forwarder) => self.forwarder = Some(forwarder),
                Err(error) => warn("not_forwarded", &error.to_string()),
            }
        }
        if !self.is_said {
            self.is_said = true;
            service_manager::say_serves(&format!(
                "IB Gateway serves its clients at {}",
                self.address
            ));
            if let Some(number) = self.args.ready_fd
                && let Err(error) = descriptor::say_ready(number)
            {
                warn(
                    "ready_unheard",
                    &format!("writing to descriptor {number}: {error}"),
                );
            }
        }
    }

    fn say_degraded(&mut self) {
        let since = *self.bad_since.get_or_insert_with(Instant::now);
        if since.elapsed() > DEGRADED {
            self.forwarder = None;
        }
    }
}
