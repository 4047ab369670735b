//! Runs of `ibgw-start --kind tws` for one username, and their ends.

use super::up::until;
use crate::support::{IbcLayout, Ran, eventually};
use serde_json::{Value, json};

/// The login record of a mode.
pub(crate) fn record(mode: &str) -> String {
    let record = json!({"schema": "ibgw-secret/1", "username": "someuser", "password": "Gateway-marker-81", "mode": mode});
    format!("{record}\n")
}

/// A start that returns.
pub(crate) fn start(layout: &IbcLayout, mode: &str) -> Ran {
    layout.tool("ibgw-start").stdin(record(mode)).run()
}

/// An IB Gateway that plays this script and is ready, and the report of its start.
#[track_caller]
pub(crate) fn begun(script: &Value) -> (IbcLayout, Value) {
    let layout = IbcLayout::new();
    layout.script(script);
    let report = start(&layout, "paper").exits(0).report();
    until(&layout, "ready");
    (layout, report)
}

/// What the guard has of the username.
pub(crate) fn standing(layout: &IbcLayout) -> Value {
    let tool = layout.tool("ibgw-login").args(["--status"]);
    tool.stdin(record("live")).run().exits(0).report()
}

/// A start that stays until the end.
pub(crate) fn hold(layout: &IbcLayout, mode: &str) -> Ran {
    let tool = layout.tool("ibgw-start").args(["--foreground"]);
    tool.stdin(record(mode)).run()
}

/// The end.
pub(crate) fn stop(layout: &IbcLayout) -> Ran {
    layout.tool("ibgw-start").args(["--stop"]).run()
}

/// What is killed ends in its own time.
#[track_caller]
pub(crate) fn gone(layout: &IbcLayout) {
    eventually("nothing is left running", || {
        layout.processes().is_empty().then_some(())
    });
}
