//! What was seen and done, for tests: one line of JSON each, appended to `played.ndjson` beside the layout.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::process::parent_id;
use std::path::Path;

/// The file's name.
const FILE: &str = "played.ndjson";

/// The record.
pub(crate) struct IbcRecord {
    file: File,
    /// How many starts it had when it was opened.
    pub earlier_starts: usize,
}

impl IbcRecord {
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let file = OpenOptions::new().append(true).create(true).open(&path);
        let file = file.with_context(|| format!("opening {}", path.display()))?;
        let so_far = fs::read_to_string(&path).unwrap_or_default();
        let events = so_far
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let earlier_starts = events.filter(|event| event["event"] == "start").count();
        Ok(Self {
            file,
            earlier_starts,
        })
    }

    /// Adds an event with its details.
    pub(crate) fn add(&self, event: &str, about: Value) {
        let mut line = json!({ "event": event });
        if let (Some(line), Value::Object(mut about)) = (line.as_object_mut(), about) {
            line.append(&mut about);
        }
        // In one write, so that lines of two processes do not mix. It fails only when the test has removed its folder.
        let _ = (&self.file).write_all(format!("{line}\n").as_bytes());
    }
}

/// What a process sees of where it was started.
pub(crate) fn surroundings() -> Value {
    let names: BTreeSet<_> = std::env::vars_os()
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .collect();
    json!({
        "pid": std::process::id(),
        "argv": strings(&fs::read("/proc/self/cmdline").unwrap_or_default()),
        "environment": names,
        "script_argv": strings(&of_script("cmdline")),
        "script_environment": strings(&of_script("environ"))
            .iter()
            .map(|pair| pair.split('=').next().unwrap_or_default().to_owned())
            .collect::<BTreeSet<_>>(),
        "directory": std::env::current_dir().ok(),
        "descriptors": descriptors(),
        "display": std::env::var("DISPLAY").ok(),
        "xauthority": std::env::var("XAUTHORITY").ok(),
    })
}

/// A file about the process that runs `ibcstart.sh`.
fn of_script(file: &str) -> Vec<u8> {
    fs::read(format!("/proc/{}/{file}", parent_id())).unwrap_or_default()
}

fn strings(bytes: &[u8]) -> Vec<String> {
    let ended = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    ended
        .split(|byte| *byte == 0)
        .map(|string| String::from_utf8_lossy(string).into_owned())
        .collect()
}

/// The numbers of the open descriptors, but for the record's own and the one that this is read by.
fn descriptors() -> BTreeSet<u32> {
    let all = fs::read_dir("/proc/self/fd")
        .into_iter()
        .flatten()
        .flatten();
    all.filter(|entry| {
        let to = fs::read_link(entry.path());
        to.is_ok_and(|to| !to.ends_with(FILE) && !to.starts_with("/proc"))
    })
    .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
    .collect()
}
