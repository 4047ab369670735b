//! What IBC prints: read line by line, and logged without secrets.

use crate::service::rotation;
use crate::tws::redaction::Redaction;
use ib_cli::warn;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

/// No line of IBC's is longer. The rest of a longer one becomes a line of its own.
const LONGEST: u64 = 16 * 1024;

/// After how many lines the size of the log is checked.
const LOOK_EVERY: u32 = 200;

/// The lines as IBC prints them, until the last program has closed the pipe. Secrets are still in them: a secret may be a
/// word in IBC's own messages, and these must be recognised.
///
/// `at_once` gets each line before the next one is read.
pub(crate) fn follow(
    output: impl Read + Send + 'static,
    log: PathBuf,
    redaction: Redaction,
    at_once: impl Fn(&str) + Send + 'static,
) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || copy(output, TranscriptLog::new(log, redaction), &sender, at_once));
    lines
}

fn copy(
    output: impl Read,
    mut log: TranscriptLog,
    sender: &Sender<String>,
    at_once: impl Fn(&str),
) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut output).take(LONGEST).read_until(b'\n', &mut line);
        if read.is_err() || line.is_empty() {
            return;
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        at_once(&line);
        log.write(&line);
        // The receiver is gone when the supervisor ends. The log goes on.
        let _ = sender.send(line);
    }
}

/// The log. When it has become large, a new one begins.
struct TranscriptLog {
    path: PathBuf,
    file: Option<File>,
    written: u32,
    redaction: Redaction,
}

impl TranscriptLog {
    fn new(path: PathBuf, redaction: Redaction) -> Self {
        Self {
            path,
            file: None,
            written: 0,
            redaction,
        }
    }

    /// Writes one line.
    fn write(&mut self, line: &str) {
        let shown = self.redaction.redact(line);
        if self.file.is_none() || self.written.is_multiple_of(LOOK_EVERY) {
            self.file = self.open();
        }
        self.written = self.written.wrapping_add(1);
        if let Some(file) = &mut self.file {
            // A full disk must not end IB Gateway.
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
