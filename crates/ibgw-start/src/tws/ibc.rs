//! IBC as it runs: started, told to end, ended.

use crate::service::programs;
use crate::tws::config_file::ConfigFile;
use crate::tws::display::Display;
use crate::tws::place::Installed;
use anyhow::Context;
use ib_cli::{Exit, OrExit, Result, warn};
use ib_proc::{Deadline, KeptChild, Undo, clean, descendants, keep, narrow_pipe};
use ib_tws::{GatewayLauncher, Ibc, IbcCommand, command};
use std::fs::File;
use std::io;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

/// How long IB Gateway may take to close once it is logged in: one that is killed may hold its place at IBKR for hours.
const CLOSING: Duration = Duration::from_secs(60);

/// How long the command server may take to answer.
const ANSWERING: Duration = Duration::from_secs(5);

/// How long it may take to end by SIGTERM.
const TERMINATING: Duration = Duration::from_secs(10);

/// IBC, its script and IB Gateway below it.
pub struct RunningIbc {
    kept: Arc<KeptChild>,
    told: Arc<AtomicBool>,
    told_by_signal: Undo,
}

impl RunningIbc {
    /// Starts the script; what it and all below it print comes by the descriptor that is returned.
    ///
    /// From here on a signal closes it, and `told` says so.
    pub fn start(
        place: &Installed,
        config: &ConfigFile,
        display: &Display,
        command_port: u16,
        told: &Arc<AtomicBool>,
    ) -> Result<(Self, impl io::Read + use<>)> {
        let starting = || format!("starting IBC of {}", place.version);
        // Narrow, so that IBC waits until we read: between the reading of its configuration and the next Java of its
        // script more than a page is printed (the properties of the one, the command of the other), and by then the
        // password is out of the file.
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
        // A release that was unzipped by a plain tool has lost the mark of a program.
        let bash = programs::find("bash", "IBC's script needs it")?;
        let script = Ibc.program(&place.place()).into_os_string();
        let words = std::iter::once(script).chain(Ibc.arguments(&place.place()));
        let words: Vec<String> = words
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        let (program, words) = clean::with_input(&bash.to_string_lossy(), &words);
        let kept = KeptChild::start(&program, &words, None, |command| {
            set_up(command, display, file)
                .stdout(ours)
                .stderr(errors)
                .current_dir(&place.settings_dir)
        });
        let kept = Arc::new(kept.with_context(starting).or_exit(Exit::Unexpected)?);
        let (ended, told) = (Arc::clone(&kept), Arc::clone(told));
        let telling = Arc::clone(&told);
        let undo = Undo::new(move || {
            telling.store(true, Ordering::SeqCst);
            close(&ended, command_port);
            // The one that waits for it has something to say at the end.
            ib_proc::undo::go_on();
        });
        let running = Self {
            kept,
            told,
            told_by_signal: undo,
        };
        Ok((running, output))
    }

    /// The script's status once it and all below it have ended.
    pub fn status(&self) -> Option<i32> {
        self.kept.try_wait().ok()?.map(keep::status_number)
    }

    /// Whether somebody has told us to end it.
    pub fn is_told(&self) -> bool {
        self.told.load(Ordering::SeqCst)
    }

    /// Lets it close, since it is logged in.
    pub fn close(self, command_port: u16) -> Option<i32> {
        close(&self.kept, command_port);
        self.gone()
    }

    /// Ends it at once: whatever tells IB Gateway alone to end leaves IBC's script to start it again, and to type the
    /// login again.
    pub fn kill(self) -> Option<i32> {
        let keeper = self.kept.with(|child| child.id());
        let deadline = Deadline::after(TERMINATING);
        while matches!(self.kept.try_wait(), Ok(None)) && deadline.pause(Duration::from_millis(5)) {
            descendants::kill_all(keeper);
        }
        self.gone()
    }

    /// The status of what has ended.
    fn gone(self) -> Option<i32> {
        let status = self.status();
        // Forgotten, not dropped: it would undo, and the keeper with it, each of them waiting for the other.
        self.told_by_signal.forget();
        status
    }
}

fn set_up<'a>(command: &'a mut Command, display: &Display, config: File) -> &'a mut Command {
    programs::clean_environment(command)
        .env("DISPLAY", &display.name)
        .env("XAUTHORITY", &display.authority)
        .stdin(Stdio::from(config))
}

/// STOP, then SIGTERM to all of it, then SIGKILL by the keeper.
fn close(kept: &KeptChild, command_port: u16) {
    let is_gone = |deadline: Deadline| loop {
        if !matches!(kept.try_wait(), Ok(None)) {
            return true;
        }
        // The end of a child cannot be waited for with a limit without a handler for SIGCHLD.
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
        "IB Gateway did not close by itself: it may hold its place at IBKR for hours",
    );
    let keeper = kept.with(|child| child.id());
    descendants::terminate_all(keeper);
    if !is_gone(Deadline::after(TERMINATING)) {
        kept.begin_to_end();
        is_gone(Deadline::after(TERMINATING));
    }
}

/// The lines of what it prints, and its end, in one place to wait at.
pub fn wait_for_line(lines: &mpsc::Receiver<String>, wait: Duration) -> IbcNews {
    match lines.recv_timeout(wait) {
        Ok(line) => IbcNews::Line(line),
        Err(mpsc::RecvTimeoutError::Timeout) => IbcNews::Nothing,
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            // It closed its output and goes on, or is just ending.
            thread::sleep(wait.min(Duration::from_millis(20)));
            IbcNews::Nothing
        }
    }
}

/// What was printed and not heard yet; `None` when it does not end in time.
///
/// To be asked for when all that prints has ended.
pub fn rest_of(lines: &mpsc::Receiver<String>, deadline: Deadline) -> Option<Vec<String>> {
    let mut rest = Vec::new();
    loop {
        match lines.recv_timeout(deadline.remaining()) {
            Ok(line) => rest.push(line),
            Err(mpsc::RecvTimeoutError::Disconnected) => return Some(rest),
            Err(mpsc::RecvTimeoutError::Timeout) => return None,
        }
    }
}

/// What was heard.
pub enum IbcNews {
    Line(String),
    Nothing,
}
