//! `ibgw-login --kind tws`: the settings that it shares with the images, and those of the other kind.

use crate::support::{IbcLayout, Tool};
use serde_json::json;

#[test]
fn the_modes_of_the_images_are_understood_and_contradictions_refused() {
    let layout = IbcLayout::new();
    let both = layout
        .tool("ibgw-login")
        .env("TRADING_MODE", "live")
        .env("IB_TRADING_MODE", "paper");
    let ran = both.run().exits(2);
    assert!(ran.stderr.contains("TRADING_MODE"), "{}", ran.all());
    layout
        .tool("ibgw-login")
        .env("TRADING_MODE", "both")
        .run()
        .exits(6);
    // A container of two modes: a flag chooses.
    let chosen = layout.tool("ibgw-login").env("TRADING_MODE", "both");
    chosen.args(["--mode", "live"]).run().exits(7);
    layout
        .tool("ibgw-login")
        .args(["--url", "https://localhost:5000"])
        .run()
        .exits(2);
}

#[test]
fn a_flag_of_another_kind_is_refused_and_its_variable_is_not_heard() {
    let layout = IbcLayout::new();
    let other = Tool::new("ibgw-login").args(["--api-port", "4002"]);
    let ran = other.run().exits(2);
    assert!(ran.stderr.contains("--api-port"), "{}", ran.all());
    let ran = layout.tool("ibgw-login").env("IBGW_LOGOUT", "1").run();
    assert_eq!(ran.exits(7).report()["kind"], json!("tws"));
}
