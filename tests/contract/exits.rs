//! The table of exit codes: every code a tool documents is reached, no other is.

mod tickle;
mod token;
mod validate;

use crate::login::{login, plain, record};
use crate::secret::gcp::on;
use crate::start::place::Place;
use crate::support::google::{Google, Says};
use crate::support::{IbcLayout, Ran, Standin, Tool};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use tempfile::TempDir;

/// Which codes each tool may end with, and which of them no run can reach yet.
///
/// 13 of ibsso-token comes with batches.
const TABLE: [(&str, &[i32], &[i32]); 6] = [
    ("ibgw-start", &[0, 2, 4, 5, 6, 8, 9, 11], &[]),
    ("ibgw-secret", &[0, 1, 2, 5, 6, 7, 8, 9, 12], &[]),
    ("ibgw-login", &[0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12], &[]),
    ("ibgw-tickle", &[0, 1, 2, 6, 7, 8, 9, 10, 12], &[]),
    ("ibsso-token", &[0, 2, 4, 5, 6, 7, 8, 9, 12, 13], &[13]),
    ("ibsso-validate", &[0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 12], &[]),
];

const NAMES: [(i32, &str); 11] = [
    (2, "usage"),
    (4, "refused"),
    (5, "missing"),
    (6, "config"),
    (7, "down"),
    (8, "timed_out"),
    (9, "unexpected"),
    (10, "competing"),
    (11, "held"),
    (12, "unavailable"),
    (13, "partial"),
];

/// One run, and the code it must end with.
type Case = (i32, Ran);

fn assert_column(tool: &str, cases: Vec<Case>) {
    let (_, allowed, awaited) = TABLE
        .into_iter()
        .find(|(name, ..)| *name == tool)
        .expect("a column");
    let mut reached = BTreeSet::new();
    for (code, ran) in cases {
        let ran = ran.exits(code);
        assert!(
            allowed.contains(&code) && !awaited.contains(&code),
            "{code} is not in the table: {}",
            ran.all()
        );
        assert_streams(tool, code, &ran);
        reached.insert(code);
    }
    let wanted: BTreeSet<i32> = allowed
        .iter()
        .copied()
        .filter(|code| !awaited.contains(code))
        .collect();
    assert_eq!(reached, wanted, "{tool}");
}

/// One report or nothing on stdout; one error on stderr exactly when the code is 2 or more.
fn assert_streams(tool: &str, code: i32, ran: &Ran) {
    if !ran.stdout.is_empty() {
        let report = ran.report();
        let first = report
            .as_object()
            .and_then(|object| object.keys().next().cloned());
        assert!(
            ran.stdout.starts_with(r#"{"schema":"#),
            "the schema comes first, not {first:?}: {}",
            ran.all()
        );
        assert!(report["schema"].to_string().contains(tool), "{}", ran.all());
    }
    if code < 2 {
        assert!(
            ran.stderr.is_empty() && !ran.stdout.is_empty(),
            "{}",
            ran.all()
        );
        return;
    }
    let error = ran.error();
    let names: BTreeMap<i32, &str> = NAMES.into();
    assert_eq!(error["error"], names[&code], "{}", ran.all());
    assert_eq!(error["tool"], tool, "{}", ran.all());
    let keys: Vec<&String> = error.as_object().expect("an object").keys().collect();
    let documented = [
        "error",
        "exit",
        "message",
        "retry",
        "retry_after_seconds",
        "schema",
        "tool",
    ];
    assert_eq!(keys.len(), documented.len(), "{}", ran.all());
    assert!(
        documented.iter().all(|key| error.get(key).is_some()),
        "{}",
        ran.all()
    );
    assert!(error["retry"].is_boolean(), "{}", ran.all());
    let message = error["message"].as_str().expect("a sentence");
    assert!(
        !message.ends_with('.') && !message.contains('\n') && message.len() > 10,
        "{message:?}"
    );
    let may_retry = matches!(code, 7 | 8 | 12);
    assert!(may_retry || error["retry"] == false, "{}", ran.all());
}

#[test]
fn ibgw_login_ends_as_the_table_says() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let run = |args: &[&str]| {
        login(&standin)
            .state(state.path())
            .args(args)
            .stdin(plain())
            .run()
    };
    let answered = |answer: serde_json::Value, args: &[&str]| {
        let standin = Standin::answering(answer);
        login(&standin).args(args).stdin(plain()).run()
    };
    let no = run(&["--recover-only"]);
    let empty = login(&standin).run();
    let missing = run(&["--method", "browser", "--driver", "/nonexistent"]);
    let wrong = record("testuser01", "Wrong-Horse9", None, "live");
    let refused = login(&standin).state(state.path()).stdin(wrong).run();
    let held = run(&[]);
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    let ready = run(&[]);
    standin.make("compete", &json!({}));
    let competing = run(&[]);
    assert_column(
        "ibgw-login",
        vec![
            (0, ready),
            (1, no),
            (2, run(&["--max-failures", "5"])),
            (4, refused),
            (5, missing),
            (6, empty),
            (7, run(&["--url", "https://localhost:1"])),
            (8, answered(json!({"mode": "hang"}), &["--timeout", "1s"])),
            (9, answered(json!({"mode": "garbage"}), &[])),
            (10, competing),
            (11, held),
            (
                12,
                answered(
                    json!({"status": 429, "headers": {"Retry-After": "7"}, "body": ""}),
                    &[],
                ),
            ),
        ],
    );
}

#[test]
fn ibgw_start_ends_as_the_table_says() {
    let place = Place::new();
    let ready = place.tool::<&str>([]).run();
    let stopped = place.tool(["--stop"]).run();
    let nowhere = place.path("nowhere");
    let bad = place.conf(|conf| format!("{conf}\nnoSuchKey: 1\n"));
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "wrong_password"}));
    let log_in = || {
        let tool = layout.tool("ibgw-start").args(["--foreground"]);
        tool.stdin(record("someuser", "Wrong-Horse2", None, "paper"))
            .run()
    };
    assert_column(
        "ibgw-start",
        vec![
            (4, log_in()),
            (11, log_in()),
            (0, ready),
            (0, stopped),
            (2, place.tool(["--timeout", "0s"]).run()),
            (
                5,
                place
                    .tool::<&str>([])
                    .env("IBGW_GATEWAY_DIR", &nowhere)
                    .run(),
            ),
            (
                6,
                place.tool(["--conf", bad.to_str().expect("a path")]).run(),
            ),
            (
                8,
                place
                    .tool(["--timeout", "1s"])
                    .env("IB_STANDIN_NEVER_LISTEN", "1")
                    .run(),
            ),
            (
                9,
                place
                    .tool::<&str>([])
                    .env("IB_STANDIN_DIE_AFTER_MS", "1")
                    .env("IB_STANDIN_START_DELAY_MS", "5000")
                    .run(),
            ),
        ],
    );
}

#[test]
fn ibgw_secret_ends_as_the_table_says() {
    let tool = || Tool::new("ibgw-secret");
    let folder = TempDir::new().expect("a folder");
    let word = folder.path().join("word");
    fs::write(&word, "word").expect("it can be written");
    let reference = format!("file:{}", word.display());
    let both = ["--username", &reference, "--password", &reference];
    std::fs::set_permissions(&word, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("it can be set");
    let place = "gcp:projects/p/secrets/ibkr";
    let answered = |secret: Says, args: &[&str]| {
        let google = Google::answering(Says::token(), secret);
        on(&google, tool().args(args)).run()
    };
    let no = Says::no(404, "NOT_FOUND", "Secret [ibkr] not found.");
    let asks = ["check", "--username", &reference, "--password", place];
    let nowhere = tool().env("GCE_METADATA_HOST", "127.0.0.1:1");
    assert_column(
        "ibgw-secret",
        vec![
            (0, tool().args(both).run()),
            (1, answered(no, &asks)),
            // The file names no second factor.
            (
                1,
                tool().args(["from-jts".as_ref(), word.as_os_str()]).run(),
            ),
            (
                2,
                tool()
                    .args(["--username", "hunter2"])
                    .run()
                    .never_shows("hunter2"),
            ),
            (
                5,
                tool().args(["get", "cmd:no-such-program-anywhere"]).run(),
            ),
            (6, tool().args(["get", "file:/nonexistent"]).run()),
            (7, nowhere.args(["get", place]).run()),
            (
                8,
                tool()
                    .args(["get", "cmd:sleep 60", "--timeout", "1s"])
                    .run(),
            ),
            (
                8,
                answered(Says::Nothing, &["get", place, "--timeout", "1s"]),
            ),
            (9, tool().args(["get", "cmd:sh -c 'kill -9 $$'"]).run()),
            (12, answered(Says::no(503, "UNAVAILABLE", "later"), &asks)),
        ],
    );
}
