//! One play: what `ibcstart.sh` has in the place of Java.

use super::course;
use super::end::IbcEnd;
use super::record::IbcRecord;
use super::running::RunningIbGateway;
use super::script::IbcScript;
use super::start::IbcStart;
use anyhow::Result;
use nix::sys::signal::{SigSet, Signal};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::{Arc, mpsc};
use std::thread;

/// What is no status of IBC's: the test is wrong.
const BROKEN: u8 = 99;

/// Plays until something ends it; the status.
pub(crate) fn run(start: IbcStart) -> ExitCode {
    play(start).unwrap_or_else(|error| {
        // Not to stderr, which ibcstart.sh throws away.
        let _ = writeln!(io::stdout(), "ib-standin: {error:#}");
        ExitCode::from(BROKEN)
    })
}

fn play(start: IbcStart) -> Result<ExitCode> {
    let record = IbcRecord::open(&start.layout)?;
    let script = IbcScript::read(&start.layout, record.earlier_starts)?;
    if script.ignores_term {
        let mut ignored = SigSet::empty();
        ignored.add(Signal::SIGTERM);
        // Before there are other threads, which would die of it.
        ignored.thread_block()?;
    }
    let (ends, ended) = mpsc::channel();
    let running = Arc::new(RunningIbGateway::new(start, script, record, ends));
    let played = Arc::clone(&running);
    thread::spawn(move || {
        if let IbcEnd::Exit(status) = course::run(&played) {
            played.end(status);
        }
    });
    // It is never closed, since `running` holds its other end.
    let status = ended.recv().unwrap_or_default();
    drop(running);
    Ok(ExitCode::from(status))
}
