//! The servers, started together and announced in one line.

use crate::args::Listen;
use crate::front::{Conf, Front, Log};
use crate::http::server;
use crate::world::World;
use crate::{control, keystore, layout, upstream as ibkr};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread;

/// Serves the upstream and its control.
pub fn upstream(listen: &Listen) -> Result<()> {
    let (port, control) = start_upstream(listen.port, listen.control_port)?;
    announce(&json!({
        "upstream": format!("http://127.0.0.1:{port}"),
        "control": format!("http://127.0.0.1:{control}"),
        "pid": std::process::id(),
    }))?;
    wait(listen.until_eof)
}

/// Serves the upstream, its control and a gateway front.
pub fn gateway(listen: &Listen) -> Result<()> {
    let (upstream, control) = start_upstream(0, listen.control_port)?;
    let listener = bind(listen.port)?;
    let port = listener
        .local_addr()
        .context("asking for the gateway's port")?
        .port();
    let upstream = format!("http://127.0.0.1:{upstream}");
    let conf = Conf::read(&layout::conf_yaml(&upstream, port)).map_err(anyhow::Error::msg)?;
    let front = Front::new(conf, Log::none());
    let tls = keystore::tls(&keystore::pair()?)?;
    server::serve(
        listener,
        Some(tls),
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

/// Listens on loopback alone, unlike the real Gateway, which listens on every address.
pub fn bind(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("listening on 127.0.0.1:{port}"))
}

fn start_upstream(port: u16, control_port: u16) -> Result<(u16, u16)> {
    let (listener, control) = (bind(port)?, bind(control_port)?);
    let ports = (
        listener
            .local_addr()
            .context("asking for the upstream's port")?
            .port(),
        control
            .local_addr()
            .context("asking for the control's port")?
            .port(),
    );
    let world = Arc::new(World::new());
    let controlled = Arc::clone(&world);
    server::serve(
        listener,
        None,
        Arc::new(move |request, _| ibkr::answer(&world, request)),
    );
    server::serve(
        control,
        None,
        Arc::new(move |request, _| control::answer(&controlled, request)),
    );
    Ok(ports)
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
