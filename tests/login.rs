//! `ibgw-login`: the order of its steps, the guard, and what it leaves behind.

use crate::support::{Ran, Standin, Tool, processes_with};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

pub fn record(username: &str, password: &str, seed: Option<&str>, mode: &str) -> String {
    let record = json!({
        "schema": "ibgw-secret/1", "username": username, "password": password, "totp_seed": seed, "mode": mode,
        "second_factor": null, "jts_second_factor": null,
    });
    format!("{record}\n")
}

pub fn plain() -> String {
    record("testuser01", "Correct-Horse1", None, "live")
}

/// A run against the stand-in, with its browser's files in its own folder.
pub fn login(standin: &Standin) -> Tool {
    let tool = Tool::new("ibgw-login").env("IBGW_URL", standin.url());
    let folder = tool.folder.path().to_owned();
    // Chromium refuses its sandbox as root.
    let tool = if is_root() {
        tool.env("IBGW_BROWSER_ARG", "--no-sandbox")
    } else {
        tool
    };
    tool.env("TMPDIR", folder)
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0)
}

#[track_caller]
fn sent(standin: &Standin, submissions: u64, codes: u64) {
    let truth = standin.truth();
    assert_eq!(
        (&truth["submissions"], &truth["codes"]),
        (&json!(submissions), &json!(codes)),
        "{truth}"
    );
}

#[test]
fn logs_in_with_a_code_and_says_how() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .stdin(record("totpuser", "Correct-Horse2", Some(SEED), "live"))
        .run()
        .exits(0);
    let report = ran.report();
    assert_eq!(report["schema"], "ibgw-login/1", "{}", ran.all());
    for (key, value) in [
        ("state", json!("ready")),
        ("how", json!("browser")),
        ("mode", json!("live")),
        ("second_factor", json!("totp")),
        ("authenticated", json!(true)),
        ("submissions", json!(1)),
        ("failures_left", json!(3)),
    ] {
        assert_eq!(report[key], value, "{key}: {}", ran.all());
    }
    ran.is_silent_on_stderr()
        .never_shows("Correct-Horse2")
        .never_shows(SEED);
    sent(&standin, 1, 1);
}

#[test]
fn chooses_the_authenticator_app_among_several_devices() {
    let standin = Standin::serve();
    let login_record = record("choiceuser", "Correct-Horse4", Some(SEED), "live");
    let ran = login(&standin).stdin(login_record).run().exits(0);
    assert_eq!(ran.report()["second_factor"], "totp", "{}", ran.all());
    assert_eq!(standin.truth()["pushes"], 0);
}

#[test]
fn leaves_a_device_that_is_not_offered_alone() {
    let standin = Standin::serve();
    let login_record = record("choiceuser", "Correct-Horse4", Some(SEED), "live");
    let ran = login(&standin)
        .args(["--second-factor", "Passkey"])
        .stdin(login_record)
        .run()
        .exits(6);
    assert_eq!(ran.report()["reason"], "device_absent", "{}", ran.all());
    assert!(
        ran.report()["page_text"]
            .to_string()
            .contains("IB Key (5.2a)"),
        "{}",
        ran.all()
    );
    let truth = standin.truth();
    assert_eq!(
        (&truth["pushes"], &truth["codes"]),
        (&json!(0), &json!(0)),
        "{truth}"
    );
}

#[test]
fn sets_the_toggle_whatever_the_page_starts_with() {
    for (start_in_paper, username, password, mode) in [
        (false, "paperuser", "Correct-Horse3", "paper"),
        (true, "testuser01", "Correct-Horse1", "live"),
    ] {
        let standin = Standin::serve();
        standin.set(
            &json!({"page": {"start_in_paper": start_in_paper, "clear_fields_on_toggle": true}}),
        );
        let ran = login(&standin)
            .stdin(record(username, password, None, mode))
            .run()
            .exits(0);
        assert_eq!(ran.report()["mode"], mode, "{}", ran.all());
        assert_eq!(standin.truth()["mode"], mode);
        sent(&standin, 1, 0);
    }
}

#[test]
fn a_flag_wins_over_the_mode_of_the_record() {
    let standin = Standin::serve();
    let login_record = record("paperuser", "Correct-Horse3", None, "live");
    login(&standin)
        .args(["--mode", "paper"])
        .stdin(login_record)
        .run()
        .exits(0);
    assert_eq!(standin.truth()["mode"], "paper");
}

#[test]
fn waits_for_a_late_form_and_under_an_overlay() {
    let standin = Standin::serve();
    standin.set(
        &json!({"page": {"form_delay_ms": 1500, "overlay_ms": 700, "silver_disabled_ms": 500}}),
    );
    login(&standin)
        .stdin(record("totpuser", "Correct-Horse2", Some(SEED), "live"))
        .run()
        .exits(0);
    sent(&standin, 1, 1);
}

#[test]
fn stops_at_the_first_refusal_and_holds_further_logins() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let wrong = record("testuser01", "Wrong-Horse9", None, "live");
    let ran = login(&standin)
        .state(state.path())
        .stdin(wrong.clone())
        .run()
        .exits(4)
        .never_shows("Wrong-Horse9");
    let report = ran.report();
    assert_eq!(report["state"], "refused", "{}", ran.all());
    assert_eq!(report["reason"], "wrong_credentials", "{}", ran.all());
    assert!(
        report["hold_until"].is_string() && report["failures_left"] == 2,
        "{}",
        ran.all()
    );
    let error = ran.error();
    assert_eq!(
        (&error["error"], &error["retry"]),
        (&json!("refused"), &json!(false)),
        "{}",
        ran.all()
    );

    let ran = login(&standin)
        .state(state.path())
        .stdin(wrong)
        .run()
        .exits(11);
    assert_eq!(ran.report()["state"], "held", "{}", ran.all());
    assert_eq!(
        ran.report()["reason"],
        "held_after_refusal",
        "{}",
        ran.all()
    );
    assert!(
        ran.error()["retry_after_seconds"]
            .as_u64()
            .is_some_and(|wait| wait > 86_000),
        "{}",
        ran.all()
    );
    sent(&standin, 1, 0);

    let ran = login(&standin)
        .state(state.path())
        .args(["--force-after-hold"])
        .stdin(plain())
        .run()
        .exits(0);
    assert_eq!(ran.report()["failures_left"], 2, "{}", ran.all());
    sent(&standin, 2, 0);
}

#[test]
fn a_locked_username_is_told_and_held() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    standin.make("lock", &json!({"user": "testuser01"}));
    let ran = login(&standin)
        .state(state.path())
        .stdin(plain())
        .run()
        .exits(4);
    assert_eq!(ran.report()["reason"], "locked", "{}", ran.all());
    let ran = login(&standin)
        .state(state.path())
        .args(["--force-after-hold"])
        .stdin(plain())
        .run()
        .exits(11);
    assert_eq!(ran.report()["reason"], "held_after_lock", "{}", ran.all());
}

#[test]
fn names_the_mode_when_the_username_is_of_the_other() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .stdin(record("paperuser", "Correct-Horse3", None, "live"))
        .run()
        .exits(4);
    assert_eq!(ran.report()["reason"], "wrong_mode", "{}", ran.all());
    assert!(
        ran.error()["message"].to_string().contains("--mode"),
        "{}",
        ran.all()
    );
}

#[test]
fn an_unknown_error_is_a_refusal_in_the_pages_own_words() {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"error_text": "Zugang derzeit nicht vorgesehen"}}));
    let ran = login(&standin).stdin(plain()).run().exits(4);
    assert_eq!(ran.report()["reason"], "unknown_error", "{}", ran.all());
    assert_eq!(
        ran.report()["page_text"],
        "Zugang derzeit nicht vorgesehen",
        "{}",
        ran.all()
    );
}

#[test]
fn sends_two_codes_at_the_most_and_of_two_windows() {
    let standin = Standin::serve();
    let other = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U";
    let ran = login(&standin)
        .stdin(record("totpuser", "Correct-Horse2", Some(other), "live"))
        .run()
        .exits(4);
    assert_eq!(ran.report()["reason"], "wrong_code", "{}", ran.all());
    sent(&standin, 1, 2);
}

#[test]
fn says_that_the_page_wants_a_code_when_there_is_no_seed() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .stdin(record("totpuser", "Correct-Horse2", None, "live"))
        .run()
        .exits(6);
    assert_eq!(ran.report()["reason"], "no_seed", "{}", ran.all());
    sent(&standin, 1, 0);
}

#[test]
fn tells_a_gateway_that_does_nothing_from_a_refusal() {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"wedged": true}}));
    let ran = login(&standin).stdin(plain()).run().exits(9);
    assert_eq!(ran.report()["reason"], "nothing_happened", "{}", ran.all());
    assert_eq!(
        ran.report()["failures_left"],
        2,
        "a form that was sent counts: {}",
        ran.all()
    );
}

#[test]
fn a_page_without_a_form_costs_nothing() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    standin.set(&json!({"page": {"never": true}}));
    let ran = login(&standin)
        .state(state.path())
        .args(["--timeout", "8s"])
        .stdin(plain())
        .run()
        .exits(8);
    assert_eq!(ran.error()["retry"], true, "{}", ran.all());
    sent(&standin, 0, 0);
    assert_eq!(
        files(&state.path().join("ledger"), "json"),
        Vec::<PathBuf>::new(),
        "nothing was recorded"
    );
}

#[test]
fn leaves_a_session_that_is_ready_alone() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    let ran = login(&standin)
        .args(["--driver", "/nonexistent"])
        .stdin(plain())
        .run()
        .exits(0);
    assert_eq!(ran.report()["how"], "already", "{}", ran.all());
    sent(&standin, 0, 0);
}

#[test]
fn reads_the_record_away_so_that_its_writer_does_not_fail() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    // More than a pipe holds: the writer would be killed if nobody read it.
    let ran = login(&standin)
        .stdin(vec![b' '; 500_000])
        .run_checking_stdin()
        .exits(0);
    assert_eq!(ran.report()["how"], "already", "{}", ran.all());
}

#[test]
fn recovers_a_brokerage_session_without_a_record() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    standin.make("drop-brokerage", &json!({}));
    let ran = login(&standin)
        .args(["--driver", "/nonexistent"])
        .run()
        .exits(0);
    assert_eq!(ran.report()["how"], "recovered", "{}", ran.all());
    let bodies = bodies_of(&standin, "/v1/api/iserver/auth/ssodh/init");
    assert_eq!(bodies, [r#"{"publish":true,"compete":false}"#]);
    sent(&standin, 0, 0);
}

#[test]
fn recover_only_says_no_when_a_login_is_needed() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .args(["--recover-only"])
        .run()
        .exits(1)
        .is_silent_on_stderr();
    assert_eq!(ran.report()["state"], "not_authenticated", "{}", ran.all());
    sent(&standin, 0, 0);
}

#[test]
fn leaves_another_login_alone_unless_told_to_compete() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    standin.make("compete", &json!({}));
    let ran = login(&standin).stdin(plain()).run().exits(10);
    assert_eq!(ran.report()["state"], "competing", "{}", ran.all());
    assert_eq!(
        bodies_of(&standin, "/v1/api/iserver/auth/ssodh/init").len(),
        0
    );
    let ran = login(&standin)
        .args(["--compete"])
        .stdin(plain())
        .run()
        .exits(0);
    assert_eq!(ran.report()["how"], "recovered", "{}", ran.all());
    sent(&standin, 0, 0);
}

#[test]
fn what_could_not_be_asked_is_never_a_reason_to_log_in() {
    for (answer, exit, state) in [
        (
            json!({"status": 429, "headers": {"Retry-After": "30"}, "body": ""}),
            12,
            "unavailable",
        ),
        (json!({"status": 500, "body": "oops"}), 12, "unavailable"),
        (json!({"status": 503, "body": ""}), 12, "unavailable"),
        (
            json!({"status": 403, "body": "Access Denied"}),
            9,
            "unknown_page",
        ),
        (
            json!({"status": 404, "body": "Access Denied"}),
            6,
            "unknown_page",
        ),
        (
            json!({"status": 200, "body": "<html>maintenance</html>"}),
            9,
            "unknown_page",
        ),
        (
            json!({"status": 200, "body": {"error": "something new"}}),
            9,
            "unknown_page",
        ),
        (json!({"mode": "hang"}), 8, "timed_out"),
        (
            json!({"mode": "drip", "status": 200, "body": "{}"}),
            8,
            "timed_out",
        ),
        (json!({"mode": "garbage"}), 9, "unknown_page"),
        (json!({"mode": "close"}), 9, "unknown_page"),
    ] {
        let standin = Standin::serve();
        let mut scripted = answer.clone();
        scripted["path"] = json!("/v1/api/tickle");
        standin.set(&json!({"answers": [scripted]}));
        let ran = login(&standin)
            .args(["--timeout", "2s"])
            .stdin(plain())
            .run();
        assert_eq!(ran.status, exit, "{answer}: {}", ran.all());
        assert_eq!(ran.report()["state"], state, "{answer}: {}", ran.all());
        ran.error();
        let to_login = standin
            .requests()
            .iter()
            .filter(|asked| asked["path"].to_string().contains("/sso/"))
            .count();
        assert_eq!(to_login, 0, "{answer}: {:?}", standin.requests());
    }
}

#[test]
fn nothing_that_listens_is_down() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .args(["--url", "https://localhost:1"])
        .stdin(plain())
        .run()
        .exits(7);
    assert_eq!(ran.report()["state"], "down", "{}", ran.all());
}

#[test]
fn opens_the_brokerage_session_when_the_gateway_does_not() {
    let standin = Standin::serve();
    standin.set(&json!({"bringup": {"needs_init": true}}));
    login(&standin).stdin(plain()).run().exits(0);
    sent(&standin, 1, 0);
}

#[test]
fn a_success_page_is_not_ready_before_the_session_is() {
    let standin = Standin::serve();
    standin.set(&json!({"bringup": {"established": "false"}}));
    let ran = login(&standin)
        .args(["--timeout", "12s"])
        .stdin(plain())
        .run()
        .exits(1)
        .is_silent_on_stderr();
    let report = ran.report();
    assert_eq!(
        (&report["state"], &report["reason"]),
        (&json!("not_authenticated"), &json!("not_ready"))
    );
    assert_eq!(report["established"], false, "{}", ran.all());
    assert_eq!(report["failures_left"], 2, "{}", ran.all());
}

#[test]
fn two_at_once_send_one_login() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let start = || login(&standin).state(state.path()).stdin(plain()).spawn();
    let runs = [start(), start()];
    let mut ways = Vec::new();
    for (child, _folder) in runs {
        let ran = Ran::from_output(
            "ibgw-login".to_owned(),
            child.wait_with_output().expect("it ends"),
        )
        .exits(0);
        ways.push(ran.report()["how"].as_str().unwrap_or_default().to_owned());
    }
    ways.sort();
    assert_eq!(ways, ["already", "browser"]);
    sent(&standin, 1, 0);
}

#[test]
fn shows_and_forgives_what_is_recorded() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let wrong = record("TestUser01", "Wrong-Horse9", None, "live");
    login(&standin)
        .state(state.path())
        .stdin(wrong)
        .run()
        .exits(4);

    let ran = login(&standin)
        .state(state.path())
        .args(["--status"])
        .stdin(plain())
        .run()
        .exits(0);
    let report = ran.report();
    assert_eq!(report["schema"], "ibgw-login-status/1", "{}", ran.all());
    assert_eq!(
        (&report["state"], &report["hold_reason"]),
        (&json!("held"), &json!("refused")),
        "{}",
        ran.all()
    );
    let row = &report["submissions"][0];
    assert_eq!(
        (&row["outcome"], &row["mode"]),
        (&json!("refused"), &json!("live")),
        "{}",
        ran.all()
    );

    let ran = login(&standin)
        .state(state.path())
        .args(["--forgive", "typed it wrong"])
        .stdin(plain())
        .run()
        .exits(0);
    assert_eq!(ran.report()["state"], "free", "{}", ran.all());
    login(&standin)
        .state(state.path())
        .stdin(plain())
        .run()
        .exits(0);
}

#[test]
fn a_ledger_that_cannot_be_understood_is_kept_and_holds() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    login(&standin)
        .state(state.path())
        .args(["--status"])
        .stdin(plain())
        .run()
        .exits(0);
    login(&standin)
        .state(state.path())
        .stdin(plain())
        .run()
        .exits(0);
    standin.make("drop-session", &json!({}));
    let ledger = files(&state.path().join("ledger"), "json")
        .pop()
        .expect("a ledger");
    fs::write(&ledger, "{\"schema\":\"ib-led").expect("it can be written");

    let ran = login(&standin)
        .state(state.path())
        .stdin(plain())
        .run()
        .exits(11);
    assert_eq!(ran.report()["reason"], "held_by_ledger", "{}", ran.all());
    assert_eq!(
        ran.report()["warnings"],
        json!(["ledger_unreadable"]),
        "{}",
        ran.all()
    );
    let kept: Vec<_> = fs::read_dir(state.path().join("ledger"))
        .expect("a folder")
        .flatten()
        .collect();
    assert!(
        kept.iter()
            .any(|file| file.file_name().to_string_lossy().contains("corrupt")),
        "{kept:?}"
    );
    sent(&standin, 1, 0);
}

#[test]
fn state_files_are_private_and_name_nobody() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    login(&standin)
        .state(state.path())
        .stdin(plain())
        .run()
        .exits(0);
    let folder = state.path().join("ledger");
    assert_eq!(
        fs::metadata(&folder)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777,
        0o700
    );
    for file in fs::read_dir(&folder).expect("a folder").flatten() {
        assert_eq!(
            file.metadata().expect("it is there").permissions().mode() & 0o777,
            0o600,
            "{file:?}"
        );
        let content = fs::read_to_string(file.path()).expect("text");
        assert!(
            !content.contains("testuser01") && !content.contains("Correct-Horse1"),
            "{content}"
        );
    }
}

#[test]
fn logs_out() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    let ran = login(&standin).args(["--logout"]).run().exits(0);
    assert_eq!(ran.report()["state"], "not_authenticated", "{}", ran.all());
    assert_eq!(standin.truth()["sso"], false);
}

#[test]
fn a_refusal_leaves_a_picture_without_what_was_typed() {
    let standin = Standin::serve();
    let folder = TempDir::new().expect("a folder");
    let wrong = record("testuser01", "Wrong-Horse9", None, "live");
    let directory = folder.path().to_str().expect("a path");
    let ran = login(&standin)
        .args(["--screenshot-dir", directory])
        .stdin(wrong)
        .run()
        .exits(4);
    let picture = ran.report()["screenshot"]
        .as_str()
        .expect("a path")
        .to_owned();
    let bytes = fs::read(&picture).expect("it is there");
    assert!(
        bytes.starts_with(b"\x89PNG") && bytes.len() > 1000,
        "{} bytes",
        bytes.len()
    );
    assert_eq!(
        fs::metadata(&picture)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777,
        0o600
    );
    let page = fs::read_to_string(picture.replace(".png", ".html")).expect("it is there");
    assert!(page.contains("xyz-field-username"), "{page}");
    for secret in ["testuser01", "Wrong-Horse9"] {
        assert!(!page.contains(secret), "{secret} in {page}");
    }
}

#[test]
fn a_record_that_is_none_is_told_with_its_cause() {
    let standin = Standin::serve();
    for (input, words) in [
        (String::new(), "empty"),
        ("\n".to_owned(), "empty"),
        ("hunter2".to_owned(), "no ibgw-secret/1 record"),
        (r#"{"schema":"ibgw-secret/2"}"#.to_owned(), "ibgw-secret/2"),
        (
            r#"{"schema":"ibgw-secret/1","username":"u","password":""}"#.to_owned(),
            "no password",
        ),
        (
            r#"{"schema":"ib-error/1","tool":"ibgw-secret","message":"no such key"}"#.to_owned(),
            "no such key",
        ),
    ] {
        let ran = login(&standin)
            .stdin(input)
            .run()
            .exits(6)
            .is_silent_on_stdout()
            .never_shows("hunter2");
        assert!(
            ran.error()["message"].to_string().contains(words),
            "{words}: {}",
            ran.all()
        );
    }
    sent(&standin, 0, 0);
}

#[test]
fn what_is_not_installed_is_missing() {
    let standin = Standin::serve();
    for arguments in [
        ["--driver", "/nonexistent/driver"],
        ["--browser", "/nonexistent/browser"],
    ] {
        login(&standin)
            .args(arguments)
            .stdin(plain())
            .run()
            .exits(5)
            .is_silent_on_stdout()
            .error();
    }
    let ran = login(&standin)
        .env("PATH", "/nonexistent")
        .stdin(plain())
        .run()
        .exits(5);
    assert!(
        ran.error()["message"].to_string().contains("apt install"),
        "{}",
        ran.all()
    );
    sent(&standin, 0, 0);
}

#[test]
fn no_secret_reaches_a_command_line_an_environment_or_a_temporary_file() {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"form_delay_ms": 300, "overlay_ms": 300}}));
    let (mut child, folder) = login(&standin)
        .args(["-v"])
        .stdin(record("totpuser", "Correct-Horse2", Some(SEED), "live"))
        .spawn();
    while child.try_wait().expect("it can be asked").is_none() {
        for secret in ["Correct-Horse2", SEED] {
            assert_eq!(
                processes_with(secret),
                Vec::<String>::new(),
                "{secret} is in a process's arguments"
            );
            assert_eq!(
                crate::support::environments_with(secret),
                Vec::<String>::new()
            );
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

/// The names of what is left in a folder.
fn left_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.path());
    entries
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect()
}

fn bodies_of(standin: &Standin, path: &str) -> Vec<String> {
    let asked = standin
        .requests()
        .into_iter()
        .filter(|asked| asked["part"] == "gateway" && asked["path"] == path);
    asked
        .map(|asked| asked["body"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// What a browser leaves behind, in every way that a login can be cut short.
mod orphans {
    use super::*;
    use crate::support::{eventually, signal};

    /// A login that waits for a form that never comes, with its browser running.
    fn waiting() -> (Standin, std::process::Child, TempDir) {
        let standin = Standin::serve();
        standin.set(&json!({"page": {"never": true}}));
        let (child, folder) = login(&standin).stdin(plain()).spawn();
        let marker = folder.path().to_str().expect("a path").to_owned();
        eventually("the browser is at the page", || {
            let is_open = processes_with(&marker)
                .iter()
                .any(|line| line.contains("--type=renderer"));
            is_open
                && standin
                    .requests()
                    .iter()
                    .any(|asked| asked["path"] == "/sso/Login")
        });
        (standin, child, folder)
    }

    fn assert_nothing_is_left(folder: &TempDir) {
        let marker = folder.path().to_str().expect("a path");
        eventually("no process is left", || processes_with(marker).is_empty());
    }

    fn ended(child: std::process::Child) -> Ran {
        Ran::from_output(
            "ibgw-login".to_owned(),
            child.wait_with_output().expect("it ends"),
        )
    }

    #[test]
    fn nothing_is_left_after_sigterm() {
        let (_standin, child, folder) = waiting();
        signal(child.id(), "TERM");
        ended(child).exits(128 + 15).is_silent_on_stdout();
        assert_eq!(
            processes_with(folder.path().to_str().expect("a path")),
            Vec::<String>::new()
        );
        assert_eq!(left_in(folder.path()), ["state"]);
    }

    #[test]
    fn nothing_is_left_after_sigkill() {
        let (_standin, child, folder) = waiting();
        signal(child.id(), "KILL");
        ended(child).exits(128 + 9);
        assert_nothing_is_left(&folder);
    }

    #[test]
    fn nothing_is_left_when_the_driver_is_killed() {
        let (_standin, child, folder) = waiting();
        let driver = crate::support::children_of(child.id(), "chromedriver");
        assert_eq!(driver.len(), 1, "one driver");
        signal(driver[0], "KILL");
        let ran = ended(child).exits(9).is_silent_on_stdout();
        assert!(
            ran.error()["message"].to_string().contains("browser"),
            "{}",
            ran.all()
        );
        assert_nothing_is_left(&folder);
    }

    #[test]
    fn nothing_is_left_when_the_time_is_up() {
        let standin = Standin::serve();
        standin.set(&json!({"page": {"never": true}}));
        let (child, folder) = login(&standin)
            .args(["--timeout", "4s"])
            .stdin(plain())
            .spawn();
        ended(child).exits(8);
        assert_nothing_is_left(&folder);
    }
}

#[test]
fn every_key_is_always_there() {
    let standin = Standin::serve();
    let ready = login(&standin).stdin(plain()).run().exits(0).report();
    let no = {
        standin.make("drop-session", &json!({}));
        login(&standin)
            .args(["--recover-only"])
            .run()
            .exits(1)
            .report()
    };
    let keys = |report: &Value| {
        report
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&ready), keys(&no));
}
