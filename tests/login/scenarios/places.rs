//! What comes in place of the page, before anything is sent and after.

use super::*;

const TITLE: &str = "2. Pages in its place";

fn scenarios() -> Vec<Scenario> {
    let instead = |page, other: &str| Scenario::new(page, json!({"page": {"instead": other}}));
    let after = |page, other: &str| Scenario::new(page, json!({"page": {"after": other}}));
    let moods = |page, moods: Value| Scenario::new(page, json!({"page": moods}));
    vec![
        instead("nothing at all", "hang").core().impatient(),
        instead("a page without a form", "formless")
            .core()
            .impatient(),
        instead("a page that nobody knows", "other").impatient(),
        moods("a page whose form never comes", json!({"never": true})).impatient(),
        instead("Akamai's 403", "akamai").core(),
        instead("the Gateway's 404", "filter").core(),
        instead("503", "unavailable").core(),
        instead("a code by email is wanted", "restricted"),
        moods("a form that does nothing", json!({"wedged": true}))
            .core()
            .impatient(),
        moods(
            "a form of version 1 that does nothing",
            json!({"wedged": true, "version": "v1"}),
        )
        .impatient(),
        after("after the login: IB Key is praised", "promo").core(),
        after("after the login: the form again", "login").core(),
        after("after the login: a code by email is wanted", "restricted"),
        after("after the login: a page that nobody knows", "other").impatient(),
        after("after the login: Akamai's 403", "akamai"),
        after("after the login: 503", "unavailable"),
    ]
}

#[test]
fn every_page_in_its_place_has_its_own_outcome_in_chromium() {
    hold(TITLE, &scenarios(), &CHROMIUM);
}

#[test]
fn every_page_in_its_place_has_its_own_outcome_in_the_headless_shell() {
    hold(TITLE, &scenarios(), &SHELL);
}

#[test]
fn every_page_in_its_place_has_its_own_outcome_in_firefox() {
    hold_core(TITLE, &scenarios());
}
