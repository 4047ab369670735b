//! The page in Firefox, over geckodriver: what holds in Chromium holds here.

use super::leftovers::{assert_nothing_is_left, waiting_in};
use super::*;
use crate::support::{children_of, eventually, signal};
use std::os::unix::fs::symlink;

/// Debian's `firefox` is a shell script; this is what it runs.
const FIREFOX: &str = "/usr/lib/firefox-esr/firefox-esr";

/// The arguments that make a login use Firefox.
pub(crate) fn arguments() -> [String; 2] {
    let path = std::env::var_os("PATH").expect("PATH is set");
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join("geckodriver"))
        .find(|file| file.is_file());
    let found = found.expect("geckodriver is in PATH (scripts/setup installs it)");
    ["--driver".to_owned(), found.display().to_string()]
}

fn login(standin: &Standin) -> Tool {
    on_the_page(standin).args(arguments())
}

#[test]
fn logs_in_to_paper_whatever_the_toggle_stands_on() {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"clear_fields_on_toggle": true, "overlay_ms": 300}}));
    let ran = login(&standin)
        .stdin(record("paperuser", "Correct-Horse3", None, "paper"))
        .run()
        .exits(0);
    assert_eq!(ran.report()["how"], "browser", "{}", ran.all());
    assert_eq!(standin.truth()["mode"], "paper");
    sent(&standin, 1, 0);
}

#[test]
fn sends_one_code_of_the_authenticator_app() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .stdin(record("totpuser", "Correct-Horse2", Some(SEED), "live"))
        .run()
        .exits(0);
    assert_eq!(ran.report()["second_factor"], "totp", "{}", ran.all());
    sent(&standin, 1, 1);
}

#[test]
fn stops_at_a_wrong_password() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .stdin(record("testuser01", "Wrong-Horse9", None, "live"))
        .run()
        .exits(4);
    assert_eq!(ran.report()["reason"], "wrong_credentials", "{}", ran.all());
    sent(&standin, 1, 0);
}

#[test]
fn tells_that_the_username_is_of_the_other_mode() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .stdin(record("paperuser", "Correct-Horse3", None, "live"))
        .run()
        .exits(4);
    let text = ran.report()["page_text"].to_string();
    assert!(text.contains("Paper Trading user"), "{}", ran.all());
}

#[test]
fn is_found_where_there_is_no_chromedriver() {
    let standin = Standin::serve();
    let tool = on_the_page(&standin);
    let programs = TempDir::new().expect("a folder");
    let [_, driver] = arguments();
    symlink(driver, programs.path().join("geckodriver")).expect("linking the driver");
    symlink(FIREFOX, programs.path().join("firefox")).expect("linking the browser");
    tool.env("PATH", programs.path())
        .stdin(plain())
        .run()
        .exits(0);
    sent(&standin, 1, 0);
}

#[test]
fn says_what_to_install_where_there_is_no_firefox() {
    let standin = Standin::serve();
    let nothing = TempDir::new().expect("a folder");
    let ran = login(&standin)
        .env("PATH", nothing.path())
        .stdin(plain())
        .run()
        .exits(5);
    let message = ran.error()["message"].to_string();
    assert!(message.contains("apt install firefox-esr"), "{}", ran.all());
    sent(&standin, 0, 0);
}

#[test]
fn leaves_nothing_behind_after_a_login() {
    let standin = Standin::serve();
    let (child, folder) = login(&standin).stdin(plain()).spawn();
    Ran::of(child).exits(0);
    assert_nothing_is_left(&folder);
    assert_eq!(left_in(folder.path()), ["state"]);
}

#[test]
fn leaves_nothing_behind_after_a_signal() {
    at_once(2, [("TERM", 15), ("KILL", 9)], |(name, number)| {
        let (_standin, child, folder) = waiting_in(&arguments(), "--marionette");
        signal(child.id(), name);
        Ran::of(child).exits(128 + number);
        assert_nothing_is_left(&folder);
        eventually("no file is left", || {
            (left_in(folder.path()) == ["state"]).then_some(())
        });
    });
}

#[test]
fn leaves_nothing_behind_when_its_driver_is_killed() {
    let (_standin, child, folder) = waiting_in(&arguments(), "--marionette");
    let driver = children_of(child.id(), "geckodriver");
    assert_eq!(driver.len(), 1, "one driver");
    signal(driver[0], "KILL");
    Ran::of(child).exits(9).is_silent_on_stdout();
    assert_nothing_is_left(&folder);
}
