//! Children that end with us, and everything they started with them.
//!
//! A driver starts a browser, the browser starts a dozen processes, and a SIGKILL of any of them leaves the rest.
//! So a child is started by a keeper: this executable under a hidden name. The keeper becomes the reaper of all processes
//! below it (`PR_SET_CHILD_SUBREAPER`, prctl(2)). It ends them when the child ends, when it gets a signal, or when we die.

use crate::clean::{self, Life};
use crate::deadline::Deadline;
use crate::descendants;
use crate::folder;
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getppid};
use std::ffi::OsString;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::undo::Undo;

/// The first argument that makes one of our programs a keeper.
pub const HIDDEN_NAME: &str = "__keep";

/// How long a child may take to end by SIGTERM before everything below its keeper gets SIGKILL.
const GRACE: Duration = Duration::from_millis(500);

/// A running child under its keeper; dropping it ends the child and all it started.
pub struct KeeperChild {
    keeper: Arc<Mutex<Child>>,
    _end: Undo,
}

impl KeeperChild {
    /// Starts `program` under a keeper; `set_up` gives streams and environment.
    ///
    /// What they leave in `folder` is removed with them, even when we are killed.
    ///
    /// To be called from the main thread: the kernel ends the keeper with the thread that started it.
    ///
    /// # Errors
    /// When this executable cannot be started again. A `program` that cannot be started ends the keeper with
    /// status 127, as a shell has it.
    pub fn start(
        program: &str,
        arguments: &[String],
        folder: Option<&Path>,
        set_up: impl FnOnce(&mut Command) -> &mut Command,
    ) -> io::Result<Self> {
        let mut command = Command::new("/proc/self/exe");
        command
            .arg(HIDDEN_NAME)
            .arg(std::process::id().to_string())
            .arg(folder.unwrap_or(Path::new("")))
            .arg(program)
            .args(arguments);
        // A group of its own, so that an interrupt typed at the terminal reaches us first.
        let child = set_up(&mut command).process_group(0).spawn()?;
        let keeper = Arc::new(Mutex::new(child));
        let ended = Arc::clone(&keeper);
        Ok(Self {
            keeper,
            _end: Undo::new(move || end(&ended)),
        })
    }

    /// Does something with the child's streams.
    pub fn with<T>(&self, action: impl FnOnce(&mut Child) -> T) -> T {
        action(
            &mut self
                .keeper
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }

    /// Asks the child to end; only the drop waits for that.
    pub fn begin_to_end(&self) {
        self.with(|keeper| {
            // One that has been waited for has no pid any more.
            if matches!(keeper.try_wait(), Ok(None)) {
                let _ = descendants::send(keeper.id(), Signal::SIGTERM);
            }
        });
    }

    /// The status of the child, once it and all it started have ended; `None` while it runs.
    ///
    /// # Errors
    /// When the kernel cannot say.
    pub fn try_wait(&self) -> io::Result<Option<ExitStatus>> {
        self.with(Child::try_wait)
    }
}

fn end(keeper: &Mutex<Child>) {
    let mut child = keeper
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    // One that has been waited for has no pid any more.
    if !matches!(child.try_wait(), Ok(None)) {
        return;
    }
    let deadline = Deadline::after(4 * GRACE);
    let _ = descendants::send(child.id(), Signal::SIGTERM);
    while matches!(child.try_wait(), Ok(None)) {
        // The end of a child cannot be waited for with a limit without a handler for SIGCHLD.
        if !deadline.pause(Duration::from_millis(5)) {
            descendants::kill_all(child.id());
            let _ = child.kill();
            let _ = child.wait();
            return;
        }
    }
}

/// Acts as a keeper if this process was started as one; `None` if it was not.
pub(crate) fn run_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != HIDDEN_NAME {
        return None;
    }
    let parent: i32 = arguments.next()?.to_str()?.parse().ok()?;
    let folder = arguments.next()?;
    let program = arguments.next()?;
    let arguments: Vec<OsString> = arguments.collect();
    // Clean: it must not inherit the signals that a keeper blocks, and must end with its keeper.
    let mut command = clean::command(Path::new(&program), &arguments, Life::EndsWithUs);
    let status = keep(&mut command, Pid::from_raw(parent)).unwrap_or(ExitCode::from(127));
    if !folder.is_empty() {
        folder::remove(Path::new(&folder));
    }
    Some(status)
}

fn keep(command: &mut Command, parent: Pid) -> io::Result<ExitCode> {
    let signals: SigSet = [
        Signal::SIGTERM,
        Signal::SIGINT,
        Signal::SIGHUP,
        Signal::SIGCHLD,
    ]
    .into_iter()
    .collect();
    signals.thread_block()?;
    let descriptor = SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC)?;
    prctl::set_child_subreaper(true)?;
    prctl::set_pdeathsig(Signal::SIGTERM)?;
    if getppid() != parent {
        return Ok(ExitCode::from(128 + Signal::SIGTERM as u8));
    }
    let child = command.spawn()?.id();
    let status = loop {
        let signal = descriptor.read_signal()?.map(|info| info.ssi_signo);
        if let Some(status) = reap(child) {
            break status;
        }
        if signal != Some(Signal::SIGCHLD as u32) {
            let _ = descendants::send(child, Signal::SIGTERM);
            break wait_for(child, Deadline::after(GRACE));
        }
    };
    end_all_below();
    Ok(ExitCode::from(status))
}

/// Collects every child that has ended; the status of `child` if it is among them.
fn reap(child: u32) -> Option<u8> {
    let mut found = None;
    loop {
        let (pid, status) = match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(pid, code)) => (pid, u8::try_from(code).unwrap_or(1)),
            Ok(WaitStatus::Signaled(pid, signal, _)) => (pid, 128 + signal as u8),
            Ok(WaitStatus::StillAlive) | Err(_) => return found,
            Ok(_) => continue,
        };
        if pid.as_raw().unsigned_abs() == child {
            found = Some(status);
        }
    }
}

fn wait_for(child: u32, deadline: Deadline) -> u8 {
    loop {
        if let Some(status) = reap(child) {
            return status;
        }
        if !deadline.pause(Duration::from_millis(5)) {
            return 128 + Signal::SIGKILL as u8;
        }
    }
}

fn end_all_below() {
    // Killing a process may hand us children it was just starting, so this goes on until none is left.
    let deadline = Deadline::after(2 * GRACE);
    while descendants::kill_all(std::process::id()) > 0 && deadline.pause(Duration::from_millis(5))
    {
        reap(0);
    }
    reap(0);
}

/// A child's status as one number: its exit code, or 128 and the signal that ended it.
#[must_use]
pub fn status_number(status: ExitStatus) -> i32 {
    status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}
