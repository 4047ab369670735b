//! Whether the API serves its clients, and the forwarder, which depends on that.

use crate::tws::api_off::ApiOff;
use crate::tws::installation::Installation;
use crate::tws::instance::TwsInstance;
use crate::tws::ports;
use crate::tws::request::TwsRequest;
use ib_cli::warn;
use ib_proc::Deadline;
use ib_tws::{ApiAddress, ClientId, Forwarder, Phase, ProbeState, Watch, probe};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How long one probe may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often the API is asked until it serves.
const UNTIL_READY: Duration = Duration::from_millis(500);

/// How often the API is asked from then on.
const WHILE_READY: Duration = Duration::from_secs(30);

/// How long the API may be unready before its clients are disconnected. IBKR's short resets take less.
const DEGRADED: Duration = Duration::from_secs(300);

/// How long the API may take to open after a login, before it counts as stuck.
const OPENING: Duration = Duration::from_secs(120);

/// The client id of this probe alone: no client has it, and ibgw-tickle has another.
const CLIENT_ID: u32 = 997;

/// What is known of the API.
pub(crate) struct ApiWatch {
    address: SocketAddr,
    forward: Option<SocketAddr>,
    forwarder: Option<Forwarder>,
    /// Why the forwarder could not be opened; kept so that each reason is a warning once.
    failure: Option<String>,
    /// How often a watchdog wants a message.
    every: Option<Duration>,
    next: Instant,
    bad_since: Option<Instant>,
    /// Whether the last probe had an answer, even one that says that IBKR cannot be reached.
    answers: bool,
    api_off: ApiOff,
}

impl ApiWatch {
    /// An API that serves no client yet.
    pub(crate) fn new(
        request: &TwsRequest,
        instance: &TwsInstance,
        installation: &Installation,
        every: Option<Duration>,
    ) -> Self {
        Self {
            api_off: ApiOff::of(installation, request.command_port(installation.mode)),
            address: ports::local(instance.api_port),
            forward: request.forward,
            forwarder: None,
            failure: None,
            every,
            next: Instant::now(),
            bad_since: None,
            answers: false,
        }
    }

    /// Asks the API if it is time. The value says whether the API and the forwarder serve; `None` when it was not asked.
    pub(crate) fn look(&mut self, watch: &Watch, at: Duration) -> Option<bool> {
        if watch.is_renewing() && !watch.may_have_renewed(at) {
            // Its clients stay connected in the meantime, as during IBKR's short resets.
            self.give_up_in_time();
            self.next = Instant::now();
            return None;
        }
        if !watch.is_renewing() && !watch.phase().is_logged_in() {
            // The program restarts, and its clients' connections are closed.
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

    /// Whether the API is passed on at this moment; `None` when it is not meant to be.
    pub(crate) fn forward_open(&self) -> Option<bool> {
        self.forward.map(|_| self.forwarder.is_some())
    }

    /// Whether no sign shows that the program hangs. Before the login the watch has limits of its own.
    pub(crate) fn is_well(&self, phase: Phase) -> bool {
        if !phase.is_logged_in() {
            return true;
        }
        let opens = self.bad_since.is_none_or(|since| since.elapsed() < OPENING);
        self.answers || (phase == Phase::LoggedIn && opens)
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

    /// Opens the forwarder if one was asked for; false when it cannot be opened.
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
