//! An IB Gateway that ibgw-start has begun, and how it is ended.

use crate::support::{IbcLayout, Tool, eventually};
use serde_json::{Value, json};
use std::fs;

/// A login record of the paper mode.
pub(crate) fn record(password: &str) -> Value {
    json!({
        "schema": "ibgw-secret/1", "tool": "ibgw-secret", "username": "edemo", "password": password,
        "totp_seed": null, "mode": "paper", "second_factor": "IB Key", "jts_second_factor": null,
    })
}

/// A start with this record.
pub(crate) fn start(layout: &IbcLayout, record: &Value) -> Tool {
    layout.tool("ibgw-start").stdin(format!("{record}\n"))
}

/// Waits for a phase; the course.
#[track_caller]
pub(crate) fn until(layout: &IbcLayout, phase: &str) -> Value {
    eventually(phase, || {
        let course = course(layout)?;
        (course["phase"] == phase).then_some(course)
    })
}

/// Waits until the course has this value.
#[track_caller]
pub(crate) fn until_it_has(layout: &IbcLayout, key: &str, value: &str) {
    eventually(&format!("{key}: {value}"), || {
        (course(layout)?[key] == value).then_some(())
    });
}

/// How it goes; `None` before the first start.
pub(crate) fn course(layout: &IbcLayout) -> Option<Value> {
    let path = format!("gateway/tws-{}/course.json", layout.api_port());
    let text = fs::read(layout.state().join(path)).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Ends it.
#[track_caller]
pub(crate) fn stop(layout: &IbcLayout) {
    let ran = layout
        .tool("ibgw-start")
        .args(["--stop", "--mode", "paper"]);
    ran.run().exits(0);
}

/// Writes the password of VNC for a start; the flags that show the window.
pub(crate) fn vnc_flags(layout: &IbcLayout, port: u16, password: &str) -> [String; 4] {
    let path = layout.path("vnc-password");
    fs::write(&path, password).expect("a file can be written");
    [
        "--vnc".to_owned(),
        port.to_string(),
        "--vnc-password".to_owned(),
        format!("file:{}", path.display()),
    ]
}
