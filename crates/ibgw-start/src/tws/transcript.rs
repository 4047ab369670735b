//! What IBC prints: read line by line as it comes, and kept without secrets.

use crate::service::rotation;
use ib_cli::warn;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

/// No line of IBC's is longer; the rest of a longer one is a line of its own.
const LONGEST: u64 = 16 * 1024;

/// How many lines are written before the size of the log is looked at.
const LOOK_EVERY: u32 = 200;

/// The lines as they come, until the last program has closed its end. They are as they were printed: a secret may be a
/// word that IBC's own have, and what it does must not be missed for that.
///
/// `at_once` is done with each before the next is read.
pub fn follow(
    output: impl Read + Send + 'static,
    log: PathBuf,
    hidden: Vec<String>,
    at_once: impl Fn(&str) + Send + 'static,
) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || copy(output, Log::new(log, hidden), &sender, at_once));
    lines
}

fn copy(output: impl Read, mut log: Log, sender: &Sender<String>, at_once: impl Fn(&str)) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut output).take(LONGEST).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        at_once(&line);
        log.write(&line);
        // Nobody listens any more when the supervisor ends; what comes is still kept.
        let _ = sender.send(line);
    }
}

/// A text with stars in the place of secrets.
pub fn without(text: &str, secrets: &[String]) -> String {
    let secrets = secrets.iter().filter(|secret| !secret.is_empty());
    secrets.fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
}

/// The file, made anew when it has become large.
struct Log {
    path: PathBuf,
    file: Option<File>,
    written: u32,
    hidden: Vec<String>,
}

impl Log {
    fn new(path: PathBuf, hidden: Vec<String>) -> Self {
        Self {
            path,
            file: None,
            written: 0,
            hidden,
        }
    }

    /// Keeps one line.
    fn write(&mut self, line: &str) {
        let shown = without(line, &self.hidden);
        if self.file.is_none() || self.written.is_multiple_of(LOOK_EVERY) {
            self.file = self.open();
        }
        self.written = self.written.wrapping_add(1);
        if let Some(file) = &mut self.file {
            // A full disk must not end what is logged.
            let _ = writeln!(file, "{shown}");
        }
    }

    fn open(&self) -> Option<File> {
        let opened = rotation::make_way(&self.path).and_then(|()| {
            let mut options = OpenOptions::new();
            options
                .create(true)
                .append(true)
                .mode(0o600)
                .open(&self.path)
        });
        opened
            .map_err(|error| {
                warn(
                    "log_not_opened",
                    &format!("opening {}: {error}", self.path.display()),
                )
            })
            .ok()
    }
}
