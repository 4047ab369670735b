//! Ports for what a test starts.

use std::iter;
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};

/// A free port, which no other test gets while this lives, not even one of another run.
pub struct TestPort {
    pub number: u16,
    _claim: UnixListener,
}

impl TestPort {
    pub fn reserve() -> Self {
        // Below the ports that the kernel gives to a program that asks for any.
        iter::repeat_with(|| fastrand::u16(10_000..32_000))
            .take(1000)
            .find_map(Self::claim)
            .expect("a port is free")
    }

    fn claim(number: u16) -> Option<Self> {
        // The kernel frees an abstract name when its process ends. The name is as wide as the port: one network.
        let name = format!("ib-tools-test-port-{number}");
        let name = SocketAddr::from_abstract_name(name).expect("a short name");
        let claim = UnixListener::bind_addr(&name).ok()?;
        TcpListener::bind(("127.0.0.1", number)).ok()?;
        Some(Self {
            number,
            _claim: claim,
        })
    }
}
