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

pub(crate) fn in_time(
    mut from: impl Read + Send + 'static,
    context: &str,
    deadline: Deadline,
) -> Result<Secret> {
    within(move || read_capped(&mut from), context, deadline)
}

/// Does something that may block for ever, but not for longer than we have.
pub(crate) fn within<T: Send + 'static>(
    action: impl FnOnce() -> io::Result<T> + Send + 'static,
    context: &str,
    deadline: Deadline,
) -> Result<T> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(action()));
    match receiver.recv_timeout(deadline.remaining()) {
        Ok(done) => done
            .with_context(|| context.to_owned())
            .or_exit(Exit::Config),
        Err(_) => Err(Error::new(
            Exit::TimedOut,
            format!("{context}: nothing came in time (give a longer --timeout)"),
        )),
    }
}
