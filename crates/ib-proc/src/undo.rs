//! What must be undone when the process ends, by return or by signal.

use nix::sys::signal::{SigSet, Signal, raise};
use nix::sys::signalfd::SignalFd;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

type Action = Box<dyn FnOnce() + Send>;

// A signal ends the process from a thread of its own, which must reach what the main thread has begun:
// hence the one list for the whole process.
static ACTIONS: Mutex<(u64, Vec<(u64, Action)>)> = Mutex::new((0, Vec::new()));

/// Whether a signal is ending the process.
static IS_ENDING: AtomicBool = AtomicBool::new(false);

/// How many steps are under way that no signal may cut short.
static UNFINISHED: AtomicUsize = AtomicUsize::new(0);

/// Held while something is being undone, so that a signal does not end the process in the middle of it.
static UNDOING: Mutex<()> = Mutex::new(());

/// One thing to undo: done when this is dropped, or before a signal ends the process, never twice.
#[must_use = "an Undo that is dropped at once undoes at once"]
pub struct Undo(u64);

impl Undo {
    /// Registers what is to be undone, the last registered first.
    pub fn new(action: impl FnOnce() + Send + 'static) -> Self {
        let mut actions = ACTIONS.lock().unwrap_or_else(PoisonError::into_inner);
        actions.0 += 1;
        let id = actions.0;
        actions.1.push((id, Box::new(action)));
        Self(id)
    }

    /// Whether it has been undone: only a signal does that while this lives.
    #[must_use]
    pub fn is_done(&self) -> bool {
        let actions = ACTIONS.lock().unwrap_or_else(PoisonError::into_inner);
        actions.1.iter().all(|(id, _)| *id != self.0)
    }

    /// There is nothing to undo any more.
    pub fn forget(self) {
        drop(self.take());
    }

    fn take(&self) -> Option<Action> {
        let mut actions = ACTIONS.lock().unwrap_or_else(PoisonError::into_inner);
        let place = actions.1.iter().position(|(id, _)| *id == self.0)?;
        Some(actions.1.remove(place).1)
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        let _undoing = UNDOING.lock().unwrap_or_else(PoisonError::into_inner);
        // The other thread undoes all in order: this one would undo the next thing before that thread has done the last.
        if !IS_ENDING.load(Ordering::SeqCst)
            && let Some(action) = self.take()
        {
            action();
        }
    }
}

/// While this is held, a signal undoes what is registered and does not end the process, however often it comes: the
/// process ends in its own time.
#[must_use = "one that is dropped at once holds nothing off"]
pub struct Unfinished(());

impl Unfinished {
    /// From here on; never, when a signal is ending the process already.
    pub fn begin() -> Self {
        loop {
            let undoing = UNDOING.lock().unwrap_or_else(PoisonError::into_inner);
            if !IS_ENDING.load(Ordering::SeqCst) {
                UNFINISHED.fetch_add(1, Ordering::SeqCst);
                return Self(());
            }
            drop(undoing);
            wait_if_ending();
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        UNFINISHED.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Lets SIGINT, SIGTERM and SIGHUP undo what is registered before the process dies by them.
///
/// To be called before the first thread and the first child: both would otherwise take the signal first. A second call
/// does nothing.
///
/// # Errors
/// When the kernel gives no signal descriptor.
pub fn on_signals() -> std::io::Result<()> {
    static IS_DONE: AtomicBool = AtomicBool::new(false);
    if IS_DONE.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    // What our caller ignores (nohup, a shell's background jobs) stays ignored: it would not end us either.
    let ignored = ignored()?;
    let signals: SigSet = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP]
        .into_iter()
        .filter(|signal| ignored & (1 << (*signal as i32 - 1)) == 0)
        .collect();
    signals.thread_block()?;
    let descriptor = SignalFd::new(&signals)?;
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            loop {
                if let Ok(Some(info)) = descriptor.read_signal()
                    && let Ok(number) = i32::try_from(info.ssi_signo)
                    && let Ok(signal) = Signal::try_from(number)
                {
                    end_by(signal);
                }
            }
        })?;
    Ok(())
}

/// The signals that this process was started to ignore, one bit each, as proc(5) has it.
fn ignored() -> std::io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    Ok(line
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default())
}

/// Returns, unless a signal is ending the process: a failure that only the undoing causes is not worth a report.
pub fn wait_if_ending() {
    while IS_ENDING.load(Ordering::SeqCst) {
        // Until the other thread ends the process, or lets it go on.
        thread::sleep(Duration::from_millis(10));
    }
}

/// Lets the process go on after the signal that is being handled: it was asked to end, and reports that it did.
///
/// To be called while undoing.
pub fn go_on() {
    IS_ENDING.store(false, Ordering::SeqCst);
}

fn end_by(signal: Signal) {
    IS_ENDING.store(true, Ordering::SeqCst);
    let _undoing = UNDOING.lock().unwrap_or_else(PoisonError::into_inner);
    undo_all();
    if UNFINISHED.load(Ordering::SeqCst) > 0 {
        go_on();
    }
    if IS_ENDING.load(Ordering::SeqCst) {
        die_by(signal);
    }
}

/// Dies by a signal, so that the parent sees which.
pub fn die_by(signal: Signal) {
    // No handler is ever installed here, so the unblocked signal takes its default action.
    let _ = SigSet::from(signal).thread_unblock();
    let _ = raise(signal);
}

fn undo_all() {
    loop {
        let last = ACTIONS
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .1
            .pop();
        match last {
            Some((_, action)) => action(),
            None => return,
        }
    }
}
