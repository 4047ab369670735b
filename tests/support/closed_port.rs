//! Where nothing listens.

use std::net::{SocketAddr, TcpListener, TcpStream};

/// A port of 127.0.0.1 at which nothing listens, and which no other program gets while this lives.
pub(crate) struct ClosedPort {
    _other_end: TcpListener,
    connection: TcpStream,
}

impl ClosedPort {
    pub(crate) fn new() -> Self {
        let other_end = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = other_end.local_addr().expect("it has an address");
        Self {
            connection: TcpStream::connect(address).expect("it listens"),
            _other_end: other_end,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.connection.local_addr().expect("it has an address")
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address())
    }
}
