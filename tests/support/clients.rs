//! Real clients of the TWS API: they prove that the stand-in speaks as IB Gateway does.

use super::{Ran, Standin};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The clients of `tests/clients/`, by the library that they use.
pub(crate) const CLIENTS: [&str; 2] = ["ib_async", "ibapi"];

/// What a client reports of the stand-in, to which it connects as a user's program does.
pub(crate) fn connect(client: &str, standin: &Standin, id: &str) -> Value {
    connect_to(client, standin.address(), id)
}

/// The same, of the API at an address.
pub(crate) fn connect_to(client: &str, address: &str, id: &str) -> Value {
    let (host, port) = address.split_once(':').expect("HOST:PORT");
    let mut python = script(client);
    python.args([host, port, id]);
    let output = python.output().expect("scripts/setup installs the clients");
    Ran::from_output(format!("{python:?}"), output)
        .exits(0)
        .report()
}

/// What a client of VNC sees of a window, which it then tries to use.
pub(crate) fn look(port: u16, password: &str) -> Value {
    let mut python = script("vnc");
    python.args(["127.0.0.1", &port.to_string()]);
    let shown = format!("{python:?}");
    let piped = python.stdin(Stdio::piped()).stdout(Stdio::piped());
    let started = piped.stderr(Stdio::piped()).spawn();
    let mut child = started.expect("scripts/setup installs the clients");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let wrote = stdin.write_all(password.as_bytes());
    wrote.expect("it reads the password");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    Ran::from_output(shown, output).exits(0).report()
}

fn script(client: &str) -> Command {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let mut python = Command::new(python());
    // Nothing is written beside the scripts.
    python
        .arg("-B")
        .arg(scripts.join(format!("{client}_client.py")));
    python
}

/// Where scripts/setup puts the clients.
fn python() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    cache
        .expect("HOME is set")
        .join("ib-tools/clients/bin/python")
}
