//! What IBKR says before anything is sent to the phone, and how long it is waited for.

use super::runs::{gone, record, standing, start, stop};
use super::tokens::put_token;
use crate::support::{IbcLayout, eventually};
use serde_json::{Value, json};
use std::fs;
use std::net::TcpStream;

/// IBC's own handler knows both sentences (IbcAlpha/IBC, `TooManyFailedLoginAttemptsDialogHandler`).
#[test]
fn the_wait_that_ibkr_asks_for_is_reported_and_kept() {
    for (asked, seconds) in [("53 seconds", 53), ("4 minutes & 47 seconds", 287)] {
        let layout = IbcLayout::new();
        let asks = format!(" Please wait {asked} before attempting to re-login again.");
        layout.script(&json!({"login": "too_many_attempts", "asks_to_wait": asks}));
        layout.tool("ibgw-start").stdin(record("live")).run();
        let ran = layout.tool("ibgw-login").run().exits(12);
        let text = format!("Too many failed login attempts.{asks}");
        assert_eq!(ran.report()["page_text"], json!(text));
        assert_eq!(ran.error()["retry_after_seconds"], json!(seconds + 3));
        assert!(ran.stderr.contains(asked), "{}", ran.all());
        let held = layout.tool("ibgw-start").args(["--force-after-hold"]);
        let held = held.stdin(record("live")).run().exits(11);
        assert_eq!(held.report()["reason"], json!("held_as_ibkr_asks"));
        let wait = held.error()["retry_after_seconds"]
            .as_i64()
            .unwrap_or_default();
        assert!((seconds - 60..=seconds + 3).contains(&wait), "{wait}");
        assert_eq!(layout.submissions().len(), 1);
    }
}

/// IBKR counts for the username, and says so to a token as well: at a start by one, and at a restart while it runs.
#[test]
fn too_many_attempts_said_to_a_token_hold_the_next_login() {
    let wait = " Please wait 4 minutes & 47 seconds before attempting to re-login again.";
    for (asks, hold) in [(wait, "held_as_ibkr_asks"), ("", "held_after_lock")] {
        let said = json!({"login": "too_many_attempts", "asks_to_wait": asks});
        for is_running in [false, true] {
            let layout = IbcLayout::new();
            if is_running {
                layout.script(&json!([{}, said]));
                start(&layout, "paper").exits(0);
                layout.tool("ibgw-login").run().exits(0);
                layout.tool("ibgw-start").args(["--restart"]).run().exits(0);
            } else {
                layout.script(&said);
                put_token(&layout, "abc");
                start(&layout, "paper");
            }
            gone(&layout);
            let ran = start(&layout, "paper").exits(11);
            assert_eq!(ran.report()["reason"], json!(hold), "{}", ran.all());
            assert_eq!(layout.submissions().len(), usize::from(is_running));
        }
    }
}

/// The login record of a username with this device for the second factor.
fn with_device(device: &Value) -> String {
    let mut login: Value = serde_json::from_str(&record("live")).expect("JSON");
    login["second_factor"] = device.clone();
    format!("{login}\n")
}

/// Nothing was sent to the phone: no notification is counted, announced or waited for.
#[test]
fn a_device_that_is_not_in_ibkrs_list_is_reported_at_once() {
    for device in [json!("12345678"), json!(null)] {
        let layout = IbcLayout::new();
        layout.script(&json!({
            "devices": ["IB Key", "Mobile Authenticator app"], "second_factor": "never",
        }));
        layout.tool("ibgw-start").stdin(with_device(&device)).run();
        // Beside the layout: the folder that a tool runs in goes with it.
        let announced = layout.path("announced");
        let hook = format!("touch {}", announced.display());
        let follow = layout.tool("ibgw-login").args(["--before-push", &hook]);
        let ran = follow.run().exits(6);
        assert!(!announced.exists());
        let named = device.as_str().unwrap_or("none was named");
        assert!(
            ran.stderr.contains(named) && ran.stderr.contains("--second-factor"),
            "{}",
            ran.all()
        );
        assert_eq!(ran.report()["second_factor"], json!(null));
        let standing = standing(&layout);
        assert_eq!(standing["unanswered_pushes"], json!(0), "{standing}");
        assert_eq!(standing["submissions"][0]["push"], json!(false));
        gone(&layout);
    }
}

#[test]
fn a_device_of_ibkrs_list_is_chosen_before_the_phone_is_asked() {
    let layout = IbcLayout::new();
    layout.script(&json!({
        "devices": [" IB Key", "Mobile Authenticator app"],
        "second_factor": {"approved_after_ms": 300}, "second_factor_timeout_ms": 60000,
    }));
    let login = with_device(&json!("IB Key"));
    let begun = layout.tool("ibgw-start").stdin(login);
    begun.run().exits(0);
    let report = layout.tool("ibgw-login").run().exits(0).report();
    assert_eq!(report["second_factor"], json!("push"), "{report}");
    stop(&layout).exits(0);
}

/// IBC says "Second Factor Authentication initiated" of a window that opens without a list, and of no other.
#[test]
fn a_push_after_a_list_of_devices_is_announced_once_and_counted() {
    for stays in [true, false] {
        let layout = IbcLayout::new();
        layout.script(&json!({
            "devices": ["IB Key"], "devices_stay": stays, "pace_ms": 500,
            "second_factor": {"approved_after_ms": 3000}, "second_factor_timeout_ms": 60000,
        }));
        let login = with_device(&json!("IB Key"));
        let begun = layout.tool("ibgw-start").stdin(login);
        begun.run().exits(0);
        let [hook, announced] = ["hook", "announced"].map(|name| layout.path(name));
        let writes = format!("echo announced >> {}", announced.display());
        fs::write(&hook, writes).expect("a file can be written");
        let follow = layout.tool("ibgw-login");
        let follow = follow.args(["--before-push", &format!("sh {}", hook.display())]);
        let report = follow.run().exits(0).report();
        assert_eq!(report["second_factor"], json!("push"), "{report}");
        let announced = fs::read_to_string(announced).expect("it was announced");
        assert_eq!(announced, "announced\n");
        let standing = standing(&layout);
        assert_eq!(standing["submissions"][0]["push"], json!(true));
        stop(&layout).exits(0);
    }
}

/// The last question of many is cut short by our own time: what was seen before decides.
#[test]
fn a_probe_that_our_own_time_cuts_short_says_nothing() {
    let layout = IbcLayout::new();
    let lost = json!([{"code": 1100, "text": "Connectivity has been lost"}]);
    layout.script(&json!({"api": {"notices": lost}}));
    start(&layout, "paper").exits(0);
    eventually("the API listens", || {
        TcpStream::connect(("127.0.0.1", layout.api_port())).ok()
    });
    for timeout in ["4900ms", "5s", "5100ms", "5200ms", "5300ms", "5400ms"] {
        let ran = layout.tool("ibgw-login").args(["--timeout", timeout]).run();
        assert_eq!(ran.exits(12).report()["state"], "unavailable");
    }
    stop(&layout).exits(0);
}
