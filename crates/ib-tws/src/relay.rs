//! One connection through the forwarder: it passes on what either end sends, and how either end stops.

use socket2::{SockRef, TcpKeepalive};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How many bytes are read at once, for each direction.
const PIECE: usize = 64 << 10;

/// How long the gateway may take to accept; on the same machine it does at once, or never.
const PATIENCE: Duration = Duration::from_secs(5);

/// After how much silence TCP keep-alive asks an end whether it is still there, and how often it repeats that.
///
/// Firewalls and NAT remember a silent connection for longer than this, so none of them drops it.
const SILENCE: Duration = Duration::from_secs(60);
const REPEATED: Duration = Duration::from_secs(15);

/// A client's connection, and the one to the gateway that it continues in.
pub(crate) struct Relay {
    client: TcpStream,
    /// Unset until the gateway has accepted.
    gateway: OnceLock<TcpStream>,
    is_half_done: AtomicBool,
}

impl Relay {
    pub(crate) fn of(client: TcpStream) -> Self {
        Self {
            client,
            gateway: OnceLock::new(),
            is_half_done: AtomicBool::new(false),
        }
    }

    /// Connects to the gateway.
    pub(crate) fn connect(&self, to: SocketAddr) -> io::Result<()> {
        let gateway = TcpStream::connect_timeout(&to, PATIENCE)?;
        for end in [&self.client, &gateway] {
            prepare(end)?;
        }
        self.gateway.get_or_init(|| gateway);
        Ok(())
    }

    /// Passes on both directions until both are over.
    pub(crate) fn run(&self) {
        let Some(gateway) = self.gateway.get() else {
            return;
        };
        thread::scope(|scope| {
            let thread = thread::Builder::new().name("forward-back".to_owned());
            let back = thread.spawn_scoped(scope, || self.pass(gateway, &self.client));
            match back {
                Ok(_) => self.pass(&self.client, gateway),
                Err(_) => self.reset(),
            }
        });
    }

    /// Passes on one direction until its source ends it.
    fn pass(&self, mut from: &TcpStream, mut to: &TcpStream) {
        let mut piece = vec![0; PIECE];
        loop {
            let passed = from
                .read(&mut piece)
                .and_then(|size| to.write_all(&piece[..size]).map(|()| size));
            match passed {
                Ok(0) => return self.finish(from, to),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return self.reset(),
            }
        }
    }

    /// Closes an end for writing once the other has sent everything; the other direction goes on, since an end that has
    /// sent everything may still read.
    fn finish(&self, from: &TcpStream, to: &TcpStream) {
        let is_last = self.is_half_done.swap(true, Ordering::Relaxed);
        // The kernel reports a reset once. If the other direction got that report, the only trace here is that the
        // connection has no peer any more; a connection that was closed properly has one until we close it too.
        if !is_last && from.peer_addr().is_err() {
            return self.reset();
        }
        let _ = to.shutdown(Shutdown::Write);
    }

    /// Makes both connections end by a reset when they are dropped: an end that failed must not look like one that
    /// finished.
    pub(crate) fn reset(&self) {
        for end in self.ends() {
            let _ = SockRef::from(end).set_linger(Some(Duration::ZERO));
            // Wakes the other direction. Unlike a shutdown for writing, it does not tell the peer that everything was sent.
            let _ = end.shutdown(Shutdown::Read);
        }
    }

    /// Ends both connections, whatever they are waiting for.
    pub(crate) fn end(&self) {
        for end in self.ends() {
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    fn ends(&self) -> impl Iterator<Item = &TcpStream> {
        [&self.client].into_iter().chain(self.gateway.get())
    }
}

fn prepare(end: &TcpStream) -> io::Result<()> {
    end.set_nodelay(true)?;
    let asking = TcpKeepalive::new()
        .with_time(SILENCE)
        .with_interval(REPEATED);
    SockRef::from(end).set_tcp_keepalive(&asking)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn waits_for_either_end_without_limit_and_asks_the_silent_whether_it_lives() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let client = TcpStream::connect(address).expect("a client");
        let relay = Relay::of(client);
        relay.connect(address).expect("a gateway");
        assert_eq!(relay.ends().count(), 2);
        for end in relay.ends() {
            // Only these two would let a read or a write of `pass` time out.
            assert_eq!(end.read_timeout().expect("an option"), None);
            assert_eq!(end.write_timeout().expect("an option"), None);
            assert!(end.nodelay().expect("an option"));
            let end = SockRef::from(end);
            assert!(end.keepalive().expect("an option"));
        }
    }
}
