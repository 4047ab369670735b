//! The language of IBC's Java, and what IBC says of settings that it did not take.

use super::runs::{record, start, stop};
use super::up::until;
use crate::support::IbcLayout;
use serde_json::json;

/// Java reads no "11:45 PM" in English of Great Britain, and IBC sets no time then.
#[test]
fn the_time_of_the_daily_restart_is_taken_whatever_our_language() {
    for language in ["en_GB.UTF-8", "ja_JP.UTF-8", "es_ES.UTF-8"] {
        let layout = IbcLayout::new();
        let tool = layout
            .tool("ibgw-start")
            .args(["--auto-restart", "11:45 PM"])
            .env("LC_ALL", language)
            .env("LANG", language)
            .env("LC_TIME", language)
            .env("JAVA_TOOL_OPTIONS", "-Duser.language=ja");
        tool.stdin(record("paper")).run().exits(0);
        let report = layout.tool("ibgw-login").run().exits(0).report();
        assert_eq!(report["warnings"], json!([]), "{language}");
        assert_eq!(
            layout.played_of("auto_restart"),
            [json!({"event": "auto_restart", "time": "11:45 PM", "taken": true})],
            "{language}"
        );
        stop(&layout).exits(0);
    }
}

#[test]
fn a_restart_by_time_comes_whatever_our_language() {
    let layout = IbcLayout::new();
    let begun = layout.tool("ibgw-start").env("LC_ALL", "en_GB.UTF-8");
    begun.stdin(record("paper")).run().exits(0);
    until(&layout, "ready");
    let pause = layout.tool("ibgw-start").args(["--pause"]).run();
    assert_eq!(pause.exits(0).report()["reason"], "paused");
}

/// A build that is newer than IBC, and a value that it does not know.
#[test]
fn what_ibc_did_not_take_is_a_warning() {
    let layout = IbcLayout::new();
    let words = "getConfigDialog could not find 'Configure > Settings' menu item";
    layout.script(&json!({"complaints": [words, "could not find Read-Only API checkbox"]}));
    start(&layout, "paper").exits(0);
    let ran = layout.tool("ibgw-login").args(["-v"]).run().exits(0);
    assert_eq!(ran.report()["warnings"], json!(["setting_not_taken"]));
    assert!(ran.stderr.contains(words), "{}", ran.all());
    until(&layout, "ready");
    let again = start(&layout, "paper").exits(0);
    assert_eq!(again.report()["warnings"], json!(["setting_not_taken"]));
    stop(&layout).exits(0);
}
