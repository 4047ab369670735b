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

/// How long nobody is let in after that did not work. It is for want of descriptors, which come back as connections end.
const RECOVERY: Duration = Duration::from_millis(100);

/// An address on which IB Gateway's own port can be reached.
///
/// It is closed on drop: when that is done the address is free, and the connections that it carries are ended, since
/// what is behind them does not serve. Until then a connection lasts as long as its two ends want; there is no idle
/// limit.
pub struct Forwarder {
    address: SocketAddr,
    listener: Arc<TcpListener>,
    door: Arc<Door>,
    doorkeeper: Option<JoinHandle<()>>,
}

impl Forwarder {
    /// Listens, and carries each connection to the gateway at `to`.
    ///
    /// A client whom the gateway refuses, or who is one too many, is disconnected at once.
    ///
    /// # Errors
    /// `config` when nobody can listen on this address.
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
        let door = Arc::new(Door::open());
        let (entrance, opened) = (Arc::clone(&listener), Arc::clone(&door));
        let doorkeeper = thread::Builder::new()
            .name("forwarder".to_owned())
            .spawn(move || keep(&entrance, to, &opened))
            .map_err(|error| failed(Exit::Unexpected, &error))?;
        log("info", "forwarding", &format!("from {address} to {to}"));
        Ok(Self {
            address,
            listener,
            door,
            doorkeeper: Some(doorkeeper),
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
        self.door.close();
        // Wakes whoever waits in accept(2), and nobody can connect from then on.
        let _ = SockRef::from(&*self.listener).shutdown(Shutdown::Both);
        if let Some(doorkeeper) = self.doorkeeper.take() {
            let _ = doorkeeper.join();
        }
        log("info", "forwarding_ended", &self.address.to_string());
    }
}

/// What to do when nobody can listen.
fn hint(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::AddrInUse => " (ss -ltnp says who does; give another port, or end that program)",
        ErrorKind::AddrNotAvailable => " (ip address lists this machine's addresses: give one)",
        ErrorKind::PermissionDenied => " (give a port above 1023)",
        _ => "",
    }
}

/// Lets clients in until the door is closed.
fn keep(listener: &TcpListener, to: SocketAddr, door: &Arc<Door>) {
    while !door.is_closed() {
        match listener.accept() {
            Ok((client, _)) => door.let_in(client, to),
            Err(_) if door.is_closed() => return,
            Err(error) => {
                log("warning", "not_forwarded", &error.to_string());
                thread::sleep(RECOVERY);
            }
        }
    }
}

/// Those who are inside; `None` when it is closed.
struct Door(Mutex<Option<Vec<Weak<Relay>>>>);

impl Door {
    fn open() -> Self {
        Self(Mutex::new(Some(Vec::new())))
    }

    fn inside(&self) -> MutexGuard<'_, Option<Vec<Weak<Relay>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_closed(&self) -> bool {
        self.inside().is_none()
    }

    /// Carries a client in a thread of its own, or drops it.
    fn let_in(self: &Arc<Self>, client: TcpStream, to: SocketAddr) {
        let relay = Arc::new(Relay::of(client));
        let Some(inside) = &mut *self.inside() else {
            return;
        };
        inside.retain(|relay| relay.strong_count() > 0);
        if inside.len() >= MOST {
            let message = format!("a client more than the {MOST} who are connected");
            log("warning", "not_forwarded", &message);
            return relay.reset();
        }
        inside.push(Arc::downgrade(&relay));
        let door = Arc::clone(self);
        let thread = thread::Builder::new().name("forward-out".to_owned());
        let carried = thread.spawn(move || door.carry(&relay, to));
        if let Err(error) = carried {
            log("warning", "not_forwarded", &error.to_string());
        }
    }

    fn carry(&self, relay: &Relay, to: SocketAddr) {
        if let Err(error) = relay.connect(to) {
            let message = format!("connecting to {to}: {error}");
            log("warning", "not_forwarded", &message);
            return relay.reset();
        }
        // One that was closed before this connection was there did not end it.
        if !self.is_closed() {
            relay.carry();
        }
    }

    /// Lets nobody in any more, and ends the connections of those who are inside.
    fn close(&self) {
        let inside = self.inside().take().unwrap_or_default();
        for relay in inside.iter().filter_map(Weak::upgrade) {
            relay.end();
        }
    }
}
