//! Real clients of the TWS API: they prove that the stand-in speaks as IB Gateway does.

use super::{Ran, Standin};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The clients of `tests/clients/`, by the library that they use.
pub const CLIENTS: [&str; 2] = ["ib_async", "ibapi"];

/// What a client was told by the stand-in, which it connects to as programs of its users do.
pub fn connect(client: &str, standin: &Standin, id: &str) -> Value {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let (host, port) = standin.address().split_once(':').expect("HOST:PORT");
    let mut python = Command::new(python());
    // Nothing is written beside the scripts.
    python
        .arg("-B")
        .arg(scripts.join(format!("{client}_client.py")))
        .args([host, port, id]);
    let output = python.output().expect("scripts/setup installs the clients");
    Ran::from_output(format!("{python:?}"), output)
        .exits(0)
        .report()
}

/// Where scripts/setup puts the clients.
fn python() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    cache
        .expect("HOME is set")
        .join("ib-tools/clients/bin/python")
}
