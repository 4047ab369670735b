//! Whether the API serves its clients, and what hangs on it: the forwarder.

use crate::StartArgs;
use crate::tws::api_off::ApiOff;
use crate::tws::instance::TwsInstance;
use crate::tws::place::Installed;
use crate::tws::ports;
use ib_cli::warn;
use ib_proc::Deadline;
use ib_tws::{ApiAddress, ClientId, Forwarder, Phase, ProbeState, Watch, probe};
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

/// How long the API may take to open after a login, before it counts as stuck.
const OPENING: Duration = Duration::from_secs(120);

/// Ours alone, so that it is no client's and not that of ibgw-tickle.
const CLIENT_ID: u32 = 997;

/// What is known of the API.
pub struct Service {
    address: SocketAddr,
    forward: Option<SocketAddr>,
    forwarder: Option<Forwarder>,
    /// Why the forwarder could not be opened; so that it is said once.
    failure: Option<String>,
    /// How often a watchdog wants to hear of it.
    every: Option<Duration>,
    next: Instant,
    bad_since: Option<Instant>,
    /// Whether the last probe had an answer, be it that IBKR is out of reach.
    answers: bool,
    api_off: ApiOff,
}

impl Service {
    /// Of an API that serves no client yet.
    pub fn new(
        args: &StartArgs,
        instance: &TwsInstance,
        place: &Installed,
        every: Option<Duration>,
    ) -> Self {
        Self {
            api_off: ApiOff::of(place, args.tws.command_port(place.mode)),
            address: ports::local(instance.api_port),
            forward: args.tws.forward,
            forwarder: None,
            failure: None,
            every,
            next: Instant::now(),
            bad_since: None,
            answers: false,
        }
    }

    /// Asks the API if it is time to; whether all that was asked for serves, if it was asked.
    pub fn look(&mut self, watch: &Watch, at: Duration) -> Option<bool> {
        if watch.is_renewing() && !watch.may_have_renewed(at) {
            // Its clients stay connected meanwhile, as over IBKR's short resets.
            self.give_up_in_time();
            self.next = Instant::now();
            return None;
        }
        if !watch.is_renewing() && !watch.phase().is_logged_in() {
            // It has been started again, and its clients' connections are gone.
            self.forwarder = None;
            self.next = Instant::now();
            self.bad_since = None;
            return None;
        }
        if Instant::now() < self.next {
            return None;
        }
        let serves = self.serves();
        let is_served = serves && self.forwards();
        if !serves {
            self.give_up_in_time();
        }
        let while_ready = self
            .every
            .map_or(WHILE_READY, |every| every.min(WHILE_READY));
        self.next = Instant::now() + if is_served { while_ready } else { UNTIL_READY };
        Some(is_served)
    }

    /// Whether the API is passed on at this moment; `None` when it is not to be.
    pub fn forward_open(&self) -> Option<bool> {
        self.forward.map(|_| self.forwarder.is_some())
    }

    /// Whether nothing shows that the program hangs. Before the login the watch has limits of its own.
    pub fn is_well(&self, phase: Phase) -> bool {
        let opens = self.bad_since.is_none_or(|since| since.elapsed() < OPENING);
        match phase {
            Phase::LoggedIn => self.answers || opens,
            phase if phase.is_logged_in() => self.answers,
            _ => true,
        }
    }

    fn serves(&mut self) -> bool {
        let Some(id) = ClientId::new(CLIENT_ID) else {
            return false;
        };
        let address = ApiAddress::local(self.address.port());
        let patience = self.every.map_or(PATIENCE, |every| PATIENCE.min(every / 2));
        let state = probe(&address, id, Deadline::after(patience)).state;
        self.answers = matches!(state, ProbeState::Ready | ProbeState::Unavailable);
        self.api_off.note(state == ProbeState::Down);
        state == ProbeState::Ready
    }

    /// Passes the API on where that was asked for; whether it is.
    fn forwards(&mut self) -> bool {
        self.bad_since = None;
        let Some(listen) = self.forward.filter(|_| self.forwarder.is_none()) else {
            return true;
        };
        match Forwarder::open(listen, self.address) {
            Ok(forwarder) => self.forwarder = Some(forwarder),
            Err(error) if self.failure.as_deref() == Some(&error.to_string()) => {}
            Err(error) => {
                warn("not_forwarded", &error.to_string());
                self.failure = Some(error.to_string());
            }
        }
        self.forwarder.is_some()
    }

    fn give_up_in_time(&mut self) {
        let since = *self.bad_since.get_or_insert_with(Instant::now);
        if since.elapsed() > DEGRADED {
            self.forwarder = None;
        }
    }
}
