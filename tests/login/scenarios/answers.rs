//! What IBKR says of username, password and mode.

use super::*;

const TITLE: &str = "3. Answers";

fn scenarios() -> Vec<Scenario> {
    let moods = |page, moods: Value| Scenario::new(page, json!({"page": moods}));
    let wrong = || record("testuser01", "Wrong-Horse9", None, "live");
    let paper_as_live = || record("paperuser", "Correct-Horse3", None, "live");
    let live_as_paper = || record("liveuser", "Correct-Horse7", None, "paper");
    let live_only = || json!({"users": [{"username": "liveuser", "password": "Correct-Horse7", "mode": "live", "live_only": true}]});
    vec![
        moods("a wrong password", json!({})).core().with(wrong()),
        moods(
            "a wrong password, in other words",
            json!({"wrong_text": "Invalid user name password combination"}),
        )
        .with(wrong()),
        moods("a wrong password, version 1", json!({"version": "v1"})).with(wrong()),
        moods("a locked username", json!({}))
            .core()
            .after("lock", json!({"user": "testuser01"})),
        moods(
            "words that nobody knows",
            json!({"error_text": "Zugang derzeit nicht vorgesehen"}),
        ),
        moods("the username is one for paper", json!({}))
            .core()
            .with(paper_as_live()),
        moods("the username is one for paper, --mode auto", json!({}))
            .core()
            .with(paper_as_live())
            .args(&["--mode", "auto"])
            .warns("switched_to_paper"),
        moods(
            "the same, the toggle empties the fields",
            json!({"clear_fields_on_toggle": true}),
        )
        .with(paper_as_live())
        .args(&["--mode", "auto"])
        .warns("switched_to_paper"),
        moods("a live username, --mode auto", json!({})).args(&["--mode", "auto"]),
        Scenario::new("the username is one for live", live_only()).with(live_as_paper()),
        Scenario::new("the username is one for live, --mode auto", live_only())
            .with(live_as_paper())
            .args(&["--mode", "auto"]),
    ]
}

#[test]
fn every_answer_ends_the_login_in_chromium() {
    hold(TITLE, &scenarios(), &CHROMIUM);
}

#[test]
fn every_answer_ends_the_login_in_the_headless_shell() {
    hold(TITLE, &scenarios(), &SHELL);
}

#[test]
fn every_answer_ends_the_login_in_firefox() {
    hold_core(TITLE, &scenarios());
}
