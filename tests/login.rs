//! `ibgw-login`: the order of its steps, the page, the guard, and what it leaves behind.

mod attended;
mod crashes;
mod guarded;
mod ledger;
mod leftovers;
mod page;
mod records;
mod second_factor;
mod steps;
mod tickle_table;

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

/// The same of a folder that may not be there yet.
fn files_in(folder: &Path, extension: &str) -> Vec<PathBuf> {
    if folder.exists() {
        files(folder, extension)
    } else {
        Vec::new()
    }
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
