//! Why a conversation ended before it was complete.

use std::io;

/// Why a conversation ended before it was complete.
pub(crate) enum ProbeFailure {
    /// There is nobody to talk to; the sentence says why.
    Down(String),
    /// Nothing came before the deadline.
    TimedOut,
    /// The other end closed the connection.
    Closed,
    /// The client id is in use.
    IdTaken,
    /// What came is not what the TWS API says here; the sentence says what it was.
    Garbled(String),
}

impl ProbeFailure {
    /// What it means that reading or writing did not work.
    pub(crate) fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Self::TimedOut,
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Self::Closed,
            _ => Self::Down(error.to_string()),
        }
    }
}
