//! `ibgw-login`: the order of its steps, the page, the guard, and what it leaves behind.

mod attended;
mod bring_up;
mod codes;
mod crashes;
mod deaths;
mod direct;
mod drivers;
mod expired;
mod firefox;
mod given;
mod guarded;
mod headless_shell;
mod known_page;
mod ledger;
mod leftovers;
mod lies;
mod long_waits;
mod of_the_browser;
mod on_the_phone;
mod openings;
mod pacing;
mod page;
mod pushes;
mod records;
mod refused_openings;
mod scenarios;
mod second_factor;
mod silence;
mod steps;
mod tickle_table;
mod traced;
mod way;

use crate::support::{Ran, Standin, Tool, at_once, processes_with};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

pub(crate) fn record(username: &str, password: &str, seed: Option<&str>, mode: &str) -> String {
    let record = json!({
        "schema": "ibgw-secret/1", "username": username, "password": password, "totp_seed": seed, "mode": mode,
        "second_factor": null, "jts_second_factor": null,
    });
    format!("{record}\n")
}

pub(crate) fn plain() -> String {
    record("testuser01", "Correct-Horse1", None, "live")
}

/// A run against the stand-in, with its browser's files in its own folder.
pub(crate) fn login(standin: &Standin) -> Tool {
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

/// The same, in a real browser.
pub(crate) fn on_the_page(standin: &Standin) -> Tool {
    login(standin).env("IBGW_METHOD", "browser")
}

/// The same, without a browser, whatever is installed.
pub(crate) fn directly(standin: &Standin) -> Tool {
    login(standin).env("IBGW_METHOD", "direct")
}

/// One way to log in.
pub(crate) type By = fn(&Standin) -> Tool;

/// Runs of one username that share a ledger.
pub(crate) struct Runs {
    pub standin: Standin,
    pub state: TempDir,
    pub record: String,
}

impl Runs {
    pub(crate) fn of(record: String) -> Self {
        Self {
            standin: Standin::serve(),
            state: TempDir::new().expect("a folder"),
            record,
        }
    }

    /// Of a user whose every submission sends a notification.
    pub(crate) fn of_push_user() -> Self {
        let runs = Self::of(record("pushuser", "Correct-Horse5", None, "live"));
        runs.standin.set(&json!({"users": [{
            "username": "pushuser", "password": "Correct-Horse5", "mode": "live", "devices": ["5.2a"],
        }]}));
        runs
    }

    pub(crate) fn tool(&self, by: By) -> Tool {
        let tool = by(&self.standin).state(self.state.path());
        tool.stdin(self.record.clone())
    }

    pub(crate) fn run(&self, by: By, arguments: &[&str]) -> Ran {
        self.tool(by).args(arguments).run()
    }

    /// The file of the ledger, which one of them has made at least the lock of.
    pub(crate) fn ledger(&self) -> PathBuf {
        let lock = files(&self.state.path().join("ledger"), "lock").pop();
        lock.expect("a lock").with_extension("json")
    }
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

/// A form's fields, as they were posted.
fn fields(body: &str) -> Vec<(String, String)> {
    let pairs = body
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The steps of the login that were asked for, by their names; an exchange that chance made begin anew, as one in a
/// hundred does, counts once.
fn actions(standin: &Standin) -> Vec<String> {
    let forms = bodies_of(standin, "/sso/Authenticator");
    let named = forms.iter().map(|form| fields(form).swap_remove(0));
    let mut named: Vec<_> = named.map(|(_, action)| action).collect();
    if let [first, second, _, ..] = &named[..]
        && first == second
    {
        named.remove(0);
    }
    named
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
