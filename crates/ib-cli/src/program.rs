//! Reading a secret from what a program prints.

use crate::children::keep_passwords_out;
use crate::error::{Error, OrExit, Result};
use crate::exit::Exit;
use crate::patience::in_time;
use crate::secret::Secret;
use anyhow::Context;
use ib_proc::{Deadline, Kept, keep};
use std::process::Stdio;
use std::time::Duration;

pub(crate) fn run_command(words: &[String], context: &str, deadline: Deadline) -> Result<Secret> {
    let child = Kept::start(&words[0], &words[1..], None, |command| {
        keep_passwords_out(command);
        // What a program says on stderr may quote the secret it handles.
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
    });
    let child = child
        .with_context(|| context.to_owned())
        .or_exit(Exit::Unexpected)?;
    let output = child.with(|child| child.stdout.take());
    let secret = in_time(
        output.ok_or_else(|| Error::new(Exit::Unexpected, context))?,
        context,
        deadline,
    )?;
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
    let failed = |exit, cause: String| Err(Error::new(exit, format!("{context}: {cause}")));
    match status {
        0 => Ok(secret),
        127 => failed(
            Exit::Missing,
            format!("{} is not installed, or not in PATH", words[0]),
        ),
        129.. => failed(
            Exit::Unexpected,
            format!("the program died by signal {}", status - 128),
        ),
        other => failed(
            Exit::Config,
            format!("the program ended with status {other}"),
        ),
    }
}
