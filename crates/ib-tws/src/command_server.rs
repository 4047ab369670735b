//! IBC's command server: one command on a line, and one answer.
//!
//! Source: IbcAlpha/IBC 3.24, `CommandDispatcher.java`, `StopTask.java` and `RestartTask.java`.

use crate::connection::ProbeFailure;
use ib_cli::{Error, Exit, Result};
use ib_proc::Deadline;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// A command to IBC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IbcCommand {
    /// End: before the login at once, after it by IB Gateway's own menu.
    Stop,
    /// Start again by token; it moves the time of the daily restart to the next minute.
    Restart,
    /// The same, but only end, and leave the token for the next start.
    Pause,
    /// Let TWS serve its API, which a new TWS does not.
    EnableApi,
}

/// What IBC answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IbcReply {
    /// IBC begins; its words, without its `OK`.
    Accepted(String),
    /// IBC is carrying out the same command already; or, of a restart and a pause, the other one.
    InProgress,
}

impl IbcCommand {
    fn word(self) -> &'static str {
        match self {
            Self::Stop => "STOP",
            Self::Restart => "RESTART",
            Self::Pause => "PAUSE",
            Self::EnableApi => "ENABLEAPI",
        }
    }
}

/// More than IBC ever says before and with its answer.
const LONGEST: usize = 4096;

/// Sends a command to the IBC whose command server has this port on 127.0.0.1; gives its answer.
///
/// IBC answers when it begins, not when it is done.
///
/// # Errors
/// Nothing listens, no answer comes in time, or IBC does not do it.
pub fn command(port: u16, command: IbcCommand, deadline: Deadline) -> Result<IbcReply> {
    let asked = ask(port, command, deadline);
    asked.map_err(|failure| {
        error(&failure).within(format!(
            "telling IBC on 127.0.0.1:{port} to {}",
            command.word().to_ascii_lowercase()
        ))
    })
}

fn ask(
    port: u16,
    command: IbcCommand,
    deadline: Deadline,
) -> std::result::Result<IbcReply, ProbeFailure> {
    let place = (Ipv4Addr::LOCALHOST, port).into();
    let mut stream = TcpStream::connect_timeout(&place, left(deadline)?).map_err(failed)?;
    stream
        .set_write_timeout(Some(left(deadline)?))
        .and_then(|()| stream.write_all(format!("{}\n", command.word()).as_bytes()))
        .map_err(failed)?;
    let mut received = Vec::new();
    loop {
        if let Some(answer) = answer(&received) {
            return answer;
        }
        if received.len() >= LONGEST {
            return Err(ProbeFailure::Garbled(format!(
                "it says more than {LONGEST} bytes"
            )));
        }
        stream
            .set_read_timeout(Some(left(deadline)?))
            .map_err(failed)?;
        let mut bytes = [0; 512];
        match stream.read(&mut bytes) {
            Ok(0) => return Err(ProbeFailure::Closed),
            Ok(size) => received.extend_from_slice(&bytes[..size]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

/// The first whole line that is more than information.
fn answer(received: &[u8]) -> Option<std::result::Result<IbcReply, ProbeFailure>> {
    let (whole, _) = received.split_at(received.iter().rposition(|&byte| byte == b'\n')?);
    let whole = String::from_utf8_lossy(whole);
    let mut lines = whole.lines().map(str::trim);
    let line = lines.find(|line| !line.is_empty() && !line.starts_with("INFO "))?;
    Some(match line.strip_prefix("OK") {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => {
            Ok(IbcReply::Accepted(rest.trim().to_owned()))
        }
        // RestartTask.java and StopTask.java, each with the verb of the command that is refused.
        _ if line.starts_with("ERROR ") && line.ends_with(" already in progress") => {
            Ok(IbcReply::InProgress)
        }
        _ => Err(ProbeFailure::Garbled(format!("it answers {line:?}"))),
    })
}

fn left(deadline: Deadline) -> std::result::Result<Duration, ProbeFailure> {
    let left = deadline.remaining();
    if left.is_zero() {
        Err(ProbeFailure::TimedOut)
    } else {
        Ok(left)
    }
}

fn failed(error: std::io::Error) -> ProbeFailure {
    ProbeFailure::of(&error)
}

fn error(failure: &ProbeFailure) -> Error {
    match failure {
        ProbeFailure::Down(why) => Error::new(
            Exit::Down,
            format!("{why} (is it running, with this as its --command-port?)"),
        ),
        ProbeFailure::TimedOut => Error::new(
            Exit::TimedOut,
            "it does not answer in time (does it hang? a signal ends it)",
        ),
        ProbeFailure::Garbled(what) => Error::new(
            Exit::Unexpected,
            format!(
                "{what} (is it IBC that listens there, and does its window wait for something?)"
            ),
        ),
        ProbeFailure::Closed | ProbeFailure::IdTaken => Error::new(
            Exit::Unexpected,
            "it closes the connection without an answer (is it ending already?)",
        ),
    }
}

#[cfg(test)]
mod tests;
