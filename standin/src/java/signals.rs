//! How Java ends by signals: with an exit code of its own, 128 and the signal's number.

use super::knobs;
use nix::sys::signal::{SigSet, Signal};
use std::sync::mpsc::Sender;
use std::thread;

/// Turns the ending signals into codes. To be called before any other thread exists, which would
/// otherwise die of them.
pub(crate) fn watch(ends: Sender<u8>) {
    let ending = [
        (Signal::SIGHUP, 129),
        (Signal::SIGINT, 130),
        (Signal::SIGTERM, 143),
    ];
    let mut watched = SigSet::empty();
    watched.add(Signal::SIGQUIT);
    ending.iter().for_each(|(signal, _)| watched.add(*signal));
    if watched.thread_block().is_err() {
        return;
    }
    thread::spawn(move || {
        while let Ok(signal) = watched.wait() {
            match ending.iter().find(|(ending, _)| *ending == signal) {
                Some((Signal::SIGTERM, _)) if knobs::ignore_term() => {}
                Some((_, code)) => {
                    let _ = ends.send(*code);
                }
                None => super::say("Full thread dump OpenJDK 64-Bit Server VM:"),
            }
        }
    });
}
