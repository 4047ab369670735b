//! Held to looks that were recorded in a browser, at pages that the stand-in plays.

use super::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// One look, as `snapshots/` has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    /// Which page it is of.
    page: String,
    is: Page,
    snapshot: Snapshot,
}

fn known() -> KnownPage {
    KnownPage::defaults().unwrap_or_else(|error| panic!("{error}"))
}

fn recorded() -> Vec<Recorded> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let read = |path: &Path| {
        let text = fs::read_to_string(path).expect("it can be read");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    entries
        .map(|entry| read(&entry.expect("an entry").path()))
        .collect()
}

fn seen(snapshot: Value) -> Page {
    Page::of(
        &serde_json::from_value(snapshot).expect("a snapshot"),
        &known(),
    )
}

#[test]
fn every_recorded_page_is_what_it_is() {
    for Recorded { page, is, snapshot } in recorded() {
        assert_eq!(Page::of(&snapshot, &known()), is, "{page}");
    }
}

#[test]
fn every_kind_of_page_but_two_was_recorded() {
    let kinds: BTreeSet<_> = recorded().iter().map(|it| it.is.name()).collect();
    assert_eq!(kinds.len(), 23, "{kinds:?}");
    // Its path does not go through the Gateway.
    let verification = seen(json!({"path": "/restricted/login", "text": "Please confirm"}));
    assert_eq!(verification, Page::Verification);
    let second_step = seen(json!({"password": {"element": "e"}, "text": "Password"}));
    assert_eq!(second_step, Page::PasswordAlone);
}

#[test]
fn a_name_holds_none_of_the_pages_words() {
    let error = seen(json!({"error": "testuser01 is locked"}));
    assert_eq!(error.name(), "an error");
}

#[test]
fn nothing_counts_while_the_page_is_busy_but_a_notification() {
    let busy = json!({"loading": true, "error": "old", "password": {"element": "e"}});
    assert_eq!(seen(busy), Page::Busy);
    let pushed = json!({"loading": true, "notification": true});
    assert_eq!(seen(pushed), Page::Push);
}

#[test]
fn a_page_that_is_known_is_not_taken_for_a_servers_error() {
    let field = json!({"element": "e"});
    let form =
        json!({"status": 503, "username": field, "password": field, "text": "Service Unavailable"});
    assert_eq!(seen(form), Page::Credentials);
    assert_eq!(seen(json!({"status": 503})), Page::Unavailable);
    assert_eq!(seen(json!({"text": "Access Denied to you"})), Page::Unknown);
}
