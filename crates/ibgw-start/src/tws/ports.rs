//! The ports of an IB Gateway: none is named twice, and no other program has one.

use crate::service::gateway_record::GatewayRecord;
use crate::service::listener;
use crate::tws::instance::TwsInstance;
use crate::tws::request::TwsRequest;
use ib_cli::{Error, Exit, Mode, Result};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// Refuses ports that another program has, or that are named twice.
pub(crate) fn check(request: &TwsRequest, mode: Mode, instance: &TwsInstance) -> Result<()> {
    let ports = all(request, mode, instance);
    check_distinct(&ports)?;
    for (address, flag) in ports {
        if let Err(error) = TcpListener::bind(address) {
            let holder = holder(instance, address.port());
            let message = format!(
                "{address} cannot be used{holder}: {error} (end what has it, or give another {flag})"
            );
            return Err(Error::new(Exit::Config, message));
        }
    }
    Ok(())
}

/// An address of this machine alone.
pub(crate) fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn all(
    request: &TwsRequest,
    mode: Mode,
    instance: &TwsInstance,
) -> Vec<(SocketAddr, &'static str)> {
    let mut ports = vec![
        (local(instance.api_port), "--api-port"),
        (local(request.command_port(mode)), "--command-port"),
    ];
    ports.extend(request.vnc.as_ref().map(|vnc| (vnc.address, "--vnc")));
    ports.extend(request.forward.map(|address| (address, "--forward")));
    ports
}

/// Refuses two flags with one port: each port is still free at this moment.
fn check_distinct(ports: &[(SocketAddr, &str)]) -> Result<()> {
    let are_one = |one: &SocketAddr, other: &SocketAddr| {
        let is_every = one.ip().is_unspecified() || other.ip().is_unspecified();
        one.port() == other.port() && (one.ip() == other.ip() || is_every)
    };
    for (place, (address, flag)) in ports.iter().enumerate() {
        let mut before = ports[..place].iter();
        if let Some((_, other)) = before.find(|(other, _)| are_one(other, address)) {
            let message = format!(
                "{flag} and {other} name one port, {} (give each its own)",
                address.port()
            );
            return Err(Error::new(Exit::Config, message));
        }
    }
    Ok(())
}

/// Which program has the port, for the middle of a sentence; empty when that cannot be seen.
fn holder(instance: &TwsInstance, port: u16) -> String {
    if let Some(pid) = GatewayRecord::running_at(&instance.dir.state, port) {
        return format!(
            ", by the Client Portal Gateway that was started here, with --kind cp (process {pid})"
        );
    }
    listener::holder_of(port).map_or_else(String::new, |holder| {
        format!(", by {} (process {})", holder.name, holder.pid)
    })
}
