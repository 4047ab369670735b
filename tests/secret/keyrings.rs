//! `keyring:`, with GNOME's keyring on a bus of its own.

use super::{MARKER, tool, tool_with};
use crate::support::keyring::{Bus, Keyring};
use crate::support::{Ran, Tool};
use serde_json::json;

const PLACE: &str = "keyring:ibkr/trader";

fn on(bus: &Bus, tool: Tool) -> Tool {
    tool.env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
}

fn get(keyring: &Keyring) -> Ran {
    on(&keyring.bus, tool()).args(["get", PLACE]).run()
}

#[track_caller]
fn says(ran: Ran, exit: i32, sentence: &str) {
    let ran = ran.exits(exit).is_silent_on_stdout().never_shows(MARKER);
    let message = ran.error()["message"].to_string();
    assert!(message.contains(sentence), "{sentence}: {}", ran.all());
}

#[test]
fn reads_what_others_have_put_there() {
    let keyring = Keyring::new();
    says(get(&keyring), 6, "no such item");
    keyring.store(&["service", "ibkr", "account", "trader"], "of keytar");
    assert_eq!(get(&keyring).exits(0).stdout, "of keytar\n");
    // The item with the more common attribute wins.
    keyring.store(&["service", "ibkr", "username", "trader"], MARKER);
    let ran = get(&keyring).exits(0).is_silent_on_stderr();
    assert_eq!(ran.stdout, format!("{MARKER}\n"), "{}", ran.all());
    let further = [
        "service",
        "ibkr",
        "username",
        "trader",
        "application",
        "other",
    ];
    keyring.store(&further, MARKER);
    says(get(&keyring), 6, "several items");
}

#[test]
fn never_asks_a_person_to_unlock_it() {
    let keyring = Keyring::new();
    keyring.store(&["service", "ibkr", "username", "trader"], MARKER);
    keyring.lock();
    says(get(&keyring), 6, "the keyring is locked");
}

#[test]
fn check_tells_that_there_is_no_such_item() {
    let keyring = Keyring::new();
    let check = || {
        let tool = on(&keyring.bus, tool_with(&[("name", "trader")]));
        tool.args(["check", "--username", "file:name", "--password", PLACE])
            .run()
    };
    let ran = check().exits(1).is_silent_on_stderr();
    assert_eq!(ran.report()["state"], "absent", "{}", ran.all());
    keyring.store(&["service", "ibkr", "username", "trader"], MARKER);
    let ran = check().exits(0).never_shows(MARKER);
    let expected = json!({
        "part": "password", "source": "keyring", "place": PLACE, "mode": null, "protection": "service",
        "readable": true, "problem": null,
    });
    assert_eq!(ran.report()["parts"][1], expected, "{}", ran.all());
}

#[test]
fn says_that_there_is_no_bus_and_no_keyring_on_it() {
    let ran = tool().args(["get", PLACE]).run();
    says(ran, 7, "there is no session bus");
    let bus = Bus::new();
    let ran = on(&bus, tool()).args(["get", PLACE]).run();
    says(ran, 7, "or no keyring on it");
    let ran = tool().args(["get", "keyring:ibkr"]).run();
    says(ran, 2, "keyring: takes SERVICE/ACCOUNT");
}

#[test]
fn a_bus_that_does_not_answer_ends_at_the_time_limit() {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    let socket = folder.path().join("bus");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket can be made");
    let ran = tool()
        .env(
            "DBUS_SESSION_BUS_ADDRESS",
            format!("unix:path={}", socket.display()),
        )
        .args(["get", PLACE, "--timeout", "1s"])
        .run();
    says(ran, 8, "nothing came in time");
}
