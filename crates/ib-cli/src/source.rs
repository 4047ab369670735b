//! Reading a secret from where a reference says it is.

use crate::error::{Error, OrExit, Result};
use crate::exit::Exit;
use crate::messages::warn;
use crate::read::read_capped;
use crate::reference::Reference;
use crate::secret::Secret;
use anyhow::Context;
use ib_proc::{Deadline, Kept, is_in_memory, keep};
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

/// Who else may read the file a secret is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readable {
    /// Say nothing of who can read it: for encrypted files and public keys.
    Anyone,
    /// Warn if others can read it.
    Warned,
    /// Refuse it if others can read it: for private keys.
    Refused,
}

impl Readable {
    /// For private keys: refused, unless the caller allows it with `--allow-readable-key`.
    #[must_use]
    pub fn of_key(allow_readable_key: bool) -> Self {
        match allow_readable_key {
            true => Self::Warned,
            false => Self::Refused,
        }
    }
}

/// Names that `env:` references read: children do not inherit them.
static READ_NAMES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Passwords in the environment of IBeam and of the IB Gateway images: children do not inherit them either.
const PASSWORD_NAMES: [&str; 9] = [
    "TWSPASSWORD",
    "TWS_PASSWORD",
    "TWS_PASSWORD_PAPER",
    "IB_PASSWORD",
    "IB_LIVE_PASSWORD",
    "IB_PAPER_PASSWORD",
    "VNC_PASSWORD",
    "VNC_SERVER_PASSWORD",
    "PASSWORD",
];

pub(crate) fn keep_from_children(name: &str) {
    READ_NAMES
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .push(name.to_owned());
}

/// Keeps what is secret in our environment out of a child's: `IBEAM_*`, the images' password names, names of `env:`.
pub fn keep_passwords_out(command: &mut Command) {
    let names = READ_NAMES
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    for name in names.iter().map(String::as_str).chain(PASSWORD_NAMES) {
        command.env_remove(name);
    }
    for (name, _) in
        std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("IBEAM_"))
    {
        command.env_remove(name);
    }
}

impl Reference {
    /// Reads the secret; `what` names it in errors ("the password").
    ///
    /// One line feed at the end is dropped. An empty secret is an error.
    ///
    /// # Errors
    /// `Config` when it cannot be read or is empty or too large, `Missing` when a program is not installed,
    /// `TimedOut` at the deadline, `Unexpected` when a program died, `Usage` for a scheme of `ibgw-secret` alone.
    pub fn read(&self, what: &str, readable: Readable, deadline: Deadline) -> Result<Secret> {
        let secret = self
            .read_as_it_is(what, readable, deadline)?
            .without_newline();
        match secret.expose() {
            [] => Err(Error::new(
                Exit::Config,
                format!("reading {what} from {self}: it is empty"),
            )),
            _ => Ok(secret),
        }
    }

    /// Reads the bytes with nothing dropped, for whole files such as keys.
    ///
    /// # Errors
    /// As [`Reference::read`], except that nothing is not an error.
    pub fn read_as_it_is(
        &self,
        what: &str,
        readable: Readable,
        deadline: Deadline,
    ) -> Result<Secret> {
        let context = || format!("reading {what} from {self}");
        match self {
            Self::Stdin => {
                static TAKEN: AtomicBool = AtomicBool::new(false);
                if TAKEN.swap(true, Ordering::Relaxed) {
                    let message = format!("{}: stdin can be read only once", context());
                    return Err(Error::new(Exit::Usage, message));
                }
                // Not as it is: its buffer stays until the process ends, with the secret in it.
                let unbuffered = io::stdin().as_fd().try_clone_to_owned();
                let unbuffered = unbuffered.with_context(context).or_exit(Exit::Config)?;
                in_time(File::from(unbuffered), &context(), deadline)
            }
            Self::File(path) => read_file(path, readable, &context(), deadline),
            Self::Descriptor(number) => {
                let path = PathBuf::from(format!("/proc/self/fd/{number}"));
                read_file(&path, readable, &context(), deadline)
            }
            Self::Environment(name) => {
                warn(
                    "secret_in_environment",
                    &format!("{what} is in the environment, where every child sees it"),
                );
                let value = std::env::var_os(name).ok_or_else(|| {
                    Error::new(
                        Exit::Config,
                        format!("{}: the variable is not set", context()),
                    )
                })?;
                Ok(Secret::new(value.into_encoded_bytes()))
            }
            Self::Credential(name) => {
                let folder = std::env::var_os("CREDENTIALS_DIRECTORY").ok_or_else(|| {
                    let cause = "CREDENTIALS_DIRECTORY is not set (is this a systemd unit with LoadCredential=?)";
                    Error::new(Exit::Config, format!("{}: {cause}", context()))
                })?;
                read_file(
                    &Path::new(&folder).join(name),
                    readable,
                    &context(),
                    deadline,
                )
            }
            Self::Command(words) => run_command(words, &context(), deadline),
            Self::Elsewhere { scheme, .. } => {
                let hint = format!(
                    "{scheme}: is read by ibgw-secret alone (ibgw-secret get {self} | this tool … -)"
                );
                Err(Error::new(Exit::Usage, format!("{}: {hint}", context())))
            }
        }
    }
}

fn read_file(path: &Path, readable: Readable, context: &str, deadline: Deadline) -> Result<Secret> {
    let place = path.to_owned();
    // Opening a FIFO waits for its writer, so it is opened where it can be waited for.
    let file = within(move || File::open(place), context, deadline)?;
    let about = file
        .metadata()
        .with_context(|| context.to_owned())
        .or_exit(Exit::Config)?;
    // A descriptor's own path says nothing of the file behind it, and its link has no permissions of its own.
    let place = match path.starts_with("/proc/self/fd") {
        true => fs::read_link(path).unwrap_or_else(|_| path.to_owned()),
        false => path.to_owned(),
    };
    if about.is_file() && about.mode() & 0o077 != 0 && !is_in_private_place(&place, &file) {
        let found = format!(
            "{context}: others can read the file (chmod 600 {})",
            place.display()
        );
        match readable {
            Readable::Refused => return Err(Error::new(Exit::Config, found)),
            Readable::Warned => warn("readable_by_others", &found),
            Readable::Anyone => {}
        }
    }
    if about.is_file() {
        return read_capped(file)
            .with_context(|| context.to_owned())
            .or_exit(Exit::Config);
    }
    in_time(file, context, deadline)
}

/// Whether whoever mounted the place has already decided who may read it.
fn is_in_private_place(path: &Path, file: &File) -> bool {
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY");
    is_in_memory(file)
        || path.starts_with("/run/secrets")
        || credentials.is_some_and(|folder| path.starts_with(folder))
}

fn run_command(words: &[String], context: &str, deadline: Deadline) -> Result<Secret> {
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

fn in_time(
    mut from: impl Read + Send + 'static,
    context: &str,
    deadline: Deadline,
) -> Result<Secret> {
    within(move || read_capped(&mut from), context, deadline)
}

/// Does something that may block for ever, but not for longer than we have.
fn within<T: Send + 'static>(
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
