//! The Gateway: started, started again, and ended, by the supervisor or by another program.

use super::answers;
use crate::scripts::{Account, Keeper, path};
use crate::support::{binary, eventually, signal};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

#[test]
fn starts_another_gateway_when_one_has_died_or_hangs() {
    let account = Account::new();
    let mut keeper = account.supervised();
    signal(account.gateway(), "KILL");
    keeper.says("lost: exit 7");
    keeper.says("gateway started, pid ");
    keeper.says("ready (direct)");
    signal(account.gateway(), "STOP");
    keeper.says("gateway restarted: it does not answer");
    keeper.says("ready (direct)");
    account.has_sent(3);
}

/// Killed as the kernel does when it is out of memory: the Gateway that was begun goes on, and its pid is not known.
#[test]
fn finds_the_gateway_of_a_start_that_was_killed() {
    let account = Account::new();
    let tools = account.place.path("tools");
    fs::create_dir(&tools).expect("a folder can be made");
    let killed = format!(
        "#!/bin/sh\n[ $# -eq 0 ] && [ ! -e \"$0.once\" ] || exec {real} \"$@\"\n: >\"$0.once\"\n{real}\nkill -KILL $$\n",
        real = binary("ibgw-start").display()
    );
    let script = tools.join("ibgw-start");
    fs::write(&script, killed).expect("a file can be written");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("a mode");
    let mut command = account.supervisor(&[]);
    let path = path();
    let folders = std::iter::once(tools).chain(std::env::split_paths(&path));
    command.env(
        "PATH",
        std::env::join_paths(folders).expect("no folder has a colon"),
    );
    let mut keeper = Keeper::begin(command);
    keeper.says("gateway not started: exit 137");
    keeper.says("gateway is up already, pid ");
    keeper.says("ready (direct)");
    signal(account.gateway(), "STOP");
    keeper.says("gateway restarted: it does not answer");
    keeper.says("ready (direct)");
    assert_eq!(keeper.end(), Some(0));
    account.place.is_empty();
}

#[test]
fn restarts_a_gateway_whose_connections_are_used_up() {
    let account = Account::new();
    let mut keeper = Keeper::begin({
        let mut command = account.supervisor(&[]);
        command.env("IBGW_TICKLE_TIMEOUT", "500ms");
        command
    });
    keeper.says("ready");
    answers(&account.standin, json!({"mode": "hang"}));
    keeper.says("lost: exit 8");
    keeper.says("gateway restarted: 5 calls to IBKR in a row had no answer");
    account.has_sent(1);
    account.standin.forget_answers();
    keeper.says("ready (direct)");
    account.has_sent(2);
}

#[test]
fn leaves_the_gateway_to_another_program_with_the_flag() {
    let account = Account::new();
    let mut keeper = Keeper::begin(account.supervisor(&["-n"]));
    keeper.says("exit 7");
    let start = account.command("ibgw-start").output().expect("it runs");
    assert!(start.status.success(), "{start:?}");
    keeper.says("ready (direct)");
    assert_eq!(keeper.end(), Some(0));
    assert!(account.is_ready());
    let stop = account.command("ibgw-start").arg("--stop").output();
    assert!(stop.expect("it runs").status.success());
}

#[test]
fn ends_a_stuck_gateway_for_the_program_that_starts_it() {
    let account = Account::new();
    let mut hold = account.command("ibgw-start");
    hold.arg("--foreground")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut hold = hold.spawn().expect("it starts");
    let mut command = account.supervisor(&["-n"]);
    command.env("IBGW_TICKLE_TIMEOUT", "500ms");
    let mut keeper = Keeper::begin(command);
    keeper.says("ready (direct)");
    answers(&account.standin, json!({"mode": "hang"}));
    keeper.says("gateway restarted: 5 calls to IBKR in a row had no answer");
    // Its unit, or s6, would start it again.
    assert_eq!(hold.wait().expect("it ends").code(), Some(0));
    assert_eq!(keeper.end(), Some(0));
}

#[test]
fn ends_its_gateway_although_the_state_directory_is_gone() {
    let account = Account::new();
    let mut keeper = account.supervised();
    fs::remove_dir_all(account.place.path("state")).expect("it was there");
    account.ticks(2);
    assert_eq!(keeper.end(), Some(0));
    eventually("the end of the Gateway", || {
        account.place.processes().is_empty().then_some(())
    });
    account.has_sent(1);
}
