//! Secrets, and where they are not.

use super::up::{record, start, stop, until, vnc_flags};
use crate::support::{IbcLayout, TestPort, environments_with, processes_with};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

const SECRETS: [&str; 4] = [
    "planted-password-5d1e",
    "vncpl-5d",
    "planted-token-5d1e",
    "planted-variable-5d1e",
];

/// The files below a folder that have a secret in them.
fn with_secrets(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .flat_map(
            |entry| match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                true => with_secrets(&entry.path()),
                false => {
                    let bytes = fs::read(entry.path()).unwrap_or_default();
                    let has = |secret: &&str| {
                        bytes
                            .windows(secret.len())
                            .any(|part| part == secret.as_bytes())
                    };
                    let found = SECRETS.iter().any(has);
                    found.then(|| entry.path()).into_iter().collect()
                }
            },
        )
        .collect()
}

#[track_caller]
fn none_is_seen(layout: &IbcLayout) {
    for secret in SECRETS {
        let lines = processes_with(secret);
        assert!(lines.is_empty(), "{secret}: {lines:?}");
        let environments = environments_with(secret);
        assert!(environments.is_empty(), "{secret}: {environments:?}");
    }
    // The one is its purpose, the other the user's own.
    let expected = [
        layout.settings().join("jts.ini"),
        layout.path("vnc-password"),
    ];
    let mut found = with_secrets(&layout.path(""));
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn no_secret_is_where_others_look() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    layout
        .script(&json!({"second_factor": {"approved_after_ms": 1500}, "second_factor_timeout_ms": 60000, "lies": ["tells_secrets"]}));
    fs::create_dir(layout.path("tmp")).expect("a folder can be made");
    let mut record = record(SECRETS[0]);
    record["jts_second_factor"] = json!(SECRETS[2]);
    let tool = start(&layout, &record)
        .args(vnc_flags(&layout, port.number, SECRETS[1]))
        .env("TMPDIR", layout.path("tmp"))
        .env("TWS_PASSWORD", SECRETS[3]);
    let ran = tool.run().exits(0);
    let ran = SECRETS
        .iter()
        .fold(ran, |ran, secret| ran.never_shows(secret));
    until(&layout, "second_factor");
    none_is_seen(&layout);
    until(&layout, "ready");
    none_is_seen(&layout);
    let starts = layout.played_of("start");
    assert_eq!(starts[0]["descriptors"], json!([0, 1, 2, 3]));
    let log = format!("gateway/tws-{}/ibc.log", layout.api_port());
    let log = fs::read_to_string(layout.state().join(log)).expect("a log");
    assert!(log.contains("login with edemo/***"), "{log}");
    stop(&layout);
    none_is_seen(&layout);
    drop(ran);
}

/// A secret may be a word that IBC's log is full of: it is hidden, and nothing is missed for that.
#[test]
fn a_secret_that_is_a_word_of_ibcs_hides_no_event() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    layout.script(&json!({"login": "login_failed", "pace_ms": 50}));
    let tool = start(&layout, &record("Login failed"));
    tool.args(vnc_flags(&layout, port.number, "IBC")).run();
    let course = until(&layout, "stopped");
    assert_eq!(course["reason"], "login_failed", "{course}");
    assert_eq!(layout.submissions().len(), 1);
    let log = format!("gateway/tws-{}/ibc.log", layout.api_port());
    let log = fs::read_to_string(layout.state().join(log)).expect("a log");
    assert!(log.contains("***") && !log.contains("IBC"), "{log}");
    stop(&layout);
}

#[test]
fn two_screens_are_not_in_each_others_way() {
    let layouts = [IbcLayout::new(), IbcLayout::new()];
    for layout in &layouts {
        start(layout, &record("demo")).run().exits(0);
    }
    let screens = layouts.each_ref().map(|layout| {
        until(layout, "ready");
        let about = layout.played_of("start").remove(0);
        (about["display"].clone(), about["xauthority"].clone())
    });
    assert!(
        screens[0].0 != screens[1].0 && screens[0].1 != screens[1].1,
        "{screens:?}"
    );
    layouts.iter().for_each(stop);
}
