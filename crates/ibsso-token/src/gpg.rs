//! Have the installed gpg open a payload with the user's own keyring.

mod status;

pub(crate) use status::GpgStatusWord;

use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result, Secret, keep_passwords_out, read_capped};
use ib_proc::{Deadline, KeeperChild, keeper};
use status::GpgStatus;
use std::io::{self, Read, Write};
use std::process::Stdio;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

const OPENING: &str = "opening our own payload with gpg";

/// What gpg says of a payload, and what it decrypts.
pub(crate) struct GpgVerdict {
    pub(crate) reported: Vec<GpgStatusWord>,
    /// The fingerprint of the key or subkey that signed.
    pub(crate) signed_by: Option<String>,
    pub(crate) plaintext: Secret,
}

/// Has gpg decrypt and verify a message.
///
/// The passphrase stands on stdin before the message, and gpg reads only its line. So no argument, variable or file
/// holds a secret.
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
        // gpg does not ask for a passphrase. If the agent does not remember it, gpg reports it as missing.
        None => &["--pinentry-mode", "error"],
    };
    let quiet = ["--batch", "--no-tty", "--status-fd", "2"];
    // The key is the user's own. Its trust, and what a key server knows of it, do not matter here.
    let alone = ["--trust-model", "always", "--no-auto-key-retrieve"];
    let arguments = [&quiet[..], &alone, ways, &["--decrypt"]].concat();
    let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
    let gpg = KeeperChild::start("gpg", &arguments, None, |command| {
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
        // gpg stops reading at the first thing that it cannot use. Its status lines say why.
        thread::spawn(move || stdin.write_all(input.expose()));
    }
    let stdout = read(stdout);
    let stderr = read(stderr);
    let plaintext = await_end(&stdout, deadline)?;
    let status = await_end(&stderr, deadline)?;
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

/// Reads a stream to its end in a thread of its own, so that gpg can go on with its other streams.
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

/// Waits until gpg ends, and checks that it ran. Its status lines explain why it failed, if it did.
fn check_ended(gpg: &KeeperChild, deadline: Deadline) -> Result<()> {
    let failed = |exit, why: &str| Err(Error::new(exit, format!("{OPENING}: {why}")));
    loop {
        let ended = gpg.try_wait().context(OPENING).or_exit(Exit::Unexpected)?;
        match ended.map(keeper::status_number) {
            Some(127) => return failed(Exit::Missing, "it is not installed, or not in PATH"),
            Some(129..) => return failed(Exit::Unexpected, "it died by a signal"),
            Some(_) => return Ok(()),
            // gpg has closed its streams, so it ends soon.
            None if deadline.pause(Duration::from_millis(1)) => {}
            None => return failed(Exit::TimedOut, "it does not end"),
        }
    }
}
