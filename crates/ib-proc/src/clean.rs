//! Programs started clean: they inherit nothing of ours but what they are given.
//!
//! A program that runs for days must not hold our caller's pipe, begin with signals blocked because we read ours from a
//! descriptor, or write files that others can read. Between fork and exec only unsafe code could arrange that. So this
//! executable is started under a hidden name, arranges it, and becomes the program.

use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal};
use nix::sys::stat::{Mode, umask};
use nix::unistd::{close, dup2_stdin, getppid};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::IntoRawFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

/// The first argument that makes one of our programs become another.
pub const HIDDEN_NAME: &str = "__exec";

/// When the program begins.
const AT_ONCE: &str = "at-once";
const ON_LINE_FEED: &str = "on-line-feed";
/// At once, with what stdin is at [`INPUT`], and `/dev/null` as stdin.
const WITH_INPUT: &str = "with-input";

/// The descriptor at which [`with_input`] leaves what a program is to read and its own children, too.
pub const INPUT: u32 = 3;

/// What happens to a program when we die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It goes on.
    Outlives,
    /// The kernel kills it with us, even when we die by SIGKILL. To be started from the main thread: the kernel
    /// takes the end of the thread for ours.
    EndsWithUs,
}

/// A command for `program` in a process group of its own: no signal blocked, no descriptor above 2, umask 077.
///
/// Its pid is the program's. A program that cannot be started ends with 127 and a line on stderr, as a shell has it.
#[must_use]
pub fn command(program: &Path, arguments: &[OsString], life: Life) -> Command {
    beginning(program, arguments, life, AT_ONCE)
}

/// The same, for a program that begins when a line feed is written to its stdin, which is to be a pipe; the program itself
/// has `/dev/null` there.
///
/// If the pipe is closed before, the program never begins. So the caller can record the process in between: whenever we
/// are killed, no unrecorded program runs.
#[must_use]
pub fn waiting_command(program: &Path, arguments: &[OsString], life: Life) -> Command {
    beginning(program, arguments, life, ON_LINE_FEED)
}

/// The words with which this executable becomes `program` with what its stdin is at descriptor [`INPUT`].
///
/// For a script that starts others in the background, whose stdin a shell makes `/dev/null`.
#[must_use]
pub fn with_input(program: &str, arguments: &[String]) -> (String, Vec<String>) {
    let hidden = [HIDDEN_NAME, "0", WITH_INPUT, program].map(str::to_owned);
    let words = hidden.into_iter().chain(arguments.iter().cloned());
    ("/proc/self/exe".to_owned(), words.collect())
}

fn beginning(program: &Path, arguments: &[OsString], life: Life, when: &str) -> Command {
    let parent = match life {
        Life::Outlives => 0,
        Life::EndsWithUs => std::process::id(),
    };
    let mut command = Command::new("/proc/self/exe");
    command
        .arg(HIDDEN_NAME)
        .arg(parent.to_string())
        .arg(when)
        .arg(program)
        .args(arguments)
        .process_group(0);
    command
}

/// Becomes the program if this process was started for that; `None` if it was not, or it cannot.
pub(crate) fn run_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != HIDDEN_NAME {
        return None;
    }
    let parent: i32 = arguments.next()?.to_str()?.parse().ok()?;
    let when = arguments.next()?;
    let program = arguments.next()?;
    let error = become_program(Command::new(&program).args(arguments), parent, &when);
    // The caller's stderr is the program's log: the user looks there when the program does not run.
    let _ = writeln!(io::stderr(), "{}: {error}", program.to_string_lossy());
    Some(ExitCode::from(127))
}

fn become_program(command: &mut Command, parent: i32, when: &OsStr) -> io::Error {
    if parent != 0 {
        if let Err(error) = prctl::set_pdeathsig(Signal::SIGKILL) {
            return error.into();
        }
        if getppid().as_raw() != parent {
            return io::Error::other("its parent is gone");
        }
    }
    umask(Mode::S_IRWXG | Mode::S_IRWXO);
    close_above_2();
    if let Err(error) = SigSet::empty().thread_set_mask() {
        return error.into();
    }
    let ready = match when.to_str() {
        Some(ON_LINE_FEED) => wait_for_line_feed(),
        Some(WITH_INPUT) => move_input(),
        _ => Ok(()),
    };
    match ready {
        Ok(()) => command.exec(),
        Err(error) => error,
    }
}

fn wait_for_line_feed() -> io::Result<()> {
    io::stdin().read_exact(&mut [0])?;
    Ok(dup2_stdin(File::open("/dev/null")?)?)
}

/// What stdin is goes to [`INPUT`], which is the lowest that is free.
fn move_input() -> io::Result<()> {
    let input = nix::unistd::dup(io::stdin())?;
    // It is the program's, and stays open when this goes.
    let _ = input.into_raw_fd();
    Ok(dup2_stdin(File::open("/dev/null")?)?)
}

fn close_above_2() {
    let open = fs::read_dir("/proc/self/fd")
        .into_iter()
        .flatten()
        .flatten();
    let numbers: Vec<i32> = open
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|number| *number > 2)
        .collect();
    for number in numbers {
        // The descriptor that listed them closes when the list is dropped.
        let _ = close(number);
    }
}
