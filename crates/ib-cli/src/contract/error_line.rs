//! An error as a line of JSON on stderr: one tool prints it, another one reads it.

use crate::contract::environment::TOOLS;
use crate::contract::exit::Exit;
use serde::{Deserialize, Serialize};

/// Its schema.
pub(crate) const SCHEMA: &str = "ib-error/1";

/// One error.
#[derive(Serialize)]
pub(crate) struct ErrorLine<'a> {
    pub(crate) schema: &'static str,
    pub(crate) tool: &'a str,
    pub(crate) error: &'a str,
    pub(crate) exit: u8,
    pub(crate) retry: bool,
    pub(crate) retry_after_seconds: Option<u64>,
    pub(crate) message: &'a str,
}

/// The failure of one of our tools: its message has no secret in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) tool: String,
    pub(crate) message: String,
}

#[derive(Deserialize)]
struct Line {
    schema: String,
    tool: String,
    error: String,
    exit: u8,
    message: String,
}

/// The longest message that is passed on.
const LONGEST: usize = 2000;

impl Cause {
    /// The last error of one of our tools in a program's stderr.
    ///
    /// `None` when no line is such an error in every point.
    pub(crate) fn find(stderr: &[u8]) -> Option<Self> {
        let lines = stderr.split(|byte| *byte == b'\n').rev();
        lines.filter_map(Self::of_line).next()
    }

    fn of_line(line: &[u8]) -> Option<Self> {
        let line: Line = serde_json::from_slice(line).ok()?;
        let is_of_exit = match Exit::from_code(line.exit) {
            Some(exit) => exit.name() == Some(line.error.as_str()),
            None => (line.exit, line.error.as_str()) == (101, "bug"),
        };
        let is_ours = line.schema == SCHEMA && TOOLS.contains(&line.tool.as_str()) && is_of_exit;
        let is_plain = line.message.len() <= LONGEST && !line.message.contains(char::is_control);
        (is_ours && is_plain).then_some(Self {
            tool: line.tool,
            message: line.message,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(stderr: &str) -> Option<String> {
        Cause::find(stderr.as_bytes()).map(|cause| format!("{}: {}", cause.tool, cause.message))
    }

    fn line(tool: &str, error: &str, exit: u8, message: &str) -> String {
        serde_json::json!({"schema": SCHEMA, "tool": tool, "error": error, "exit": exit, "retry": false,
            "retry_after_seconds": null, "message": message})
        .to_string()
    }

    #[test]
    fn takes_the_last_error_of_a_tool_of_ours() {
        let first = line("ibgw-secret", "config", 6, "first");
        let last = line("ibgw-secret", "timed_out", 8, "last");
        let bug = line("ibgw-secret", "bug", 101, "a bug at a.rs:1");
        assert_eq!(
            found(&format!("words\n{first}\n{last}\n")).as_deref(),
            Some("ibgw-secret: last")
        );
        assert_eq!(found(&bug).as_deref(), Some("ibgw-secret: a bug at a.rs:1"));
    }

    #[test]
    fn takes_nothing_that_is_not_ours_in_every_point() {
        for stderr in [
            String::new(),
            "ibgw-secret: hunter2".to_owned(),
            line("gpg", "config", 6, "hunter2"),
            line("ibgw-secret", "config", 7, "hunter2"),
            line("ibgw-secret", "secret", 6, "hunter2"),
            line("ibgw-secret", "bug", 6, "hunter2"),
            line("ibgw-secret", "config", 6, "hunter2\u{1b}[31m"),
            line("ibgw-secret", "config", 6, &"hunter2 ".repeat(1000)),
            line("ibgw-secret", "config", 6, "hunter2").replace("error/1", "error/2"),
            line("ibgw-secret", "config", 6, "hunter2").replace("message", "words"),
        ] {
            assert_eq!(found(&stderr), None, "{stderr}");
        }
    }
}
