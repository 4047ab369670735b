//! Waiting for what may block for ever, but not past a deadline.

use crate::contract::error::{Error, Result};
use crate::contract::exit::Exit;
use ib_proc::Deadline;
use std::sync::mpsc;
use std::thread;

/// Does something that may block for ever, on a thread of its own, and returns its result.
///
/// # Errors
/// `TimedOut` at the deadline. The thread then runs on until the process ends.
pub fn wait_for<T: Send + 'static>(
    action: impl FnOnce() -> T + Send + 'static,
    context: &str,
    deadline: Deadline,
) -> Result<T> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(action()));
    receiver.recv_timeout(deadline.remaining()).map_err(|_| {
        let message = format!("{context}: nothing came in time (give a longer --timeout)");
        Error::new(Exit::TimedOut, message)
    })
}
