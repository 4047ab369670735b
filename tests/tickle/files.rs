//! Reports and metrics in files.

use super::{asked, ready, says, tickle};
use crate::support::{Ran, Tool, binary};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

fn reading(file: &Path) -> Tool {
    Tool::new("ibgw-tickle").args([Path::new("--read"), file])
}

fn folder() -> TempDir {
    TempDir::new().expect("a temporary folder can be made")
}

fn set_age(file: &Path, written: SystemTime) {
    File::options()
        .write(true)
        .open(file)
        .and_then(|file| file.set_modified(written))
        .expect("the file's time can be set");
}

#[test]
fn answers_from_what_was_written_without_a_call() {
    let (standin, folder) = (ready(), folder());
    let file = folder.path().join("tickle.json");
    let writing = || tickle(&standin).args([Path::new("--write"), &file]).run();
    let written = says(writing(), "ready", 0);
    assert_eq!(says(reading(&file).run(), "ready", 0), written);
    standin.make("compete", &json!({}));
    let written = says(writing(), "competing", 10);
    assert_eq!(says(reading(&file).run(), "competing", 10), written);
    standin.make("drop-session", &json!({}));
    says(writing(), "no_session", 1);
    says(reading(&file).run(), "no_session", 1);
    assert_eq!(asked(&standin).len(), 3, "only --write asks");
    let names: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

/// What other programs read is written whatever IBKR says of the session's end.
#[test]
fn writes_report_and_metrics_when_the_end_is_no_time() {
    let (standin, folder) = (ready(), folder());
    let flags =
        json!({"authenticated": true, "connected": true, "established": true, "competing": false});
    let body = json!({"session": "0123", "ssoExpires": u64::MAX, "iserver": {"authStatus": flags}});
    standin.set(&json!({"answers": [{"path": "/v1/api/tickle", "method": "POST", "times": 1, "status": 200, "body": body}]}));
    let (report, metrics) = (
        folder.path().join("tickle.json"),
        folder.path().join("tickle.prom"),
    );
    let ran = tickle(&standin).args([Path::new("--write"), &report]);
    says(
        ran.args([Path::new("--metrics"), &metrics]).run(),
        "ready",
        0,
    );
    let report = says(reading(&report).args(["--accounts"]).run(), "ready", 0);
    assert_eq!(report["warnings"], json!(["expires_malformed"]), "{report}");
    let metrics = fs::read_to_string(metrics).expect("text");
    assert!(!metrics.contains("ibgw_session_expires"), "{metrics}");
}

#[test]
fn knows_nothing_from_a_report_that_is_too_old() {
    let (standin, folder) = (ready(), folder());
    let file = folder.path().join("tickle.json");
    let ran = tickle(&standin).args([Path::new("--write"), &file]).run();
    says(ran, "ready", 0);
    let now = SystemTime::now();
    let hour = Duration::from_secs(3600);
    for (written, age, state, exit) in [
        (now - hour, "3m", "unknown", 9),
        (now - hour, "2h", "ready", 0),
        (now + hour, "2h", "unknown", 9),
    ] {
        set_age(&file, written);
        let ran = reading(&file).args(["--max-age", age]).run();
        let report = says(ran, state, exit);
        assert_eq!(report["authenticated"].is_null(), state == "unknown");
    }
}

#[test]
fn refuses_files_that_hold_no_report() {
    let folder = folder();
    for (name, text) in [
        ("empty", ""),
        ("nonsense", "hello"),
        ("half", "{\"schema\":\"ibgw-tickle/1\",\"state\":\"rea"),
        ("other", "{\"schema\":\"ibgw-login/1\",\"state\":\"ready\"}"),
        ("error", "{\"schema\":\"ib-error/1\",\"error\":\"config\"}"),
        (
            "state",
            "{\"schema\":\"ibgw-tickle/1\",\"state\":\"fine\",\"warnings\":[]}",
        ),
        (
            "denied",
            "{\"schema\":\"ibgw-tickle/1\",\"state\":\"access_denied\",\"warnings\":[]}",
        ),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, text).expect("the file can be written");
        let ran = reading(&file).run().exits(6).is_silent_on_stdout();
        let message = ran.error()["message"].to_string();
        assert!(message.contains(name), "{message}");
    }
    for path in [folder.path(), Path::new("/dev/zero"), Path::new("none")] {
        reading(path).run().exits(6).is_silent_on_stdout().error();
    }
}

#[test]
fn says_config_when_it_cannot_write() {
    let standin = ready();
    for flag in ["--write", "--metrics"] {
        let ran = tickle(&standin).args([flag, "/proc/none/file"]).run();
        let ran = ran.exits(6).is_silent_on_stdout();
        let message = ran.error()["message"].to_string();
        assert!(message.contains("/proc/none/file"), "{message}");
    }
}

#[test]
fn follows_no_symlink_that_another_user_put_in_its_way() {
    let (standin, folder) = (ready(), folder());
    let victim = folder.path().join("victim");
    fs::write(&victim, "precious").expect("the file can be written");
    // What a name with nothing random in it would be: the shell's pid is the tool's.
    let script = r#"ln -s victim .tickle.json.$$ && exec "$0" --url "$1" --write tickle.json"#;
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(binary("ibgw-tickle"))
        .arg(standin.url())
        .current_dir(folder.path())
        .output();
    let ran = Ran::from_output(script.to_owned(), output.expect("sh runs"));
    let report = says(ran, "ready", 0);
    let written = folder.path().join("tickle.json");
    assert_eq!(says(reading(&written).run(), "ready", 0), report);
    let about = fs::symlink_metadata(&written).expect("the report is there");
    assert!(about.is_file(), "{about:?}");
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
    let kept = fs::read_to_string(&victim).expect("the file is there");
    assert_eq!(kept, "precious");
}

#[test]
fn writes_metrics_that_others_can_read() {
    let (standin, folder) = (ready(), folder());
    let file = folder.path().join("ibgw.prom");
    let ran = tickle(&standin).args([Path::new("--metrics"), &file]).run();
    says(ran, "ready", 0);
    let text = fs::read_to_string(&file).expect("there are metrics");
    let label = format!("gateway=\"{}\"", standin.url());
    for line in [
        format!("ibgw_session_state{{{label},state=\"ready\"}} 1"),
        format!("ibgw_session_state{{{label},state=\"competing\"}} 0"),
        "# TYPE ibgw_tickle_latency_seconds gauge".to_owned(),
    ] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
    let names = [
        "ibgw_tickle_timestamp_seconds",
        "ibgw_session_expires_timestamp_seconds",
    ];
    for name in names {
        assert!(text.contains(&format!("{name}{{{label}}} ")), "{text}");
    }
    let mode = fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn takes_its_settings_from_the_environment() {
    let standin = ready();
    let ran = Tool::new("ibgw-tickle")
        .env("IBGW_URL", "https://localhost:1")
        .env("IBGW_TICKLE_URL", standin.url())
        .env("IBGW_TIMEOUT", "")
        .run();
    let report: Value = says(ran, "ready", 0);
    assert_eq!(report["warnings"], json!([]));
}
