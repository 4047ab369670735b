//! A real window, made by Java as the Gateway's are.

use super::script;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

/// The window. It closes when this process ends, because that closes its stdin.
pub(crate) struct JavaWindow {
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl JavaWindow {
    /// Opens it, and returns when it is on the screen; `None` when it never is.
    pub(crate) fn open(with: &script::WindowSource, layout: &Path, title: &str) -> Option<Self> {
        let mut child = Command::new(&with.java)
            .arg("-XX:TieredStopAtLevel=1")
            // For the test, which looks for processes that a layout has left behind.
            .arg(format!("-Dlayout={}", layout.display()))
            .arg(&with.source)
            .arg(title)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut window = Self {
            stdin: child.stdin.take()?,
            stdout: BufReader::new(child.stdout.take()?),
        };
        window.is_shown().then_some(window)
    }

    /// Opens a dialog over it, and returns when that is on the screen.
    pub(crate) fn ask(&mut self, title: &str) -> bool {
        writeln!(self.stdin, "{title}").is_ok() && self.is_shown()
    }

    fn is_shown(&mut self) -> bool {
        let mut line = String::new();
        self.stdout.read_line(&mut line).is_ok_and(|size| size > 0)
    }
}
