//! `ibgw-supervise`: what it does after each exit, and what it leaves behind.

mod gateway;
mod logins;
mod pace;
mod tws;

use super::{Account, Keeper};
use crate::support::{Standin, at_once, children_of, eventually};
use serde_json::json;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

impl Account {
    /// The supervisor, with a tickle each second.
    fn supervisor(&self, args: &[&str]) -> Command {
        let mut command = self.command("ibgw-supervise");
        command.args(["-i", "1"]).args(args);
        command.env("IBGW_TICKLE_TIMEOUT", "2s");
        command
    }

    fn supervised(&self) -> Keeper {
        let mut keeper = Keeper::begin(self.supervisor(&[]));
        keeper.says("ready");
        keeper
    }

    fn gateway(&self) -> u32 {
        let record = fs::read(self.place.instance("record.json")).expect("a record");
        let record: serde_json::Value = serde_json::from_slice(&record).expect("JSON");
        crate::start::place::pid(&record)
    }
}

/// Lets each tickle, as IBKR sees it, be answered so.
fn answers(standin: &Standin, mut answer: serde_json::Value) {
    answer["path"] = "/v1/api/tickle".into();
    answer["part"] = "upstream".into();
    standin.set(&json!({"answers": [answer]}));
}

#[test]
fn says_each_change_once_and_leaves_nothing_behind() {
    let account = Account::new();
    let mut keeper = account.supervised();
    account.ticks(3);
    assert!(account.is_ready());
    assert_eq!(keeper.end(), Some(0));
    eventually("the last line", || {
        (keeper.lines().last()? == "stopped").then_some(())
    });
    let lines = keeper.lines();
    let first: Vec<_> = lines.iter().map(|line| line.split(',').next()).collect();
    let expected = [
        "begins; a tickle each 1 s",
        "gateway started",
        "no session",
        "calling ibgw-login",
        "ready (direct)",
        "stopped",
    ];
    assert_eq!(first, expected.map(Some), "{lines:#?}");
    account.has_sent(1);
    account.place.is_empty();
}

#[test]
fn opens_a_dropped_brokerage_session_without_the_password() {
    let account = Account::new();
    let mut keeper = account.supervised();
    // A tool that wanted the secret for this would fail.
    fs::remove_dir_all(account.place.path("login")).expect("it was there");
    account.standin.make("drop-brokerage", &json!({}));
    keeper.says("lost: no session");
    keeper.says("ready (recovered)");
    account.has_sent(1);
}

#[test]
fn goes_on_when_a_file_cannot_be_removed() {
    let account = Account::new();
    let refused = account.place.path("state/refused");
    let mut keeper = account.supervised();
    fs::create_dir_all(refused).expect("a folder can be made");
    account.ticks(3);
    assert_eq!(keeper.end(), Some(0));
    account.place.is_empty();
}

#[test]
fn says_which_program_is_missing_and_ends() {
    let account = Account::new();
    let mut command = account.command(super::script("ibgw-supervise"));
    let output = command.env("PATH", "/usr/bin:/bin").output();
    let output = output.expect("it runs");
    assert_eq!(output.status.code(), Some(5));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("ibgw-start is not in PATH"), "{said}");
}

/// A reader of the reports, such as a probe, sees that the supervisor still runs.
#[test]
fn writes_reports_while_it_is_paused() {
    let account = Account::new();
    let mut keeper = account.supervised();
    fs::write(account.place.path("state/paused"), "").expect("a file can be written");
    keeper.says("paused by");
    let report = account.place.path("tickle.json");
    eventually("nobody is there", || {
        let said = fs::read_to_string(&report).ok()?;
        said.contains(r#""state":"down""#).then_some(())
    });
    let first = fs::metadata(&report).and_then(|about| about.modified());
    let first = first.expect("it is there");
    eventually("another report", || {
        let next = fs::metadata(&report).and_then(|about| about.modified());
        (next.ok()? > first).then_some(())
    });
}

#[test]
fn never_logs_in_when_it_could_not_ask() {
    let account = Account::new();
    let mut keeper = account.supervised();
    for (answer, exit) in [
        (json!({"status": 500, "body": "no"}), 12),
        (json!({"status": 503, "body": {"error": "reset"}}), 12),
        (json!({"status": 429}), 12),
        (json!({"body": "<html>"}), 9),
        (json!({"delay_ms": 2500}), 8),
    ] {
        answers(&account.standin, answer);
        keeper.says(&format!("lost: exit {exit}"));
        account.ticks(2);
        account.standin.forget_answers();
        keeper.says("ready");
    }
    account.has_sent(1);
    assert_eq!(
        keeper
            .lines()
            .iter()
            .filter(|line| line.starts_with("gateway"))
            .count(),
        1
    );
}

#[test]
fn waits_as_long_as_ibkr_asks_for() {
    let account = Account::new();
    let mut keeper = account.supervised();
    let busy = json!({"status": 429, "headers": {"Retry-After": "4"}, "times": 1});
    answers(&account.standin, busy);
    keeper.says("lost: exit 12");
    let told = Instant::now();
    keeper.says("ready");
    assert!(
        told.elapsed() > Duration::from_secs(3),
        "{:?}",
        told.elapsed()
    );
}

#[test]
fn leaves_another_logins_session_alone_without_the_flag() {
    let cases = [(&[][..], false), (&["-c"], true)];
    at_once(2, cases, |(args, expected)| {
        let account = Account::new();
        let mut keeper = Keeper::begin(account.supervisor(args));
        keeper.says("ready");
        account.standin.make("compete", &json!({}));
        keeper.says("lost: exit 10");
        if expected {
            keeper.says("ready");
        } else {
            account.ticks(3);
        }
        assert_eq!(account.is_ready(), expected);
        account.has_sent(1);
    });
}

#[test]
fn pauses_while_the_file_is_there() {
    let account = Account::new();
    let mut keeper = account.supervised();
    let paused = account.place.path("state/paused");
    fs::write(&paused, "").expect("it can be written");
    keeper.says("paused by ");
    eventually("the end of the Gateway", || {
        account
            .place
            .instance("record.json")
            .exists()
            .then_some(())
            .xor(Some(()))
    });
    assert_eq!(account.standin.truth()["sso"], false, "it has logged out");
    fs::remove_file(&paused).expect("it is there");
    keeper.says("gateway started");
    keeper.says("ready (direct)");
}

#[test]
fn gives_up_only_what_a_person_must_correct() {
    let account = Account::new();
    for (name, value, exit) in [("IBGW_URL", "nonsense", 2), ("IBGW_JAVA", "/no/java", 5)] {
        let output = account.supervisor(&[]).env(name, value).output();
        let output = output.expect("it runs");
        assert_eq!(output.status.code(), Some(exit), "{output:?}");
    }
    for args in [&["-i", "0"][..], &["-i", "1m"], &["-x"], &["word"]] {
        let output = account.command("ibgw-supervise").args(args).output();
        assert_eq!(output.expect("it runs").status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn shows_no_secret_and_holds_no_more_descriptors_from_tick_to_tick() {
    let account = Account::new();
    let mut keeper = account.supervised();
    // Between two ticks it sleeps, with none of those open that it needs for a moment.
    let resting = || {
        let folder = format!("/proc/{}/fd", keeper.child.id());
        let open = || fs::read_dir(&folder).expect("it runs").count();
        eventually("its sleep", || {
            let sleeps = children_of(keeper.child.id(), "sleep");
            (!sleeps.is_empty()).then(open)
        })
    };
    let before = resting();
    account.ticks(4);
    assert_eq!(resting(), before);
    for file in ["environ", "cmdline"] {
        let read = fs::read(format!("/proc/{}/{file}", keeper.child.id())).expect("it runs");
        assert!(!String::from_utf8_lossy(&read).contains("Correct-Horse3"));
    }
    keeper.end();
    assert!(!keeper.lines().join("\n").contains("Correct-Horse3"));
}
