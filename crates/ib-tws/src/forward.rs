//! The forwarder: the API on an address of its own, for as long as the gateway serves its clients.

use crate::relay::Relay;
use ib_cli::{Error, Exit, Result, log};
use socket2::SockRef;
use std::io::{self, ErrorKind};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The most connections at a time. IB Gateway takes 32 clients.
const MOST: usize = 64;

/// How long to wait after a client could not be accepted: descriptors ran out, and come back as connections end.
const RECOVERY: Duration = Duration::from_millis(100);

/// An address on which IB Gateway's own port can be reached.
///
/// Drop closes it: the address is free then, and the connections have ended, since the gateway behind them does not
/// serve. Until then a connection lasts as long as its two ends want; there is no idle limit.
pub struct Forwarder {
    address: SocketAddr,
    listener: Arc<TcpListener>,
    connections: Arc<Connections>,
    acceptor: Option<JoinHandle<()>>,
}

impl Forwarder {
    /// Listens, and relays each connection to the gateway at `to`.
    ///
    /// A client that the gateway refuses, or that is one too many, is disconnected at once.
    ///
    /// # Errors
    /// `Config` when this program cannot listen on the address.
    pub fn open(listen: SocketAddr, to: SocketAddr) -> Result<Self> {
        let failed = |exit, error: &io::Error| {
            let hint = hint(error.kind());
            let message = format!("listening on {listen} to forward to {to}: {error}{hint}");
            Error::new(exit, message)
        };
        let listening = TcpListener::bind(listen)
            .and_then(|listener| listener.local_addr().map(|address| (listener, address)));
        let (listener, address) = listening.map_err(|error| failed(Exit::Config, &error))?;
        let listener = Arc::new(listener);
        let connections = Arc::new(Connections::none());
        let accepting = Arc::clone(&listener);
        let accepted = Arc::clone(&connections);
        let acceptor = thread::Builder::new()
            .name("forwarder".to_owned())
            .spawn(move || accept(&accepting, to, &accepted))
            .map_err(|error| failed(Exit::Unexpected, &error))?;
        log("info", "forwarding", &format!("from {address} to {to}"));
        Ok(Self {
            address,
            listener,
            connections,
            acceptor: Some(acceptor),
        })
    }

    /// Where it listens: with the port that the system chose, if it was left to choose.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Forwarder {
    fn drop(&mut self) {
        self.connections.close();
        // Wakes the thread that waits in accept(2); no client can connect from then on.
        let _ = SockRef::from(&*self.listener).shutdown(Shutdown::Both);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
        log("info", "forwarding_ended", &self.address.to_string());
    }
}

/// What to do when listening failed.
fn hint(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::AddrInUse => " (ss -ltnp says who does; give another port, or end that program)",
        ErrorKind::AddrNotAvailable => " (ip address lists this machine's addresses: give one)",
        ErrorKind::PermissionDenied => " (give a port above 1023)",
        _ => "",
    }
}

/// Accepts clients until the forwarder closes.
fn accept(listener: &TcpListener, to: SocketAddr, connections: &Arc<Connections>) {
    while !connections.is_closed() {
        match listener.accept() {
            Ok((client, _)) => connections.add(client, to),
            Err(_) if connections.is_closed() => return,
            Err(error) => {
                log("warning", "not_forwarded", &error.to_string());
                thread::sleep(RECOVERY);
            }
        }
    }
}

/// The connections of the clients; `None` once the forwarder is closed.
struct Connections(Mutex<Option<Vec<Weak<Relay>>>>);

impl Connections {
    fn none() -> Self {
        Self(Mutex::new(Some(Vec::new())))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<Weak<Relay>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_closed(&self) -> bool {
        self.lock().is_none()
    }

    /// Relays a client in a thread of its own, or disconnects it.
    fn add(self: &Arc<Self>, client: TcpStream, to: SocketAddr) {
        let relay = Arc::new(Relay::of(client));
        let Some(relays) = &mut *self.lock() else {
            return;
        };
        relays.retain(|relay| relay.strong_count() > 0);
        if relays.len() >= MOST {
            let message = format!("a client more than the {MOST} who are connected");
            log("warning", "not_forwarded", &message);
            return relay.reset();
        }
        relays.push(Arc::downgrade(&relay));
        let connections = Arc::clone(self);
        let thread = thread::Builder::new().name("forward-out".to_owned());
        let carried = thread.spawn(move || connections.relay(&relay, to));
        if let Err(error) = carried {
            log("warning", "not_forwarded", &error.to_string());
        }
    }

    fn relay(&self, relay: &Relay, to: SocketAddr) {
        if let Err(error) = relay.connect(to) {
            let message = format!("connecting to {to}: {error}");
            log("warning", "not_forwarded", &message);
            return relay.reset();
        }
        // Closing ended only the connections that were there already.
        if !self.is_closed() {
            relay.run();
        }
    }

    /// Accepts no further client, and ends all connections.
    fn close(&self) {
        let relays = self.lock().take().unwrap_or_default();
        for relay in relays.iter().filter_map(Weak::upgrade) {
            relay.end();
        }
    }
}
