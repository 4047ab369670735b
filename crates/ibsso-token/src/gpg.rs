//! The gpg that is installed, asked to open a payload with the keyring of whoever runs us.

mod status;

pub use status::GpgStatusWord;

use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result, Secret, keep_passwords_out, read_capped};
use ib_proc::{Deadline, KeptChild, keep};
use status::GpgStatus;
use std::io::{self, Read, Write};
use std::process::Stdio;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

const OPENING: &str = "opening our own payload with gpg";

/// What gpg made of it.
pub(crate) struct GpgVerdict {
    pub(crate) reported: Vec<GpgStatusWord>,
    /// The fingerprint of the key or subkey that signed.
    pub(crate) signed_by: Option<String>,
    pub(crate) plaintext: Secret,
}

/// Lets gpg decrypt and verify.
///
/// The passphrase goes before the message on stdin, where gpg reads no more than its line: nothing secret is in an
/// argument, a variable or a file.
///
/// # Errors
/// `Missing` when gpg is not installed, `TimedOut` past the deadline, `Unexpected` when it dies.
pub(crate) fn open(
    message: &Secret,
    passphrase: Option<&Secret>,
    deadline: Deadline,
) -> Result<GpgVerdict> {
    let ways = match passphrase {
        Some(_) => &["--pinentry-mode", "loopback", "--passphrase-fd", "0"][..],
        // Nobody is asked: what the agent has not in its memory is missing.
        None => &["--pinentry-mode", "error"],
    };
    let quiet = ["--batch", "--no-tty", "--status-fd", "2"];
    // The key is one's own; whether it is trusted, and what else a server may know of it, is not the question.
    let alone = ["--trust-model", "always", "--no-auto-key-retrieve"];
    let arguments = [&quiet[..], &alone, ways, &["--decrypt"]].concat();
    let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
    let gpg = KeptChild::start("gpg", &arguments, None, |command| {
        keep_passwords_out(command);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
    });
    let gpg = gpg.context(OPENING).or_exit(Exit::Unexpected)?;
    let (stdin, stdout, stderr) =
        gpg.with(|child| (child.stdin.take(), child.stdout.take(), child.stderr.take()));
    let input = input(message, passphrase);
    if let Some(mut stdin) = stdin {
        // gpg stops reading at the first thing it cannot use, which is for its status to say.
        thread::spawn(move || stdin.write_all(input.expose()));
    }
    let (plaintext, status) = (read(stdout), read(stderr));
    let plaintext = await_end(&plaintext, deadline)?;
    let status = await_end(&status, deadline)?;
    check_ended(&gpg, deadline)?;
    let GpgStatus {
        reported,
        signed_by,
    } = GpgStatus::read(&String::from_utf8_lossy(status.expose()));
    Ok(GpgVerdict {
        reported,
        signed_by,
        plaintext,
    })
}

fn input(message: &Secret, passphrase: Option<&Secret>) -> Secret {
    let line = passphrase.map(|passphrase| passphrase.clone().with_newline());
    let line = line.as_ref().map(Secret::expose).unwrap_or_default();
    Secret::new([line, message.expose()].concat())
}

/// Reads a stream to its end, elsewhere, so that the others are not kept waiting.
fn read(stream: Option<impl Read + Send + 'static>) -> Receiver<io::Result<Secret>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let read = stream.map(read_capped);
        sender.send(read.unwrap_or_else(|| Err(io::ErrorKind::BrokenPipe.into())))
    });
    receiver
}

fn await_end(stream: &Receiver<io::Result<Secret>>, deadline: Deadline) -> Result<Secret> {
    match stream.recv_timeout(deadline.remaining()) {
        Ok(read) => read.context(OPENING).or_exit(Exit::Unexpected),
        Err(_) => Err(Error::new(
            Exit::TimedOut,
            format!("{OPENING}: it does not end"),
        )),
    }
}

/// Waits for the end of gpg; that it failed is for its status lines to explain.
fn check_ended(gpg: &KeptChild, deadline: Deadline) -> Result<()> {
    let failed = |exit, why: &str| Err(Error::new(exit, format!("{OPENING}: {why}")));
    loop {
        let ended = gpg.try_wait().context(OPENING).or_exit(Exit::Unexpected)?;
        match ended.map(keep::status_number) {
            Some(127) => return failed(Exit::Missing, "it is not installed, or not in PATH"),
            Some(129..) => return failed(Exit::Unexpected, "it died by a signal"),
            Some(_) => return Ok(()),
            // It has closed its streams and is about to end.
            None if deadline.pause(Duration::from_millis(1)) => {}
            None => return failed(Exit::TimedOut, "it does not end"),
        }
    }
}
