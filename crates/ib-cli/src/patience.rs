//! Waiting for what may block for ever, but not for longer than we have.

use crate::error::{Error, OrExit, Result};
use crate::exit::Exit;
use crate::read::read_capped;
use crate::secret::Secret;
use anyhow::Context;
use ib_proc::Deadline;
use std::io::{self, Read};
use std::sync::mpsc;
use std::thread;

/// Does something that may block for ever, on a thread of its own, and gives what it gives.
///
/// # Errors
/// `TimedOut` at the deadline; the thread is left to itself then, until the process ends.
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

/// The same for what the kernel may refuse.
pub(crate) fn within<T: Send + 'static>(
    action: impl FnOnce() -> io::Result<T> + Send + 'static,
    context: &str,
    deadline: Deadline,
) -> Result<T> {
    wait_for(action, context, deadline)?
        .with_context(|| context.to_owned())
        .or_exit(Exit::Config)
}

pub(crate) fn in_time(
    mut from: impl Read + Send + 'static,
    context: &str,
    deadline: Deadline,
) -> Result<Secret> {
    within(move || read_capped(&mut from), context, deadline)
}
