//! A code on its way: waited for beside the page, which may go on without it.

use crate::code_source::CodeSource;
use ib_cli::Result;
use ib_proc::Deadline;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use zeroize::Zeroizing;

/// A code that somebody brings.
pub struct Brought(Receiver<Result<Zeroizing<String>>>);

impl Brought {
    /// Begins to wait; what brings the code ends with this process at the latest.
    pub fn begin(source: CodeSource, deadline: Deadline) -> Self {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || sender.send(source.code(deadline)));
        Self(receiver)
    }

    /// What came, once; `None` until then.
    pub fn now(&self) -> Option<Result<Zeroizing<String>>> {
        self.0.try_recv().ok()
    }
}
