//! What is stored of tokens: little, for one day, and never lost.

use super::{Device, issue, line, message, says, warnings};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

const PATH: &str = "/sso/validate";

impl Device {
    /// What is stored of tokens.
    fn stored(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.state.path().join("sso")).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let mut files: Vec<_> = paths
            .filter(|path| path.extension().is_none_or(|end| end != "lock"))
            .collect();
        files.sort();
        files
    }
}

#[test]
fn stores_little_and_for_its_owner_alone() {
    let device = Device::new();
    says(device.tool().run(), "valid", 0);
    let files = device.stored();
    assert_eq!(files.len(), 1, "{files:?}");
    let name = files[0].file_name().expect("a name").to_string_lossy();
    assert!(name.len() == 64 + 5 && name.ends_with(".json"), "{name}");
    let about = fs::metadata(&files[0]).expect("about it");
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
    assert!(about.len() < 4096, "{}", about.len());
}

#[test]
fn removes_what_is_a_day_old() {
    let device = Device::new();
    says(device.tool().run(), "valid", 0);
    let old = device.stored();
    let other = line(&json!(issue(&device.standin)), super::IP);
    let tool = device.tool_without_token().clock("+25h");
    tool.stdin(other).run().exits(0);
    assert!(!old[0].exists() && device.stored().len() == 1);
}

/// The process that holds its lock may be using it.
#[test]
fn removes_nothing_that_is_locked() {
    let device = Device::new();
    says(device.tool().run(), "valid", 0);
    let old = device.stored().remove(0);
    let name = old.file_name().expect("a name").to_string_lossy()[..2].to_owned();
    let begins = |path: &PathBuf| path.to_string_lossy().contains(&format!("sso/{name}"));
    let of_the_lock = || device.stored().iter().filter(|path| begins(path)).count();
    let other = std::iter::repeat_with(|| issue(&device.standin)).find(|token| {
        let before = of_the_lock();
        says(
            device.tool_without_token().stdin(token.clone()).run(),
            "valid",
            0,
        );
        of_the_lock() == before
    });
    let other = other.expect("one of another lock");
    let lock = old.with_file_name(format!("{name}.lock"));
    let later = |set: &str, script: &str| {
        let tool = device.tool_without_token().stdin(other.clone());
        let tool = tool.env("LOCK", &lock).clock(set);
        tool.in_shell(script).run().exits(0);
    };
    device
        .standin
        .set(&json!({"sso": {"pace_validate": false}, "answers": [{
            "part": "api", "path": format!("/v1/api{PATH}"), "status": 200, "body": {"RESULT": true},
        }]}));
    later("+25h", r#"exec flock "$LOCK" "$0" "$@""#);
    assert!(old.exists(), "it was locked");
    later("+27h", r#"exec "$0" "$@""#);
    assert!(!old.exists());
}

#[test]
fn keeps_a_damaged_file_and_counts_it_for_a_call() {
    let device = Device::new();
    says(device.tool().run(), "valid", 0);
    let file = device.stored().remove(0);
    fs::write(&file, "{\"schema\":").expect("it can be written");
    let report = says(device.tool().run(), "timed_out", 8);
    assert_eq!(warnings(&report), ["state_file_damaged"]);
    says(device.tool().run(), "timed_out", 8);
    assert_eq!(device.validations(), 1);
    assert!(
        device
            .stored()
            .iter()
            .any(|path| path.to_string_lossy().contains("corrupt-")),
        "{:?}",
        device.stored()
    );
}

#[test]
fn sends_nothing_that_it_cannot_count() {
    let device = Device::new();
    let file = device.state.path().join("file");
    fs::write(&file, "").expect("it can be written");
    let tool = device
        .tool()
        .args(["--state-dir".as_ref(), file.as_os_str()]);
    let ran = tool.run().exits(6).is_silent_on_stdout();
    assert!(message(&ran).contains("state directory"), "{}", ran.all());
    assert_eq!(device.asked(), [""; 0]);
}
