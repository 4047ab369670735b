//! IB Gateway, kept up by the same script.

use crate::scripts::{Keeper, path, script};
use crate::support::{IbcLayout, eventually};
use crate::tws::up::{course, until};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// Begins it for this place, with the files of the images for secrets.
pub(crate) fn supervise(layout: &IbcLayout) -> Keeper {
    Keeper::begin(supervisor(layout))
}

fn supervisor(layout: &IbcLayout) -> Command {
    let secrets = layout.path("secrets");
    fs::create_dir_all(&secrets).expect("a folder can be made");
    for (name, value) in [
        ("ib_username.secret", "edemo"),
        ("ib_password.secret", "demo"),
    ] {
        let file = secrets.join(name);
        fs::write(&file, value).expect("a file can be written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a mode");
    }
    let mut command = Command::new(script("ibgw-supervise"));
    command.args(["-i", "1"]).env_clear().stdin(Stdio::null());
    command
        .env("PATH", path())
        .env("HOME", layout.path(""))
        .env("IBGW_KIND", "tws")
        .env("IBGW_STATE_DIR", layout.state())
        .env("IBGW_TWS_DIR", layout.path("Jts"))
        .env("IBGW_IBC_DIR", layout.path("ibc"))
        .env("IBGW_SETTINGS_DIR", layout.settings())
        .env("IBGW_API_PORT", layout.api_port().to_string())
        .env("IBGW_COMMAND_PORT", layout.command_port().to_string())
        .env(
            "IBGW_START_LOGIN",
            format!("cmd:ibgw-secret --dir {}", secrets.display()),
        );
    command
}

/// Lets it ask some more times, one a second: what does not happen gives no sign.
fn some_ticks() {
    thread::sleep(Duration::from_secs(3));
}

/// The lines without what differs from run to run.
fn beginnings(keeper: &Keeper) -> Vec<String> {
    let first = |line: String| line.split([',', ';']).next().map(str::to_owned);
    keeper.lines().into_iter().filter_map(first).collect()
}

#[test]
fn brings_it_up_and_ends_it() {
    let layout = IbcLayout::new();
    layout.script(
        &json!({"second_factor": {"approved_after_ms": 1500}, "second_factor_timeout_ms": 60000}),
    );
    let mut keeper = supervise(&layout);
    keeper.says("ready (ibc)");
    some_ticks();
    assert_eq!(keeper.end(), Some(0));
    eventually("the last line", || {
        (keeper.lines().last()? == "stopped").then_some(())
    });
    let expected = [
        "begins",
        "gateway started",
        "logging in",
        "ready (ibc)",
        "stopped",
    ];
    assert_eq!(beginnings(&keeper), expected, "{:#?}", keeper.lines());
    assert_eq!(layout.submissions().len(), 1);
    assert!(layout.processes().is_empty());
}

#[test]
fn starts_it_again_when_it_has_ended_and_not_before() {
    let layout = IbcLayout::new();
    layout.script(&json!([{"then": {"after_ms": 3000, "what": {"exit": 1}}}, {}]));
    let mut keeper = supervise(&layout);
    keeper.says("ready (ibc)");
    keeper.says("lost: exit 7");
    keeper.says("gateway started");
    keeper.says("ready (ibc)");
    let lost = json!([{"code": 1100, "text": "Connectivity has been lost"}]);
    layout.script(&json!({"api": {"notices": lost}}));
    keeper.says("lost: exit 12");
    some_ticks();
    layout.script(&json!({}));
    keeper.says("ready");
    assert_eq!(layout.submissions().len(), 2);
}

#[test]
fn sends_no_login_for_the_restart_of_each_night() {
    let layout = IbcLayout::new();
    layout.script(&json!([{"then": {"after_ms": 3000, "what": "restart"}}, {"pace_ms": 600}]));
    let mut keeper = supervise(&layout);
    keeper.says("ready (ibc)");
    keeper.says("lost: exit 7");
    keeper.says("ready");
    assert_eq!(course(&layout).expect("a course")["restarts"], 1);
    assert_eq!(layout.submissions().len(), 1);
}

#[test]
fn sends_no_second_login_after_one_that_was_refused() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "wrong_password"}));
    let mut keeper = supervise(&layout);
    let line = keeper.says("login: exit 4");
    assert!(line.contains("none follows until"), "{line}");
    some_ticks();
    fs::remove_file(layout.state().join("refused")).expect("it is there");
    // And then the guard has a word.
    keeper.says("login: exit 11");
    some_ticks();
    assert_eq!(layout.submissions().len(), 1);
}

#[test]
fn sends_no_second_login_while_an_unknown_dialog_waits() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": {"unknown_dialog": "Something New"}}));
    let mut keeper = supervise(&layout);
    keeper.says("logging in");
    // The tool waits half a minute for a person to answer it.
    until(&layout, "credentials");
    thread::sleep(Duration::from_secs(25));
    let line = keeper.says("login: exit 9");
    assert!(line.contains("none follows until"), "{line}");
    some_ticks();
    assert_eq!(layout.submissions().len(), 1);
}

/// SIGTERM in the middle of a start, whose pid the supervisor does not know yet.
#[test]
fn leaves_no_start_behind() {
    let layout = IbcLayout::new();
    layout.script(&json!({"pace_ms": 500}));
    let mut keeper = supervise(&layout);
    until(&layout, "starting");
    assert_eq!(keeper.end(), Some(0));
    eventually("nothing is left", || {
        layout.processes().is_empty().then_some(())
    });
    assert!(layout.submissions().is_empty());
}

#[test]
fn has_an_api_that_hangs_start_again_without_a_login() {
    let layout = IbcLayout::new();
    let mut command = supervisor(&layout);
    command.env("IBGW_TICKLE_TIMEOUT", "1s");
    let mut keeper = Keeper::begin(command);
    keeper.says("ready (ibc)");
    layout.script(&json!({"api": {"lie": {"at": "handshake", "how": "silence"}}}));
    keeper.says("lost: exit 8");
    keeper.says("gateway told to start again: 5 calls in a row had no answer");
    layout.script(&json!({}));
    keeper.says("ready");
    assert_eq!(course(&layout).expect("a course")["restarts"], 1);
    assert_eq!(layout.submissions().len(), 1);
}

/// The images' own word for it, in the environment of all.
#[test]
fn takes_the_mode_as_the_images_have_it() {
    let layout = IbcLayout::new();
    let mut command = supervisor(&layout);
    command.env("TRADING_MODE", "live");
    let mut keeper = Keeper::begin(command);
    keeper.says("ready (ibc)");
    assert_eq!(course(&layout).expect("a course")["mode"], "live");
}

/// The images name a login without a mode, for every command in them.
#[test]
fn chooses_paper_where_both_pairs_of_secrets_are() {
    let layout = IbcLayout::new();
    let secrets = layout.path("pairs");
    fs::create_dir(&secrets).expect("a folder can be made");
    for (name, value) in [
        ("TWS_USERID", "not-this-one"),
        ("TWS_PASSWORD", "not-this-one"),
        ("TWS_USERID_PAPER", "edemo"),
        ("TWS_PASSWORD_PAPER", "demo"),
    ] {
        let file = secrets.join(name);
        fs::write(&file, value).expect("a file can be written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a mode");
    }
    let mut command = supervisor(&layout);
    let login = format!("cmd:ibgw-secret --dir {}", secrets.display());
    command.env("IBGW_START_LOGIN", login);
    let mut keeper = Keeper::begin(command);
    keeper.says("ready (ibc)");
    assert_eq!(course(&layout).expect("a course")["mode"], "paper");
}

#[test]
fn goes_on_without_a_login_after_a_pause() {
    let layout = IbcLayout::new();
    let mut keeper = supervise(&layout);
    keeper.says("ready (ibc)");
    let paused = layout.state().join("paused");
    fs::write(&paused, "").expect("a file can be written");
    keeper.says("paused by");
    until(&layout, "stopped");
    eventually("nothing is left", || {
        layout.processes().is_empty().then_some(())
    });
    fs::remove_file(paused).expect("it is there");
    keeper.says("ready (token)");
    assert_eq!(layout.submissions().len(), 1);
}
