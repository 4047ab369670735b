//! The code of a text message, a card or a device, from `--code-from`.

use ib_cli::{Error, Exit, Readable, Reference, Result, SecretText};
use ib_proc::Deadline;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, SystemTime};

/// The pause between two looks at a file. A person who brings a code takes seconds.
const PAUSE: Duration = Duration::from_millis(100);

/// How far a file's time may be behind ours: the kernel stamps files with a clock that ticks a hundred times a second.
const TICK: Duration = Duration::from_millis(10);

/// Where a code will come from, as it was before IBKR was asked for the code.
pub(crate) struct CodeSource {
    from: Reference,
    before: Option<Stamp>,
    asked: SystemTime,
}

/// What changes when a file is written again.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    file: (u64, u64),
    modified: SystemTime,
    size: u64,
}

impl CodeSource {
    /// Looks at the source. Call it before IBKR is asked for the code, so that an older code is known.
    pub(crate) fn before_asking(from: &Reference) -> Self {
        let before = if let Reference::File(path) = from {
            stamp(path)
        } else {
            None
        };
        let asked = SystemTime::now();
        Self {
            from: from.clone(),
            before,
            asked,
        }
    }

    /// The reference, to show it.
    pub(crate) fn place(&self) -> &Reference {
        &self.from
    }

    /// Waits for the code and reads it.
    ///
    /// # Errors
    /// `TimedOut` when no code comes, `Config` when what comes is not a code; else as [`Reference::read`].
    pub(crate) fn code(&self, deadline: Deadline) -> Result<SecretText> {
        if let Reference::File(path) = &self.from {
            self.wait_for(path, deadline)?;
        }
        let secret = self.from.read("the code", Readable::Warned, deadline)?;
        let text = secret.text("the code")?;
        // Devices show digits in groups. Letters with blanks between them are a sentence.
        let is_grouped = text
            .chars()
            .all(|c| c.is_ascii_digit() || c.is_whitespace());
        let code: String = if is_grouped {
            text.split_whitespace().collect()
        } else {
            text.trim().to_owned()
        };
        let is_code =
            (3..=16).contains(&code.len()) && code.bytes().all(|c| c.is_ascii_alphanumeric());
        if is_code {
            return Ok(SecretText::new(code));
        }
        let message = format!(
            "what came from {} is not a code (3 to 16 letters and digits, nothing else)",
            self.from
        );
        Err(Error::new(Exit::Config, message))
    }

    /// Waits until the file is newer than the request, and stays the same between two looks.
    fn wait_for(&self, path: &Path, deadline: Deadline) -> Result<()> {
        let mut last = None;
        loop {
            // A FIFO holds no older code.
            if fs::metadata(path).is_ok_and(|about| !about.is_file()) {
                return Ok(());
            }
            let now = stamp(path).filter(|now| self.is_new(now));
            if now.is_some() && now == last {
                return Ok(());
            }
            last = now;
            if !deadline.pause(PAUSE) {
                let message = format!("no code came in {} in time", path.display());
                return Err(Error::new(Exit::TimedOut, message));
            }
        }
    }

    fn is_new(&self, now: &Stamp) -> bool {
        now.size > 0 && Some(*now) != self.before && now.modified + TICK >= self.asked
    }
}

/// A code that is awaited beside the page, which may go on without it.
pub(crate) struct PendingCode(Receiver<Result<SecretText>>);

impl PendingCode {
    /// Begins to wait. What brings the code ends with this process at the latest.
    pub(crate) fn begin(source: CodeSource, deadline: Deadline) -> Self {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || sender.send(source.code(deadline)));
        Self(receiver)
    }

    /// The code, or why there is none, once; `None` until then.
    pub(crate) fn now(&self) -> Option<Result<SecretText>> {
        self.0.try_recv().ok()
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let about = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(Stamp {
        file: (about.dev(), about.ino()),
        modified: about.modified().ok()?,
        size: about.len(),
    })
}
