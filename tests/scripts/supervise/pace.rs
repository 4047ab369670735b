//! How long the supervisor waits between two logins, and what it says of that.

use crate::scripts::{Account, Keeper, path};
use crate::support::{IbcLayout, eventually};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

/// A supervisor with this number of seconds between tickles, whose `ibgw-login` is this script.
fn with_login(account: &Account, every: &str, script: &str) -> Keeper {
    let tools = account.place.path("tools");
    fs::create_dir(&tools).expect("a folder can be made");
    let login = tools.join("ibgw-login");
    fs::write(&login, format!("#!/bin/sh\n{script}\n")).expect("a file can be written");
    fs::set_permissions(&login, fs::Permissions::from_mode(0o755)).expect("a mode");
    let path = path();
    let folders = std::iter::once(tools).chain(std::env::split_paths(&path));
    let folders = std::env::join_paths(folders).expect("no folder has a colon");
    let mut command = account.command("ibgw-supervise");
    command.args(["-i", every]).env("PATH", folders);
    Keeper::begin(command)
}

/// The error of a login that IBKR asks to try again after this number of seconds.
fn unavailable(seconds: u32) -> String {
    // The schema comes first, as in every line of ours.
    let error = format!(
        r#"{{"schema":"ib-error/1","error":"unavailable","exit":12,"retry_after_seconds":{seconds},"message":"busy"}}"#
    );
    format!("echo '{error}' >&2; exit 12")
}

/// A login may take minutes, as when no person approves the notification. The wait begins when the login ends.
#[test]
fn waits_from_the_moment_of_the_failure() {
    let account = Account::new();
    let once = r#"[ -e "$0.slow" ] || { : >"$0.slow"; sleep 6; }"#;
    let script = format!("{once}; {}", unavailable(10));
    let mut keeper = with_login(&account, "2", &script);
    keeper.says("calling ibgw-login");
    keeper.says("login: exit 12");
    let failed = Instant::now();
    keeper.says("calling ibgw-login");
    // From the beginning it would be 4 s. Its clock counts whole seconds, and a slow machine shows us the line late.
    let waited = failed.elapsed();
    assert!(waited > Duration::from_secs(6), "{waited:?}");
}

#[test]
fn logs_in_again_when_it_said_and_not_at_the_next_tickle_but_one() {
    let account = Account::new();
    let mut keeper = with_login(&account, "12", &unavailable(13));
    let line = keeper.says("login: exit 12");
    let failed = Instant::now();
    keeper.says("calling ibgw-login");
    // Two tickles are 24 seconds.
    let waited = failed.elapsed();
    assert!(waited < Duration::from_secs(20), "{line}: {waited:?}");
}

#[test]
fn waits_longer_after_each_session_that_does_not_last() {
    let account = Account::new();
    let mut keeper = account.supervised();
    let mut longest = 0;
    // It waits 1, 2, 4, 8 seconds, each less a quarter at most. On a slow machine some of that is over when it says so,
    // and a session that is ready for three seconds has lasted.
    for _ in 0..12 {
        if longest >= 4 {
            break;
        }
        account.standin.make("drop-session", &json!({}));
        keeper.says("lost: no session");
        keeper.says("ready (direct)");
        for line in keeper.lines() {
            if let Some(seconds) = line.strip_prefix("the session did not last; a login again in ")
            {
                let seconds = seconds
                    .strip_suffix(" s")
                    .and_then(|seconds| seconds.parse().ok());
                longest = longest.max(seconds.unwrap_or_else(|| panic!("{line}")));
            }
        }
    }
    assert!(longest >= 4, "{longest}");
    // What has lasted is logged in again at once.
    account.ticks(6);
    account.standin.make("drop-session", &json!({}));
    keeper.says("lost: no session");
    keeper.says("calling ibgw-login");
    let lines = keeper.lines();
    let from = lines
        .iter()
        .rposition(|line| line == "lost: no session")
        .expect("it was said");
    assert_eq!(lines[from + 1], "calling ibgw-login", "{lines:#?}");
}

/// The program that is started with each login, and dies after it.
#[test]
fn waits_longer_after_each_ib_gateway_that_dies() {
    let layout = IbcLayout::new();
    // Long enough for a slow machine to see that it is ready, and not for three tickles.
    layout.script(&json!({"then": {"after_ms": 1500, "what": {"exit": 1}}}));
    let mut keeper = super::tws::supervise(&layout);
    keeper.says("the session did not last; a login again in ");
    keeper.says("the session did not last; a login again in ");
}

#[test]
fn says_after_a_restart_why_no_login_comes() {
    let account = Account::new();
    let refused = account.place.path("state/refused");
    fs::create_dir_all(account.place.path("state")).expect("a folder can be made");
    fs::write(&refused, "exit 4, IBKR refused the login\n").expect("it can be written");
    let mut keeper = Keeper::begin(account.supervisor(&[]));
    let line = keeper.says("no login until ");
    assert!(
        line.ends_with("/state/refused is removed: exit 4, IBKR refused the login"),
        "{line}"
    );
    account.ticks(3);
    let said = keeper.lines();
    assert_eq!(
        said.iter()
            .filter(|line| line.starts_with("no login until"))
            .count(),
        1,
        "{said:#?}"
    );
    account.has_sent(0);
    fs::remove_file(&refused).expect("it is there");
    keeper.says("ready (direct)");
    eventually("the session", || account.is_ready().then_some(()));
}
