//! Forms of every kind: each is filled in and sent once.

use super::*;

const TITLE: &str = "1. The form";

fn live(page: &'static str, moods: Value) -> Scenario {
    Scenario::new(page, json!({"page": moods}))
}

fn paper(page: &'static str, moods: Value) -> Scenario {
    live(page, moods).with(record("paperuser", "Correct-Horse3", None, "paper"))
}

fn scenarios() -> Vec<Scenario> {
    let late = json!({"path": "/sso/lib/xyz.before.js", "delay_ms": 2000});
    let slowly =
        |action: &str| json!({"path": "/sso/Authenticator", "action": action, "delay_ms": 1200});
    vec![
        live("as it is", json!({})).core(),
        paper("as it is, the toggle to be set", json!({})).core(),
        live("starts on Paper", json!({"start_in_paper": true})),
        paper(
            "a toggle under something transparent",
            json!({"toggle_covered": true}),
        )
        .core(),
        live(
            "setting the toggle empties the fields",
            json!({"start_in_paper": true, "clear_fields_on_toggle": true}),
        )
        .core(),
        paper(
            "one button that changes its words",
            json!({"one_button": true}),
        ),
        live(
            "the username first, the password after it",
            json!({"two_step": true}),
        )
        .core(),
        paper("the same on Paper", json!({"two_step": true})),
        live(
            "another field for the username",
            json!({"credential_field": true}),
        ),
        live("the form in a frame", json!({"frame": "form"})).core(),
        live(
            "a form that comes after 3 s",
            json!({"form_delay_ms": 3000}),
        ),
        live(
            "a transparent overlay for 1.5 s",
            json!({"overlay_ms": 1500}),
        )
        .core(),
        live(
            "a dialog about cookies that comes back twice",
            json!({"cookie_dialogs": 3}),
        )
        .core(),
        live(
            "the same, as the button is clicked",
            json!({"cookie_dialog_under_mouse": true}),
        )
        .core(),
        live(
            "a banner of maintenance",
            json!({"maintenance": "<p>Scheduled maintenance on Saturday.</p>"}),
        )
        .core()
        .warns("maintenance"),
        live("no toggle", json!({"no_toggle": true})),
        paper("no toggle, and paper is wanted", json!({"no_toggle": true})),
        live("version 1", json!({"version": "v1"})).core(),
        paper(
            "version 1, the toggle to be set",
            json!({"version": "v1", "clear_fields_on_toggle": true}),
        ),
        Scenario::new(
            "version 1, whose answers take 1.2 s",
            json!({"page": {"version": "v1"}, "answers": [slowly("INIT"), slowly("COMPLETEAUTH")]}),
        ),
        Scenario::new(
            "version 1, whose script comes late",
            json!({"page": {"version": "v1"}, "answers": [late]}),
        )
        .core(),
        live(
            "version 1 in a frame",
            json!({"version": "v1", "frame": "form"}),
        ),
    ]
}

#[test]
fn every_form_is_sent_once_from_chromium() {
    hold(TITLE, &scenarios(), &CHROMIUM);
}

#[test]
fn every_form_is_sent_once_from_the_headless_shell() {
    hold(TITLE, &scenarios(), &SHELL);
}

#[test]
fn every_form_is_sent_once_from_firefox() {
    hold_core(TITLE, &scenarios());
}
