//! The ports of an IB Gateway: none is used twice, and none is another program's.

use crate::args::tws::TwsArgs;
use crate::service::gateway_record::GatewayRecord;
use crate::service::listener;
use crate::tws::instance::TwsInstance;
use ib_cli::{Error, Exit, Mode, Result};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// Refuses ports that cannot be had.
pub fn are_free(args: &TwsArgs, mode: Mode, instance: &TwsInstance) -> Result<()> {
    let ports = all(args, mode, instance);
    refuse_twice(&ports)?;
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
pub fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn all(args: &TwsArgs, mode: Mode, instance: &TwsInstance) -> Vec<(SocketAddr, &'static str)> {
    let mut ports = vec![
        (local(instance.api_port), "--api-port"),
        (local(args.command_port(mode)), "--command-port"),
    ];
    ports.extend(args.vnc.map(|address| (address, "--vnc")));
    ports.extend(args.forward.map(|address| (address, "--forward")));
    ports
}

/// Each of them is free as long as none of the others is used.
fn refuse_twice(ports: &[(SocketAddr, &str)]) -> Result<()> {
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

/// Which program has the port, as a sentence goes on; empty when that cannot be seen.
fn holder(instance: &TwsInstance, port: u16) -> String {
    if let Some(pid) = GatewayRecord::running_at(&instance.state, port) {
        return format!(
            ", by the Client Portal Gateway that was started here, with --kind cp (process {pid})"
        );
    }
    listener::of(port).map_or_else(String::new, |holder| {
        format!(", by {} (process {})", holder.name, holder.pid)
    })
}
