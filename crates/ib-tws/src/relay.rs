//! One connection through the forwarder: what comes from one end goes to the other, and so does how it ends.

use socket2::{SockRef, TcpKeepalive};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// What is read at once, for each direction.
const PIECE: usize = 64 << 10;

/// How long the gateway may take to accept; on the same machine it does at once, or never.
const PATIENCE: Duration = Duration::from_secs(5);

/// After how much silence an end is asked whether it is still there, and how often it is asked again.
///
/// The first is less than what firewalls and NAT remember of a silent connection, so that none of them ends it.
const SILENCE: Duration = Duration::from_secs(60);
const ASKING: Duration = Duration::from_secs(15);

/// A connection and the one that it goes on in.
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

    /// Carries both directions until both are over.
    pub(crate) fn carry(&self) {
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

    /// Carries one direction until its source ends it.
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

    /// Tells an end that the other one has said all; the other direction goes on, since who has said all may still
    /// listen.
    fn finish(&self, from: &TcpStream, to: &TcpStream) {
        let is_last = self.is_half_done.swap(true, Ordering::Relaxed);
        // The kernel says once that a connection was reset. If the other direction heard it, all that is seen of it
        // here is that there is no connection; one whose end was said has one until we say ours.
        if !is_last && from.peer_addr().is_err() {
            return self.reset();
        }
        let _ = to.shutdown(Shutdown::Write);
    }

    /// Ends both connections as broken ones, once nobody uses them: an end that failed must not look like one that was
    /// done.
    pub(crate) fn reset(&self) {
        for end in self.ends() {
            let _ = SockRef::from(end).set_linger(Some(Duration::ZERO));
            // Wakes the other direction, and, unlike the end of writing, tells nobody that all was said.
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
    let asking = TcpKeepalive::new().with_time(SILENCE).with_interval(ASKING);
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
            // Nothing but these two lets a read or a write of `pass` give up by itself.
            assert_eq!(end.read_timeout().expect("an option"), None);
            assert_eq!(end.write_timeout().expect("an option"), None);
            assert!(end.nodelay().expect("an option"));
            let end = SockRef::from(end);
            assert!(end.keepalive().expect("an option"));
        }
    }
}
