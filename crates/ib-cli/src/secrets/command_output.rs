//! Reading a secret from what a program prints.

use crate::contract::error::{Error, OrExit, Result};
use crate::contract::error_line::Cause;
use crate::contract::exit::Exit;
use crate::contract::messages::log;
use crate::secret::Secret;
use crate::secrets::bounded_read::read_by;
use crate::secrets::child_environment::keep_passwords_out;
use crate::secrets::redacted_stderr::redacted;
use anyhow::Context;
use ib_proc::{Deadline, KeeperChild, keeper};
use std::io::{self, Read};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// How much of a program's stderr is kept.
const STDERR_KEPT: u64 = 16 << 10;

/// How long the end of a program's stderr may take to arrive after the program has ended.
const STDERR_DELAY: Duration = Duration::from_millis(500);

pub(crate) fn run_command(words: &[String], context: &str, deadline: Deadline) -> Result<Secret> {
    let child = KeeperChild::start(&words[0], &words[1..], None, |command| {
        keep_passwords_out(command);
        // A tool of ours then prints its error in the form that is read here.
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
    let (output, stderr) = streams.ok_or_else(|| Error::new(Exit::Unexpected, context))?;
    let stderr = collect(stderr);
    let secret = read_by(output, context, deadline)?;
    let status = wait_for_end(&child, context, deadline)?;
    let stderr = stderr.recv_timeout(deadline.or_after(STDERR_DELAY).remaining());
    let stderr = stderr.unwrap_or_default();
    // A tool of ours that fails prints no secret, and its error has none in it.
    let cause = Cause::find(&stderr).filter(|_| status != 0 && secret.expose().is_empty());
    let shown = match cause {
        Some(cause) => Some(format!("{}: {}", cause.tool, cause.message)),
        None => redacted(&stderr, &secret),
    };
    if let Some(shown) = &shown {
        log("info", "program_said", &format!("{context}: {shown}"));
    }
    let aside = shown.map_or_else(String::new, |shown| format!(" (it said: {shown})"));
    let program = &words[0];
    let (exit, failure) = match status {
        0 => return Ok(secret),
        127 => (
            Exit::Missing,
            format!("{program} is not installed, or not in PATH, or cannot be run"),
        ),
        129.. => (
            Exit::Unexpected,
            format!("the program died by signal {}{aside}", status - 128),
        ),
        other => (
            Exit::Config,
            format!("the program ended with status {other}{aside}"),
        ),
    };
    Err(Error::new(exit, format!("{context}: {failure}")))
}

/// Waits for a program that has closed its output to end; its status.
fn wait_for_end(child: &KeeperChild, context: &str, deadline: Deadline) -> Result<i32> {
    loop {
        let ended = child
            .try_wait()
            .with_context(|| context.to_owned())
            .or_exit(Exit::Unexpected)?;
        if let Some(status) = ended {
            return Ok(keeper::status_number(status));
        }
        if !deadline.pause(Duration::from_millis(1)) {
            let message = format!("{context}: the program does not end");
            return Err(Error::new(Exit::TimedOut, message));
        }
    }
}

/// Reads a program's stderr to its end, so that the program never waits for us, and sends the beginning.
fn collect(mut stderr: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        let _ = stderr.by_ref().take(STDERR_KEPT).read_to_end(&mut kept);
        let _ = io::copy(&mut stderr, &mut io::sink());
        sender.send(kept)
    });
    receiver
}
