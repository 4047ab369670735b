//! Reading a secret from what a program prints.

use crate::contract::error::{Error, OrExit, Result};
use crate::contract::error_line::Cause;
use crate::contract::exit::Exit;
use crate::contract::messages::log;
use crate::secrets::bounded_read::in_time;
use crate::secrets::child_environment::keep_passwords_out;
use crate::secrets::redacted_stderr::redacted;
use crate::secrets::secret::Secret;
use anyhow::Context;
use ib_proc::{Deadline, KeptChild, keep};
use std::io::{self, Read};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// The most that is looked at of what a program says on stderr.
const SAID: u64 = 16 << 10;

/// How long what a program said may still be on its way when it has ended.
const LAST_WORDS: Duration = Duration::from_millis(500);

pub(crate) fn run_command(words: &[String], context: &str, deadline: Deadline) -> Result<Secret> {
    let child = KeptChild::start(&words[0], &words[1..], None, |command| {
        keep_passwords_out(command);
        // A tool of ours is understood whatever format its error would have had for a person.
        command
            .env("IB_ERRORS", "json")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
    });
    let child = child
        .with_context(|| context.to_owned())
        .or_exit(Exit::Unexpected)?;
    let streams = child.with(|child| child.stdout.take().zip(child.stderr.take()));
    let (output, complaints) = streams.ok_or_else(|| Error::new(Exit::Unexpected, context))?;
    let complaints = listen(complaints);
    let secret = in_time(output, context, deadline)?;
    let status = loop {
        if let Some(status) = child
            .try_wait()
            .with_context(|| context.to_owned())
            .or_exit(Exit::Unexpected)?
        {
            break keep::status_number(status);
        }
        // The program has closed its output and is about to end.
        if !deadline.pause(Duration::from_millis(1)) {
            return Err(Error::new(
                Exit::TimedOut,
                format!("{context}: the program does not end"),
            ));
        }
    };
    let said = complaints.recv_timeout(deadline.or_after(LAST_WORDS).remaining());
    let said = said.unwrap_or_default();
    // A tool of ours that fails prints no secret, and what it says of it has none in it.
    let cause = Cause::find(&said).filter(|_| status != 0 && secret.expose().is_empty());
    let said = match cause {
        Some(cause) => Some(format!("{}: {}", cause.tool, cause.message)),
        None => redacted(&said, &secret),
    };
    if let Some(said) = &said {
        log("info", "program_said", &format!("{context}: {said}"));
    }
    let said = said.map_or_else(String::new, |said| format!(" (it said: {said})"));
    let failed = |exit, cause: String| Err(Error::new(exit, format!("{context}: {cause}")));
    match status {
        0 => Ok(secret),
        127 => failed(
            Exit::Missing,
            format!(
                "{} is not installed, or not in PATH, or cannot be run",
                words[0]
            ),
        ),
        129.. => failed(
            Exit::Unexpected,
            format!("the program died by signal {}{said}", status - 128),
        ),
        other => failed(
            Exit::Config,
            format!("the program ended with status {other}{said}"),
        ),
    }
}

/// Reads to its end what a program says, so that it never waits for us, and hands on the beginning of it.
fn listen(mut complaints: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut said = Vec::new();
        let _ = complaints.by_ref().take(SAID).read_to_end(&mut said);
        let _ = io::copy(&mut complaints, &mut io::sink());
        sender.send(said)
    });
    receiver
}
