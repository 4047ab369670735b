//! The connection to the API's socket: messages before a deadline.

use crate::address::ApiAddress;
use crate::frames::Frames;
use ib_proc::Deadline;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;

/// Why a conversation ended before it was complete.
pub(crate) enum ProbeFailure {
    /// There is no connection; the sentence says why.
    Down(String),
    /// Nothing came before the deadline.
    TimedOut,
    /// The other end closed the connection.
    Closed,
    /// The client id is in use.
    IdTaken,
    /// What came is not what the TWS API says here; the sentence says what it was.
    Garbled(String),
}

impl ProbeFailure {
    /// The failure that an error of reading or writing means.
    pub(crate) fn of(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => Self::TimedOut,
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof => Self::Closed,
            _ => Self::Down(error.to_string()),
        }
    }
}

/// A connection, closed on drop.
pub(crate) struct ApiConnection {
    stream: TcpStream,
    frames: Frames,
}

impl ApiConnection {
    /// Connects to the first of the host's addresses that accepts.
    pub(crate) fn open(address: &ApiAddress, deadline: Deadline) -> Result<Self, ProbeFailure> {
        let mut failure = ProbeFailure::Down("its name has no address".to_owned());
        for place in places(address, deadline)? {
            let left = deadline.remaining();
            if left.is_zero() {
                return Err(ProbeFailure::TimedOut);
            }
            match TcpStream::connect_timeout(&place, left) {
                Ok(stream) => {
                    let frames = Frames::default();
                    return Ok(Self { stream, frames });
                }
                Err(error) => failure = ProbeFailure::of(&error),
            }
        }
        Err(failure)
    }

    pub(crate) fn send(&mut self, bytes: &[u8], deadline: Deadline) -> Result<(), ProbeFailure> {
        let left = deadline.remaining();
        if left.is_zero() {
            return Err(ProbeFailure::TimedOut);
        }
        self.stream
            .set_write_timeout(Some(left))
            .and_then(|()| self.stream.write_all(bytes))
            .map_err(|error| ProbeFailure::of(&error))
    }

    /// The next message, when it comes before the deadline.
    pub(crate) fn next(&mut self, deadline: Deadline) -> Result<Vec<u8>, ProbeFailure> {
        loop {
            if let Some(message) = self.whole()? {
                return Ok(message);
            }
            let left = deadline.remaining();
            if left.is_zero() {
                return Err(ProbeFailure::TimedOut);
            }
            self.stream
                .set_read_timeout(Some(left))
                .map_err(|error| ProbeFailure::of(&error))?;
            self.read()?;
        }
    }

    /// The next message, when it has arrived already.
    pub(crate) fn next_arrived(&mut self) -> Result<Option<Vec<u8>>, ProbeFailure> {
        if let Some(message) = self.whole()? {
            return Ok(Some(message));
        }
        self.without_waiting(true)?;
        let read = self.read();
        self.without_waiting(false)?;
        match read {
            Ok(()) => self.whole(),
            Err(ProbeFailure::TimedOut) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    fn whole(&mut self) -> Result<Option<Vec<u8>>, ProbeFailure> {
        self.frames.next_message().map_err(|length| {
            ProbeFailure::Garbled(format!("it announces a message of {length} bytes"))
        })
    }

    /// Reads once.
    fn read(&mut self) -> Result<(), ProbeFailure> {
        let mut bytes = [0; 4096];
        match self.stream.read(&mut bytes) {
            Ok(0) => Err(ProbeFailure::Closed),
            Ok(size) => {
                self.frames.push(&bytes[..size]);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(ProbeFailure::of(&error)),
        }
    }

    fn without_waiting(&self, is_so: bool) -> Result<(), ProbeFailure> {
        self.stream
            .set_nonblocking(is_so)
            .map_err(|error| ProbeFailure::of(&error))
    }
}

/// The addresses of the host.
fn places(address: &ApiAddress, deadline: Deadline) -> Result<Vec<SocketAddr>, ProbeFailure> {
    if let Ok(host) = address.host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(host, address.port)]);
    }
    // The resolver keeps only its own time limits, so its thread is left behind when our deadline passes.
    let (sender, receiver) = mpsc::channel();
    let asked = (address.host.clone(), address.port);
    thread::spawn(move || sender.send(asked.to_socket_addrs().map(Vec::from_iter)));
    match receiver.recv_timeout(deadline.remaining()) {
        Ok(Ok(places)) => Ok(places),
        Ok(Err(error)) => Err(ProbeFailure::Down(error.to_string())),
        Err(_) => Err(ProbeFailure::TimedOut),
    }
}
