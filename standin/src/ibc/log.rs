//! What IBC prints.

use super::end;
use super::moment;
use super::script::{IbcLie, IbcScript};
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The log, on stdout.
pub(crate) struct IbcLog {
    cuts_lines: bool,
    /// Held while a line is printed, because two threads print.
    lock: Mutex<()>,
}

impl IbcLog {
    pub(crate) fn new(script: &IbcScript) -> Self {
        Self {
            cuts_lines: script.lies(IbcLie::HalfLines),
            lock: Mutex::new(()),
        }
    }

    /// A line of IBC's.
    pub(crate) fn say(&self, text: &str) {
        self.raw(&format!("{} IBC: {text}", moment::stamp()));
    }

    /// A line of IBC's that wants to be seen.
    pub(crate) fn shout(&self, text: &str) {
        let marks = "!".repeat(78);
        self.raw(&marks);
        self.say(text);
        self.raw(&marks);
    }

    /// What IBC says as it ends with a status, as the shell sees it.
    pub(crate) fn say_end(&self, status: u8, why: &str) {
        self.shout(why);
        if let Some(number) = end::number(status) {
            self.say(&format!("Exiting after error with exit code={number}"));
        }
    }

    /// What happened to a window: `dialog` or `frame`, its title, and `Opened` or `Closed`.
    pub(crate) fn window(&self, kind: &str, title: &str, event: &str) {
        self.say(&format!("detected {kind} entitled: {title}; event={event}"));
    }

    /// A line without anything before it.
    pub(crate) fn raw(&self, line: &str) {
        self.bytes(format!("{line}\n").as_bytes());
    }

    /// Bytes as they are.
    pub(crate) fn bytes(&self, bytes: &[u8]) {
        let _held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.cuts_lines {
            return print(bytes);
        }
        let (first, second) = bytes.split_at(bytes.len() / 2);
        print(first);
        // So that the reader sees the first part alone.
        thread::sleep(Duration::from_millis(5));
        print(second);
    }
}

fn print(bytes: &[u8]) {
    let mut stdout = io::stdout().lock();
    // Java goes on when its stdout is closed.
    let _ = stdout.write_all(bytes).and_then(|()| stdout.flush());
}
