//! The servers, started together and announced in one line.

use crate::args::{Listen, SsoArgs, TlsLie};
use crate::front::{Front, FrontConf, FrontLog};
use crate::http::server;
use crate::sso::{self, Hosts, tls};
use crate::world::World;
use crate::{control, keystore, layout, tws, upstream as ibkr};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread;

/// Serves the upstream and its control.
pub(crate) fn upstream(listen: &Listen) -> Result<()> {
    let (port, control) = start_upstream(listen.port, listen.control_port)?;
    announce(&json!({
        "upstream": format!("http://127.0.0.1:{port}"),
        "control": format!("http://127.0.0.1:{control}"),
        "pid": std::process::id(),
    }))?;
    wait(listen.until_eof)
}

/// Serves the upstream, its control and a gateway front.
pub(crate) fn gateway(listen: &Listen) -> Result<()> {
    let (upstream, control) = start_upstream(0, listen.control_port)?;
    let listener = bind(listen.port)?;
    let port = port_of(&listener)?;
    let upstream = format!("http://127.0.0.1:{upstream}");
    let conf = FrontConf::read(&layout::conf_yaml(&upstream, port)).map_err(anyhow::Error::msg)?;
    let front = Front::new(conf, FrontLog::none());
    let tls = keystore::tls(&keystore::pair()?)?;
    server::serve(
        listener,
        Some(tls),
        server::GATEWAY_HEADERS,
        Arc::new(move |request, peer| front.answer(request, peer)),
    );
    announce(&json!({
        "gateway": format!("https://localhost:{port}"),
        "port": port,
        "upstream": upstream,
        "control": format!("http://127.0.0.1:{control}"),
        "pid": std::process::id(),
    }))?;
    wait(listen.until_eof)
}

/// Serves the two hosts of DAM SSO and their control.
pub(crate) fn sso(flags: &SsoArgs) -> Result<()> {
    let world = Arc::new(World::new());
    let home = flags.gnupg_home.clone();
    let hosts = Arc::new(Hosts::new(Arc::clone(&world), home, flags.csid.clone()));
    let (settings, authority) = tls::settings(&world, flags.tls)?;
    if let Some(path) = &flags.cacert_out {
        std::fs::write(path, authority)
            .with_context(|| format!("writing the certificate to {}", path.display()))?;
    }
    let (token, api) = (Arc::clone(&hosts), hosts);
    let handlers: [Arc<server::RequestHandler>; 2] = [
        Arc::new(move |request, _| token.token(request)),
        Arc::new(move |request, _| api.api(request)),
    ];
    let mut ports = Vec::new();
    for handler in handlers {
        let listener = bind(0)?;
        ports.push(port_of(&listener)?);
        if flags.tls == Some(TlsLie::Closes) {
            let world = Arc::clone(&world);
            server::close_each(listener, move || tls::count(&world));
        } else {
            server::serve(listener, Some(Arc::clone(&settings)), sso::HEADERS, handler);
        }
    }
    let control = start_control(world, flags.control_port)?;
    announce(&json!({
        "token_url": format!("https://localhost:{}/sso/dam/token", ports[0]),
        "api_url": format!("https://localhost:{}/v1/api", ports[1]),
        "control": format!("http://127.0.0.1:{control}"),
        "csid": flags.csid,
        "pid": std::process::id(),
    }))?;
    wait(flags.until_eof)
}

/// Serves the socket of the TWS API and its control.
pub(crate) fn tws(listen: &Listen) -> Result<()> {
    let world = Arc::new(World::new());
    let listener = bind(listen.port)?;
    let port = port_of(&listener)?;
    tws::serve(listener, Arc::clone(&world));
    let control = start_control(world, listen.control_port)?;
    announce(&json!({
        "address": format!("127.0.0.1:{port}"),
        "port": port,
        "control": format!("http://127.0.0.1:{control}"),
        "pid": std::process::id(),
    }))?;
    wait(listen.until_eof)
}

/// Listens on loopback alone, unlike the real Gateway, which listens on every address.
pub(crate) fn bind(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("listening on 127.0.0.1:{port}"))
}

fn start_upstream(port: u16, control_port: u16) -> Result<(u16, u16)> {
    let listener = bind(port)?;
    let port = port_of(&listener)?;
    let world = Arc::new(World::new());
    let control = start_control(Arc::clone(&world), control_port)?;
    server::serve(
        listener,
        None,
        server::GATEWAY_HEADERS,
        Arc::new(move |request, _| ibkr::answer(&world, request)),
    );
    Ok((port, control))
}

fn start_control(world: Arc<World>, port: u16) -> Result<u16> {
    let listener = bind(port)?;
    let port = port_of(&listener)?;
    server::serve(
        listener,
        None,
        server::GATEWAY_HEADERS,
        Arc::new(move |request, _| control::answer(&world, request)),
    );
    Ok(port)
}

fn port_of(listener: &TcpListener) -> Result<u16> {
    let address = listener.local_addr().context("asking for a port")?;
    Ok(address.port())
}

fn announce(line: &Value) -> Result<()> {
    let mut stdout = io::stdout();
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .context("writing the addresses to stdout")
}

fn wait(until_eof: bool) -> Result<()> {
    if !until_eof {
        loop {
            thread::park();
        }
    }
    io::stdin()
        .read_to_end(&mut Vec::new())
        .context("waiting for the end of stdin")?;
    Ok(())
}
