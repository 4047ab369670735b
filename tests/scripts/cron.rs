//! The crontab, its line run as cron runs it.

use super::{Account, text};
use crate::support::Ran;
use serde_json::json;
use std::fs;
use std::process::Command;
use std::time::{Duration, SystemTime};

/// Runs the one line of the crontab by `/bin/sh -c`, with the variables of the crontab and no others; those that name
/// a place are the account's.
fn a_minute_passes(account: &Account) -> Ran {
    let crontab = text("cron/crontab");
    let lines = crontab
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (jobs, variables): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with('*'));
    let line = jobs[0].strip_prefix("* * * * * ").expect("each minute");
    assert!(jobs.len() == 1 && !line.contains('%'), "{jobs:?}");
    let names = variables
        .iter()
        .filter_map(|line| Some(line.split_once('=')?.0));
    let names: Vec<_> = names.collect();
    let mut cron = Command::new("/bin/sh");
    cron.args(["-c", line]).env_clear();
    cron.env("IBGW_TICKLE_TIMEOUT", "2s");
    // Which Gateway and which Java are this test's alone.
    let own = ["IBGW_URL", "IBGW_JAVA"];
    let settings = account.settings();
    for name in &names {
        assert!(
            settings.iter().any(|(known, _)| known == name),
            "{name} is replaced here"
        );
    }
    let taken = settings.into_iter();
    cron.envs(taken.filter(|(name, _)| names.contains(name) || own.contains(name)));
    Ran::from_output(line.to_owned(), cron.output().expect("sh runs"))
}

#[test]
fn each_minute_brings_the_session_one_step_further_and_mails_failures_alone() {
    let account = Account::new();
    // Down: the Gateway is started.
    a_minute_passes(&account)
        .exits(0)
        .is_silent_on_stdout()
        .is_silent_on_stderr();
    // No session: it is made.
    a_minute_passes(&account)
        .exits(0)
        .is_silent_on_stdout()
        .is_silent_on_stderr();
    assert!(account.is_ready());
    // Ready: nothing is done.
    a_minute_passes(&account)
        .is_silent_on_stdout()
        .is_silent_on_stderr();
    account.has_sent(1);
    // IBKR is silent: for a minute it is waited for, for longer than six no more.
    let silence = json!({"path": "/v1/api/tickle", "part": "upstream", "mode": "hang"});
    account.standin.set(&json!({"answers": [silence]}));
    a_minute_passes(&account).exits(0);
    assert!(account.place.instance("record.json").exists());
    let answered = fs::File::options()
        .write(true)
        .open(account.place.path("state/answered"));
    let then = SystemTime::now() - Duration::from_secs(7 * 60);
    answered
        .expect("it is there")
        .set_modified(then)
        .expect("it can be set");
    a_minute_passes(&account).exits(0);
    assert!(!account.place.instance("record.json").exists());
    let stop = account.command("ibgw-start").arg("--stop").output();
    assert!(stop.expect("it runs").status.success());
}
