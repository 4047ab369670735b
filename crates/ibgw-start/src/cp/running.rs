//! A Gateway that this process started and still has to end.

use crate::cp::gateway_log::GatewayLog;
use crate::cp::launch::{Launch, MAIN_CLASS};
use anyhow::Context;
use ib_cli::{Exit, OrExit, Result, keep_passwords_out};
use ib_proc::clean;
use ib_proc::{Deadline, Identity, Undo, descendants, keeper};
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long the Gateway may take to end by SIGTERM; it takes 0.4 s (seen with build a27ed42).
pub(crate) const GRACE: Duration = Duration::from_secs(5);

/// The program that was started: Java, or a shell above it. Empty once another thread waits for its end.
type Started = Mutex<Option<Child>>;

/// A running Gateway; dropping it ends it.
pub(crate) struct RunningGateway {
    child: Arc<Started>,
    /// Java's own process; `None` when it ended before it could be looked at.
    pub(crate) identity: Option<Identity>,
    pub(crate) since: Instant,
    undo: Undo,
}

impl RunningGateway {
    /// Starts the program. All it prints goes to the log. It begins only once `remember` has recorded it.
    pub(crate) fn launch(
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
        // The service manager speaks to this process: Java must not answer in its place.
        for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] {
            command.env_remove(name);
        }
        let child = Arc::new(Started::default());
        let ending = Arc::clone(&child);
        // Registered before there is anything to end: a signal waits for the lock, so none comes in between.
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

    /// The process as it will be once it has begun; `None` when it has ended.
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

    /// Lets the program begin.
    fn begin(&self) -> Result<()> {
        let stdin = locked(&self.child)
            .as_mut()
            .and_then(|child| child.stdin.take());
        // A program that has ended in the meantime does not read. The wait for its answer finds that out.
        let written = stdin.map_or(Ok(()), |mut stdin| stdin.write_all(b"\n"));
        let has_ended = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        if written.as_ref().is_err_and(has_ended) {
            return Ok(());
        }
        written.context("starting Java").or_exit(Exit::Unexpected)
    }

    /// Waits until the process has become Java: `--stop` needs that one.
    fn look_for_java(&self, deadline: Deadline) -> Option<Identity> {
        let pid = locked(&self.child).as_ref().map(Child::id)?;
        loop {
            let found = tree(pid).into_iter().find(|process| {
                let is = |word: &str| process.command.iter().any(|argument| argument == word);
                is(MAIN_CLASS) && !is(clean::HIDDEN_NAME)
            });
            // Java is two `exec`s away, so this takes milliseconds.
            if found.is_some() || self.exit().is_some() || !deadline.pause(Duration::from_millis(1))
            {
                return found;
            }
        }
    }

    /// Its exit status, once it has ended.
    pub(crate) fn exit(&self) -> Option<i32> {
        let mut child = locked(&self.child);
        let status = child.as_mut()?.try_wait().ok()??;
        Some(keeper::status_number(status))
    }

    /// Ends the Gateway; the value is its exit status.
    pub(crate) fn end(self) -> Option<i32> {
        end(&self.child, self.identity.as_ref());
        let exit = self.exit();
        self.undo.forget();
        exit
    }

    /// Lets the Gateway run on without this process.
    pub(crate) fn leave(self) {
        self.undo.forget();
    }

    /// Hands the process over to the caller, who waits for its end. A signal calls `when_signalled`.
    pub(crate) fn hold(
        self,
        when_signalled: impl FnOnce(&Identity) + Send + 'static,
    ) -> Option<(Child, Undo)> {
        // The child is taken last: a return before that ends it.
        let identity = self.identity?;
        let child = locked(&self.child).take()?;
        let undo = Undo::new(move || when_signalled(&identity));
        // Only once the new one is registered, so that a signal always finds one.
        self.undo.forget();
        Some((child, undo))
    }
}

fn locked(child: &Started) -> MutexGuard<'_, Option<Child>> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends our child and all below it; `java` may have lost its parent.
fn end(child: &Started, java: Option<&Identity>) {
    // A process that calls `exec` between two looks is not recognised, and takes another round.
    for _ in 0..5 {
        let mut place = locked(child);
        let Some(child) = place.as_mut() else { break };
        let pid = child.id();
        let has_ended = !matches!(child.try_wait(), Ok(None));
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
