//! `--dir` with several files for a username or password: one per mode, versions, one that a variable names.

use super::folders::{dir, folder};
use super::{MARKER, put, tool};
use crate::support::{Ran, Tool};
use std::path::Path;

/// What `--dir` gives with and without `--mode`.
fn pair(folder: &Path, mode: Option<&str>) -> Ran {
    let tool = tool().args(dir(folder));
    match mode {
        Some(mode) => tool.args(["--mode", mode]).run(),
        None => tool.run(),
    }
}

#[track_caller]
fn is_pair(ran: Ran, username: &str, password: &str) {
    let report = ran.exits(0).report();
    assert_eq!(report["username"], username, "{report}");
    assert_eq!(report["password"], password, "{report}");
}

#[track_caller]
fn is_refused(ran: Ran, sentence: &str) {
    let ran = ran.exits(6).is_silent_on_stdout().never_shows(MARKER);
    let message = ran.error()["message"].to_string();
    assert!(message.contains(sentence), "{sentence}: {}", ran.all());
}

#[test]
fn takes_the_pair_of_the_mode() {
    // The names in gnzsnz/ib-gateway-docker: one pair, and another for paper.
    let folder = folder(&[
        ("TWS_USERID", "live-name"),
        ("TWS_PASSWORD", "live-word"),
        ("TWS_USERID_PAPER", "paper-name"),
        ("TWS_PASSWORD_PAPER", "paper-word"),
    ]);
    is_pair(pair(folder.path(), Some("live")), "live-name", "live-word");
    is_pair(
        pair(folder.path(), Some("paper")),
        "paper-name",
        "paper-word",
    );
    is_refused(
        pair(folder.path(), None),
        "TWS_USERID_PAPER is for one mode only, and no setting says which mode to use (give --mode)",
    );
    put(folder.path(), "trading_mode", "paper");
    is_pair(pair(folder.path(), None), "paper-name", "paper-word");
    put(folder.path(), "trading_mode", "Paper");
    is_refused(pair(folder.path(), None), "it is neither live nor paper");
    // A flag wins over the file.
    is_pair(pair(folder.path(), Some("live")), "live-name", "live-word");
}

/// The images set the mode in a variable, beside their secrets (gnzsnz/ib-gateway-docker).
#[test]
fn takes_the_mode_of_the_images_variables() {
    let folder = folder(&[
        ("TWS_USERID", "live-name"),
        ("TWS_PASSWORD", "live-word"),
        ("TWS_USERID_PAPER", "paper-name"),
        ("TWS_PASSWORD_PAPER", "paper-word"),
    ]);
    let run = |variables: &[(&str, &str)], args: &[&str]| {
        let set = |tool: Tool, (name, value): &(&str, &str)| tool.env(name, value);
        let tool = variables.iter().fold(tool(), set);
        tool.args(dir(folder.path())).args(args).run()
    };
    for variables in [
        &[("TRADING_MODE", "paper")][..],
        &[("IB_TRADING_MODE", "Paper")],
        &[
            ("TRADING_MODE", "paper"),
            ("IB_TRADING_MODE", "paper"),
            ("IBGW_MODE", "auto"),
        ],
        &[("IBGW_MODE", "paper"), ("TRADING_MODE", "")],
    ] {
        let ran = run(variables, &[]);
        assert_eq!(ran.report()["mode"], "paper", "{}", ran.all());
        is_pair(ran, "paper-name", "paper-word");
    }
    is_pair(
        run(&[("TRADING_MODE", "live")], &[]),
        "live-name",
        "live-word",
    );
    // A container of two modes: a flag chooses.
    let both = [("TRADING_MODE", "both")];
    is_refused(run(&both, &[]), "TRADING_MODE is not a mode");
    is_pair(run(&both, &["--mode", "paper"]), "paper-name", "paper-word");
    is_refused(
        run(&[("TRADING_MODE", "demo")], &[]),
        "TRADING_MODE is not a mode (write live or paper)",
    );
    let check = tool()
        .env("TRADING_MODE", "paper")
        .args(["check"])
        .args(dir(folder.path()));
    let mode = check.run().exits(0).report()["parts"][3].clone();
    assert_eq!(mode["source"], "env", "{mode}");
    assert_eq!(mode["place"], "env:TRADING_MODE", "{mode}");
    assert_eq!(mode["protection"], "environment", "{mode}");
}

#[test]
fn refuses_modes_that_contradict_each_other() {
    let folder = folder(&[
        ("username", "trader"),
        ("password", MARKER),
        ("mode", "paper"),
    ]);
    let run = |variable: (&str, &str), args: &[&str]| {
        let tool = tool()
            .env("TRADING_MODE", "live")
            .env(variable.0, variable.1);
        tool.args(dir(folder.path())).args(args).run()
    };
    for (variable, args, sentence) in [
        (
            ("IB_TRADING_MODE", "paper"),
            &[][..],
            "TRADING_MODE says live and IB_TRADING_MODE says paper",
        ),
        (
            ("IBGW_MODE", "paper"),
            &[],
            "--mode says paper and TRADING_MODE says live",
        ),
        (
            ("X", ""),
            &["--mode", "paper"],
            "--mode says paper and TRADING_MODE says live",
        ),
    ] {
        let ran = run(variable, args)
            .exits(2)
            .is_silent_on_stdout()
            .never_shows(MARKER);
        let message = ran.error()["message"].to_string();
        assert!(message.contains(sentence), "{sentence}: {}", ran.all());
    }
    // A variable of an image must not make a live login of a paper one.
    let ran = run(("X", ""), &[]).exits(2).is_silent_on_stdout();
    let message = ran.error()["message"].to_string();
    assert!(message.contains("TRADING_MODE says live"), "{}", ran.all());
}

#[test]
fn takes_one_of_two_pairs() {
    // The names in codingcyclist/ib-gateway-docker.
    let folder = folder(&[
        ("IB_LIVE_USERNAME", "live-name"),
        ("IB_LIVE_PASSWORD", "live-word"),
        ("IB_PAPER_USERNAME", "paper-name"),
        ("IB_PAPER_PASSWORD", "paper-word"),
    ]);
    is_pair(pair(folder.path(), Some("live")), "live-name", "live-word");
    is_pair(
        pair(folder.path(), Some("paper")),
        "paper-name",
        "paper-word",
    );
}

#[test]
fn never_takes_a_login_of_the_other_mode_or_half_a_pair() {
    let paper = folder(&[("tws_userid_paper", "name"), ("tws_password_paper", MARKER)]);
    is_refused(
        pair(paper.path(), Some("live")),
        "the username is not given",
    );
    let half = folder(&[("tws_userid_paper", "name"), ("tws_password", MARKER)]);
    is_refused(
        pair(half.path(), Some("paper")),
        "tws_userid_paper and tws_password are not a pair",
    );
    let path = half.path().join("tws_password");
    let reference = format!("file:{}", path.display());
    let args = ["--mode", "paper", "--password", &reference];
    let ran = tool().args(dir(half.path())).args(args).run();
    is_pair(ran, "name", MARKER);
}

#[test]
fn takes_the_highest_version() {
    let folder = folder(&[
        ("IBEAM_ACCOUNT_v2", "second"),
        ("IBEAM_ACCOUNT_v10.txt", "tenth"),
        ("IBEAM_ACCOUNT_v9", "ninth"),
        ("IBEAM_PASSWORD", "unversioned"),
        ("IBEAM_PASSWORD-v1", "first"),
    ]);
    is_pair(pair(folder.path(), None), "tenth", "first");
    put(folder.path(), "ibeam_account.v010", MARKER);
    is_refused(
        pair(folder.path(), None),
        "IBEAM_ACCOUNT_v10.txt and ibeam_account.v010 (keep one)",
    );
    put(folder.path(), "ibeam_account_v11", "eleventh");
    is_pair(pair(folder.path(), None), "eleventh", "first");
    // A file with another name is not another version.
    put(folder.path(), "password_v3", MARKER);
    is_refused(pair(folder.path(), None), "(keep one)");
}

#[test]
fn takes_the_file_that_a_variable_names() {
    // gnzsnz/ib-gateway-docker has TWS_PASSWORD_FILE and TWS_PASSWORD_PAPER_FILE.
    let folder = folder(&[
        ("username", "trader"),
        ("my-word", "word"),
        ("my-paper-word", "paper-word"),
        ("tws_userid_paper", "paper-trader"),
    ]);
    let inside = |name: &str| folder.path().join(name);
    let run = |mode: &str| {
        let tool = tool().env("TWS_PASSWORD_FILE", inside("my-word"));
        let tool = tool.env("TWS_PASSWORD_PAPER_FILE", inside("my-paper-word"));
        tool.args(dir(folder.path())).args(["--mode", mode]).run()
    };
    is_pair(run("live"), "trader", "word");
    is_pair(run("paper"), "paper-trader", "paper-word");
    let outside = tempfile::NamedTempFile::new().expect("a file can be made");
    let ran = tool()
        .env("TWS_PASSWORD_FILE", outside.path())
        .args(dir(folder.path()))
        .args(["--mode", "live"]);
    is_refused(ran.run(), "TWS_PASSWORD_FILE names a file that is not in");
}
