//! A TWS that is new, whose API is off.

use super::runs::{record, start, stop};
use super::up::until;
use crate::support::IbcLayout;
use serde_json::json;
use std::fs;

/// TWS in the place of IB Gateway, as its own installer leaves it.
pub(crate) fn make_tws(layout: &IbcLayout) {
    let (gateway, tws) = (layout.path("Jts/ibgateway/1045"), layout.path("Jts/1045"));
    fs::rename(gateway, &tws).expect("it can be renamed");
    for (before, after) in [
        ("ibgateway.vmoptions", "tws.vmoptions"),
        ("ibgateway", "tws"),
    ] {
        fs::rename(tws.join(before), tws.join(after)).expect("it can be renamed");
    }
}

#[test]
fn a_new_tws_has_its_api_switched_on_and_says_so_before() {
    let layout = IbcLayout::new();
    make_tws(&layout);
    layout.script(&json!({"api_off": true}));
    let check = layout.tool("ibgw-start").args(["--check"]);
    let report = check.run().exits(0).report();
    assert_eq!(report["warnings"], json!(["api_off"]), "{report}");
    let tool = layout.tool("ibgw-start").args(["-v"]);
    let ran = tool.stdin(record("paper")).run().exits(0);
    assert!(ran.stderr.contains("serves no API"), "{}", ran.all());
    until(&layout, "ready");
    let commands = layout.played_of("command");
    assert_eq!(commands.len(), 1, "{commands:?}");
    assert_eq!(commands[0]["command"], "ENABLEAPI");
    stop(&layout).exits(0);
}

/// IB Gateway has no switch for its API, so ibgw-start sends no ENABLEAPI.
#[test]
fn an_ib_gateway_that_opens_no_api_gets_no_command_to_open_it() {
    let layout = IbcLayout::new();
    layout.script(&json!({"api_delay_ms": 7000}));
    let report = start(&layout, "paper").exits(0).report();
    let warnings = report["warnings"].to_string();
    assert!(!warnings.contains("api_off"), "{report}");
    until(&layout, "ready");
    assert!(layout.played_of("command").is_empty());
    stop(&layout).exits(0);
}
