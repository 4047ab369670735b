//! When the supervisor logs in, and when it does not any more.

use crate::scripts::{Account, Keeper};
use crate::support::{eventually, signal};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn stops_logging_in_after_a_refusal_until_a_person_acts() {
    let account = Account::with_password("Wrong-Horse9");
    let mut keeper = Keeper::begin(account.supervisor(&[]));
    keeper.says("login: exit 4");
    let refused = account.place.path("state/refused");
    let why = eventually("why", || {
        let why = fs::read_to_string(&refused).ok()?;
        why.ends_with('\n').then_some(why)
    });
    assert!(why.starts_with("exit 4, IBKR refused"), "{why}");
    account.ticks(3);
    let logging_in = |keeper: &Keeper| {
        let lines = keeper.lines();
        lines
            .iter()
            .filter(|line| *line == "calling ibgw-login")
            .count()
    };
    assert_eq!(logging_in(&keeper), 1);
    // The guard holds on after the file is gone, and sends nothing.
    fs::remove_file(&refused).expect("it is there");
    let held = keeper.says("login: exit 11");
    let seconds: u64 = held
        .rsplit(' ')
        .nth(1)
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or_else(|| panic!("{held}"));
    // A person may clear that at any time, and asking sends nothing.
    assert_eq!(seconds, 900, "{held}");
    account.ticks(3);
    assert_eq!(logging_in(&keeper), 2);
    assert_eq!(account.standin.truth()["failed_logins"]["paperuser"], 1);
}

#[test]
fn takes_a_session_of_another_login_for_the_end_of_a_refusal() {
    let account = Account::with_password("Wrong-Horse9");
    let mut keeper = Keeper::begin(account.supervisor(&[]));
    keeper.says("login: exit 4");
    account
        .standin
        .make("login", &json!({"user": "paperuser", "mode": "paper"}));
    keeper.says("ready");
    eventually("the end of it", || {
        (!account.place.path("state/refused").exists()).then_some(())
    });
}

#[test]
fn sends_no_second_login_after_a_failure_that_stays() {
    // The authenticator's seed is not in the record: the login is sent, and ends with 6.
    let account = Account::new();
    let file = account.place.path("login/username");
    fs::write(file, "totpuser").expect("it can be written");
    let file = account.place.path("login/password");
    fs::write(file, "Correct-Horse2").expect("it can be written");
    let mut command = account.supervisor(&[]);
    command.env("IBGW_MODE", "live");
    let mut keeper = Keeper::begin(command);
    keeper.says("login: exit 6");
    account.ticks(4);
    assert!(account.place.path("state/refused").exists());
    account.has_sent(1);
}

/// What became of it is not known, so it counts as a failure; it is no refusal, after which a person would have to come.
#[test]
fn logs_in_again_when_the_gateway_died_over_a_login() {
    let account = Account::new();
    account.standin.set(&json!({"answers": [{
        "part": "upstream", "path": "/sso/Authenticator", "action": "COMPLETEAUTH", "mode": "hang", "times": 1,
    }]}));
    let mut keeper = Keeper::begin(account.supervisor(&[]));
    keeper.says("calling ibgw-login");
    eventually("the proof of the password", || {
        let asked = account.standin.requests();
        let mut bodies = asked.iter().map(|asked| asked["body"].to_string());
        bodies
            .any(|body| body.contains("COMPLETEAUTH"))
            .then_some(())
    });
    signal(account.gateway(), "KILL");
    keeper.says("login: exit 7");
    keeper.says("ready (direct)");
    assert!(!account.place.path("state/refused").exists());
    // IBKR took the second alone: the first got no answer.
    account.has_sent(1);
}

#[test]
fn tries_again_what_failed_before_anything_was_sent() {
    let account = Account::new();
    let login = account.place.path("login");
    fs::rename(&login, account.place.path("away")).expect("it is there");
    let mut keeper = Keeper::begin(account.supervisor(&[]));
    keeper.says("login: exit 6");
    fs::rename(account.place.path("away"), &login).expect("it is there");
    keeper.says("ready (direct)");
    account.has_sent(1);
}

#[test]
fn ends_a_running_login_on_sigterm() {
    let account = Account::new();
    let slow = account.place.path("slow");
    fs::write(&slow, "#!/bin/sh\nread -r line </dev/zero\n").expect("it can be written");
    fs::set_permissions(&slow, fs::Permissions::from_mode(0o700)).expect("a mode");
    let mut command = account.supervisor(&[]);
    command.env("IBGW_LOGIN_LOGIN", format!("cmd:{}", slow.display()));
    let mut keeper = Keeper::begin(command);
    keeper.says("calling ibgw-login");
    let of_slow = || {
        let all = account.place.processes();
        all.into_iter().find(|(_, line)| line.contains("/slow"))
    };
    eventually("its child", of_slow);
    assert_eq!(keeper.end(), Some(0));
    account.place.is_empty();
    account.has_sent(0);
}
