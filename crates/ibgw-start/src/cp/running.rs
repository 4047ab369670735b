//! A Gateway that was started and is still ours to end.

use crate::cp::gateway_log::GatewayLog;
use crate::cp::launch::{Launch, MAIN_CLASS};
use anyhow::Context;
use ib_cli::{Exit, OrExit, Result, keep_passwords_out};
use ib_proc::clean;
use ib_proc::{Deadline, Identity, Undo, descendants, keep};
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long it may take to end by SIGTERM; it takes 0.4 s (seen with build a27ed42).
pub const GRACE: Duration = Duration::from_secs(5);

/// The program that was started: Java, or a shell above it. Empty when somebody else waits for its end.
type Started = Mutex<Option<Child>>;

/// A running Gateway; dropping it ends it.
pub struct RunningGateway {
    child: Arc<Started>,
    /// Java's own process; `None` when it ended before it could be looked at.
    pub identity: Option<Identity>,
    pub since: Instant,
    undo: Undo,
}

impl RunningGateway {
    /// Starts the program with nothing of ours, all it prints going to the log; it begins only when it is remembered.
    pub fn launch(
        launch: &Launch,
        log: &GatewayLog,
        remember: impl FnOnce(&Identity) -> Result<()>,
        deadline: Deadline,
    ) -> Result<Self> {
        let mut command = clean::waiting_command(&launch.program, &launch.arguments, launch.life);
        keep_passwords_out(&mut command);
        command
            .current_dir(&launch.folder)
            .stdin(Stdio::piped())
            .stdout(log.stream()?)
            .stderr(log.stream()?);
        if let Some(path) = &launch.path {
            command.env("PATH", path);
        }
        // These speak to us: Java is not to answer in our place.
        for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] {
            command.env_remove(name);
        }
        let child = Arc::new(Started::default());
        let ending = Arc::clone(&child);
        // Registered before there is anything to end: a signal waits for the lock, so none comes between.
        let mut place = locked(&child);
        let undo = Undo::new(move || {
            end(&ending, None);
        });
        let since = Instant::now();
        let started = command
            .spawn()
            .with_context(|| format!("starting {}", launch.program.display()))
            .or_exit(Exit::Unexpected);
        match started {
            Ok(started) => *place = Some(started),
            Err(error) => {
                drop(place);
                undo.forget();
                return Err(error);
            }
        }
        drop(place);
        let mut running = Self {
            child,
            identity: None,
            since,
            undo,
        };
        if let Some(waiting) = running.waiting(launch) {
            remember(&waiting)?;
        }
        running.begin()?;
        running.identity = running.look_for_java(deadline);
        Ok(running)
    }

    /// The process as it will be when it has begun; `None` when it has ended.
    fn waiting(&self, launch: &Launch) -> Option<Identity> {
        let pid = locked(&self.child).as_ref().map(Child::id)?;
        let arguments = launch.arguments.iter().map(OsString::as_os_str);
        let words = std::iter::once(launch.program.as_os_str()).chain(arguments);
        let command = words.map(|word| word.to_string_lossy().into_owned());
        Some(Identity {
            command: command.collect(),
            ..Identity::of(pid)?
        })
    }

    /// Lets it begin.
    fn begin(&self) -> Result<()> {
        let stdin = locked(&self.child)
            .as_mut()
            .and_then(|child| child.stdin.take());
        // One that has ended in the meantime does not read: that is found out, and said, when it is waited for.
        let written = stdin.map_or(Ok(()), |mut stdin| stdin.write_all(b"\n"));
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error)
                .context("starting Java")
                .or_exit(Exit::Unexpected),
            _ => Ok(()),
        }
    }

    /// Waits until the process has become Java: the one that `--stop` has to know.
    fn look_for_java(&self, deadline: Deadline) -> Option<Identity> {
        let pid = locked(&self.child).as_ref().map(Child::id)?;
        loop {
            let found = tree(pid).into_iter().find(|process| {
                let is = |word: &str| process.command.iter().any(|argument| argument == word);
                is(MAIN_CLASS) && !is(clean::HIDDEN_NAME)
            });
            // Two `exec`s away, so this is a matter of milliseconds.
            if found.is_some() || self.exit().is_some() || !deadline.pause(Duration::from_millis(1))
            {
                return found;
            }
        }
    }

    /// Its exit status, once it has ended.
    pub fn exit(&self) -> Option<i32> {
        let mut child = locked(&self.child);
        let status = child.as_mut()?.try_wait().ok()??;
        Some(keep::status_number(status))
    }

    /// Ends it; its exit status.
    pub fn end(self) -> Option<i32> {
        end(&self.child, self.identity.as_ref());
        let exit = self.exit();
        self.undo.forget();
        exit
    }

    /// Leaves it to run without us.
    pub fn leave(self) {
        self.undo.forget();
    }

    /// Hands it over to whoever will wait for its end, and what to do when we are told to end.
    pub fn hold(self, when_told: impl FnOnce(&Identity) + Send + 'static) -> Option<(Child, Undo)> {
        // The child last: until it is taken, a return ends it.
        let identity = self.identity?;
        let child = locked(&self.child).take()?;
        let told = Undo::new(move || when_told(&identity));
        // Only when the new one stands, so that a signal always finds one.
        self.undo.forget();
        Some((child, told))
    }
}

fn locked(child: &Started) -> MutexGuard<'_, Option<Child>> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends our child and all below it; `java` is one that may have lost its parent.
fn end(child: &Started, java: Option<&Identity>) {
    // A process that becomes another between two looks is not the one that was looked at: then it takes one more.
    for _ in 0..5 {
        let mut place = locked(child);
        let Some(child) = place.as_mut() else { break };
        let (pid, has_ended) = (child.id(), !matches!(child.try_wait(), Ok(None)));
        drop(place);
        if has_ended {
            break;
        }
        let _ = Identity::of(pid).map(|process| process.end_with_all_below(GRACE));
    }
    let _ = java.map(|java| java.end(GRACE));
}

/// A process and all below it, parents before children.
fn tree(pid: u32) -> Vec<Identity> {
    let pids = std::iter::once(pid).chain(descendants::of(pid));
    pids.filter_map(Identity::of).collect()
}
