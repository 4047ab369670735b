//! What goes to stderr while a tool runs: warnings, the log of `-v`, one live status line.
//!
//! This is the process's only global state. What is printed depends on how the process was called, and few runs print
//! anything: it is not worth an argument on every function.

use crate::contract::time::time;
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

static VERBOSE: AtomicBool = AtomicBool::new(false);
static STATUS_SHOWN: AtomicBool = AtomicBool::new(false);
static TOOL: Mutex<String> = Mutex::new(String::new());
static WARNINGS: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());

#[derive(Serialize)]
struct LogLine<'a> {
    schema: &'static str,
    time: String,
    level: &'a str,
    tool: String,
    event: &'a str,
    message: &'a str,
}

pub(crate) fn begin(tool: &str, verbose: bool) {
    tool.clone_into(&mut locked(&TOOL));
    VERBOSE.store(verbose, Ordering::Relaxed);
}

pub(crate) fn tool() -> String {
    locked(&TOOL).clone()
}

/// Whether `-v` was given.
fn is_verbose() -> bool {
    VERBOSE.load(Ordering::Relaxed)
}

/// Warns of something that does not stop the run.
///
/// `event` goes into the report's `warnings`, and the man page explains it. The sentence goes to stderr only on a
/// terminal or with `-v`, so that cron mails failures only.
pub fn warn(event: &'static str, message: &str) {
    let mut warnings = locked(&WARNINGS);
    if !warnings.contains(&event) {
        warnings.push(event);
    }
    drop(warnings);
    if is_verbose() {
        log("warning", event, message);
    } else if std::io::stderr().is_terminal() {
        to_stderr(&format!("{}: warning: {message}", tool()));
    }
}

/// The events warned of, for the report's `warnings`.
#[must_use]
pub fn warnings() -> Vec<String> {
    locked(&WARNINGS)
        .iter()
        .map(|event| (*event).to_owned())
        .collect()
}

/// Writes one `ib-log/1` line to stderr if `-v` was given.
pub fn log(level: &str, event: &str, message: &str) {
    if is_verbose() {
        let time = time(SystemTime::now());
        let line = LogLine {
            schema: "ib-log/1",
            time,
            level,
            tool: tool(),
            event,
            message,
        };
        to_stderr(&serde_json::to_string(&line).unwrap_or_default());
    }
}

/// Shows one live line on stderr if that is a terminal, in place of the one before.
pub fn status(message: &str) {
    if !is_verbose() && std::io::stderr().is_terminal() {
        STATUS_SHOWN.store(true, Ordering::Relaxed);
        let _ = write!(std::io::stderr(), "\r\x1b[K{message}");
    }
}

/// Shows a person what a report has for programs: lines on stderr, if that is a terminal.
pub fn show(lines: &str) {
    if std::io::stderr().is_terminal() {
        to_stderr(lines.trim_end());
    }
}

/// Removes the live line.
pub(crate) fn clear_status() {
    if STATUS_SHOWN.swap(false, Ordering::Relaxed) {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
}

pub(crate) fn to_stderr(line: &str) {
    clear_status();
    // When stderr itself fails, no place is left to report it.
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn locked<T>(value: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    value
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
