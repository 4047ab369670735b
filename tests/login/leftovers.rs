//! What a login leaves behind: no secret, no process, no file.

use super::on_the_page as login;
use super::scenarios::{CHROMIUM, SHELL, TestBrowser};
use super::*;
use crate::support::{environments_below, environments_with, eventually, signal};

/// A login that waits for a form that never comes, with its browser running.
fn waiting(browser: &TestBrowser) -> (Standin, std::process::Child, TempDir) {
    waiting_in(&browser.arguments(), "--user-data-dir=")
}

/// The same with these arguments, in a browser whose command lines are marked so.
pub(crate) fn waiting_in(
    arguments: &[String],
    mark: &str,
) -> (Standin, std::process::Child, TempDir) {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"never": true}}));
    let (child, folder) = login(&standin).args(arguments).stdin(plain()).spawn();
    let marker = folder.path().to_str().expect("a path").to_owned();
    eventually("the browser is at the page", || {
        let is_open = processes_with(&marker)
            .iter()
            .any(|line| line.contains(mark));
        let is_asked = standin
            .requests()
            .iter()
            .any(|asked| asked["path"] == "/sso/Login");
        (is_open && is_asked).then_some(())
    });
    (standin, child, folder)
}

pub(crate) fn assert_nothing_is_left(folder: &TempDir) {
    let marker = folder.path().to_str().expect("a path");
    eventually("no process is left", || {
        (processes_with(marker).is_empty() && environments_with(marker).is_empty()).then_some(())
    });
}

#[test]
fn nothing_is_left_after_a_signal() {
    let cases = [
        (&SHELL, "TERM", 15),
        (&SHELL, "INT", 2),
        (&SHELL, "HUP", 1),
        (&CHROMIUM, "TERM", 15),
    ];
    at_once(4, cases, |(browser, name, number)| {
        nothing_is_left_after(browser, name, number);
    });
}

fn nothing_is_left_after(browser: &TestBrowser, name: &str, number: i32) {
    let (_standin, child, folder) = waiting(browser);
    signal(child.id(), name);
    Ran::of(child).exits(128 + number).is_silent_on_stdout();
    assert_eq!(
        processes_with(folder.path().to_str().expect("a path")),
        Vec::<String>::new()
    );
    assert_eq!(left_in(folder.path()), ["state"]);
}

#[test]
fn nothing_is_left_after_sigkill() {
    at_once(2, [&SHELL, &CHROMIUM], |browser| {
        let (_standin, child, folder) = waiting(browser);
        signal(child.id(), "KILL");
        Ran::of(child).exits(128 + 9);
        assert_nothing_is_left(&folder);
        eventually("no file is left", || {
            (left_in(folder.path()) == ["state"]).then_some(())
        });
    });
}

#[test]
fn nothing_is_left_when_the_driver_is_killed() {
    at_once(2, [&SHELL, &CHROMIUM], |browser| {
        let (_standin, child, folder) = waiting(browser);
        let driver = crate::support::children_of(child.id(), "chromedriver");
        assert_eq!(driver.len(), 1, "one driver");
        signal(driver[0], "KILL");
        let ran = Ran::of(child).exits(9).is_silent_on_stdout();
        assert!(
            ran.error()["message"].to_string().contains("browser"),
            "{}",
            ran.all()
        );
        assert_nothing_is_left(&folder);
    });
}

#[test]
fn nothing_is_left_when_the_time_is_up() {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"never": true}}));
    let (child, folder) = login(&standin)
        .args(["--timeout", "4s"])
        .stdin(plain())
        .spawn();
    Ran::of(child).exits(8);
    assert_nothing_is_left(&folder);
}

#[test]
fn no_secret_reaches_a_command_line_an_environment_or_a_temporary_file() {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"form_delay_ms": 300, "overlay_ms": 300}}));
    let (mut child, folder) = login(&standin)
        .env("IBEAM_PASSWORD", "planted-for-ibeam")
        .args(["-v"])
        .stdin(record("totpuser", "Correct-Horse2", Some(SEED), "live"))
        .spawn();
    while child.try_wait().expect("it can be asked").is_none() {
        let inherited = environments_below(child.id(), "planted-for-ibeam");
        assert_eq!(inherited, Vec::<String>::new());
        for secret in ["Correct-Horse2", SEED] {
            assert_eq!(
                processes_with(secret),
                Vec::<String>::new(),
                "{secret} is in a process's arguments"
            );
            assert_eq!(environments_with(secret), Vec::<String>::new());
        }
    }
    let ran = Ran::from_output(
        "ibgw-login -v".to_owned(),
        child.wait_with_output().expect("it ends"),
    )
    .exits(0);
    let ran = ran.never_shows("Correct-Horse2").never_shows(SEED);
    assert!(
        ran.stderr.lines().all(|line| line.contains("ib-log/1")),
        "{}",
        ran.all()
    );
    assert_eq!(
        left_in(folder.path()),
        ["state"],
        "only the state is left: {}",
        ran.all()
    );
}

#[test]
fn a_signal_that_the_caller_ignores_stays_ignored() {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"never": true}}));
    let script = "trap '' HUP; exec \"$0\" --timeout 6s";
    let (child, folder) = login(&standin).in_shell(script).stdin(plain()).spawn();
    let marker = folder.path().to_str().expect("a path").to_owned();
    eventually("the browser runs", || {
        (!processes_with(&marker).is_empty()).then_some(())
    });
    signal(child.id(), "HUP");
    Ran::of(child).exits(8);
    assert_nothing_is_left(&folder);
}
