//! IBC while it runs: how it is started, closed and killed.

use crate::service::programs;
use crate::tws::clean_environment::clean_environment;
use crate::tws::config_file::ConfigFile;
use crate::tws::display::Display;
use crate::tws::installation::Installation;
use anyhow::Context;
use ib_cli::{Exit, OrExit, Result, warn};
use ib_proc::{Deadline, KeeperChild, Undo, clean, descendants, keeper, narrow_pipe};
use ib_tws::{GatewayLauncher, Ibc, IbcCommand, command};
use std::fs::File;
use std::io;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

/// How long IB Gateway may take to close once it is logged in. If it is killed, it may hold its place at IBKR for hours.
const CLOSING: Duration = Duration::from_secs(60);

/// How long the command server may take to answer.
const ANSWERING: Duration = Duration::from_secs(5);

/// How long the programs may take to end by SIGTERM.
const TERMINATING: Duration = Duration::from_secs(10);

/// IBC's script, with IBC and IB Gateway below it.
pub(crate) struct RunningIbc {
    kept: Arc<KeeperChild>,
    is_signalled: Arc<AtomicBool>,
    on_signal: Undo,
}

impl RunningIbc {
    /// Starts the script. The returned descriptor has what it and all programs below it print.
    ///
    /// From here on a signal closes IB Gateway, and sets `is_signalled`.
    pub(crate) fn start(
        installation: &Installation,
        config: &ConfigFile,
        display: &Display,
        command_port: u16,
        is_signalled: &Arc<AtomicBool>,
    ) -> Result<(Self, impl io::Read + use<>)> {
        let starting = || format!("starting IBC of {}", installation.version);
        // The pipe is narrow, so IBC waits until we read. Between the reading of its configuration and the next Java of its
        // script more than a page is printed (the properties of the one, the command of the other). By then the password
        // is out of the file.
        let (output, ours) = narrow_pipe()
            .with_context(starting)
            .or_exit(Exit::Unexpected)?;
        let errors = ours
            .try_clone()
            .with_context(starting)
            .or_exit(Exit::Unexpected)?;
        let file = config
            .open()
            .with_context(starting)
            .or_exit(Exit::Unexpected)?;
        // Run by bash: some tools that unzip a release lose the script's mode.
        let bash = programs::find("bash", "IBC's script needs it")?;
        let script = Ibc.program(&installation.paths()).into_os_string();
        let words = std::iter::once(script).chain(Ibc.arguments(&installation.paths()));
        let words: Vec<String> = words
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        let (program, words) = clean::with_input(&bash.to_string_lossy(), &words);
        let kept = KeeperChild::start(&program, &words, None, |command| {
            set_up(command, display, file)
                .stdout(ours)
                .stderr(errors)
                .current_dir(&installation.settings_dir)
        });
        let kept = Arc::new(kept.with_context(starting).or_exit(Exit::Unexpected)?);
        let closed = Arc::clone(&kept);
        let signalled = Arc::clone(is_signalled);
        let on_signal = Undo::new(move || {
            signalled.store(true, Ordering::SeqCst);
            close(&closed, command_port);
            // The supervisor still has its report to print.
            ib_proc::undo::go_on();
        });
        let running = Self {
            kept,
            is_signalled: Arc::clone(is_signalled),
            on_signal,
        };
        Ok((running, output))
    }

    /// The script's status, once it and all programs below it have ended.
    pub(crate) fn status(&self) -> Option<i32> {
        self.kept.try_wait().ok()?.map(keeper::status_number)
    }

    /// Whether a signal has told this process to end IB Gateway.
    pub(crate) fn is_signalled(&self) -> bool {
        self.is_signalled.load(Ordering::SeqCst)
    }

    /// Lets IB Gateway close: it may be logged in.
    pub(crate) fn close(self, command_port: u16) -> Option<i32> {
        close(&self.kept, command_port);
        self.into_status()
    }

    /// Ends everything at once. If only IB Gateway ended, IBC's script would start it again, and type the login again.
    pub(crate) fn kill(self) -> Option<i32> {
        let keeper = self.kept.with(|child| child.id());
        let deadline = Deadline::after(TERMINATING);
        while matches!(self.kept.try_wait(), Ok(None)) && deadline.pause(Duration::from_millis(5)) {
            descendants::kill_all(keeper);
        }
        self.into_status()
    }

    /// The status of the script that has ended.
    fn into_status(self) -> Option<i32> {
        let status = self.status();
        // Forgotten, not dropped: a drop would undo, and the keeper too, and each would wait for the other.
        self.on_signal.forget();
        status
    }
}

fn set_up<'a>(command: &'a mut Command, display: &Display, config: File) -> &'a mut Command {
    clean_environment(command)
        .env("DISPLAY", &display.name)
        .env("XAUTHORITY", &display.authority)
        .stdin(Stdio::from(config))
}

/// Sends STOP to IBC, then SIGTERM to all programs, then SIGKILL by the keeper.
fn close(kept: &KeeperChild, command_port: u16) {
    let is_gone = |deadline: Deadline| loop {
        if !matches!(kept.try_wait(), Ok(None)) {
            return true;
        }
        // Without a handler for SIGCHLD there is no wait for a child with a limit.
        if !deadline.pause(Duration::from_millis(20)) {
            return false;
        }
    };
    if is_gone(Deadline::after(Duration::ZERO)) {
        return;
    }
    if command(command_port, IbcCommand::Stop, Deadline::after(ANSWERING)).is_ok()
        && is_gone(Deadline::after(CLOSING))
    {
        return;
    }
    warn(
        "killed",
        "IB Gateway did not close in time: it may hold its place at IBKR for hours",
    );
    let keeper = kept.with(|child| child.id());
    descendants::terminate_all(keeper);
    if !is_gone(Deadline::after(TERMINATING)) {
        kept.begin_to_end();
        is_gone(Deadline::after(TERMINATING));
    }
}

/// The next line that is printed; `None` when none comes in time.
pub(crate) fn next_line(lines: &mpsc::Receiver<String>, wait: Duration) -> Option<String> {
    match lines.recv_timeout(wait) {
        Ok(line) => Some(line),
        Err(mpsc::RecvTimeoutError::Timeout) => None,
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            // The programs closed their output and run on, or are just ending.
            thread::sleep(wait.min(Duration::from_millis(20)));
            None
        }
    }
}

/// The lines that are left; `None` when they do not end in time.
///
/// Call it once all programs have ended.
pub(crate) fn rest_of(lines: &mpsc::Receiver<String>, deadline: Deadline) -> Option<Vec<String>> {
    let mut rest = Vec::new();
    loop {
        match lines.recv_timeout(deadline.remaining()) {
            Ok(line) => rest.push(line),
            Err(mpsc::RecvTimeoutError::Disconnected) => return Some(rest),
            Err(mpsc::RecvTimeoutError::Timeout) => return None,
        }
    }
}
