//! Why no whole answer came.

mod refusal;

use std::error::Error as Cause;
use std::io;

/// Why no whole answer came.
#[derive(Debug)]
pub(crate) enum Failure {
    /// No connection: refused, no route, no such host.
    Down(String),
    /// A connection, and no TLS on it.
    Tls(String),
    /// TLS, with a certificate that is not accepted: asking again does not help.
    Untrusted(String),
    /// The deadline came; whether there was a connection to wait on.
    TimedOut { connected: bool },
    /// The connection ended before a whole answer had come: the server may have ended with it.
    Cut(String),
    /// Something that is no answer, or too much of one.
    Garbled(String),
}

impl Failure {
    /// The failure that an error of a request means; `connected` is whether there was a connection, with TLS on it.
    pub(crate) fn of(error: &reqwest::Error, connected: bool) -> Self {
        let root = root(error);
        if error.is_timeout() {
            return Self::TimedOut { connected };
        }
        if !error.is_connect() {
            return if is_cut(error) {
                Self::Cut(format!("the connection ended without an answer: {root}"))
            } else {
                Self::Garbled(format!("no answer that is HTTP: {root}"))
            };
        }
        match tls_error(error) {
            Some(rustls::Error::InvalidCertificate(why)) => {
                let why = refusal::words(why);
                Self::Untrusted(format!("TLS does not work: the server's certificate {why}"))
            }
            Some(tls) => Self::Tls(format!("TLS does not work: {tls}")),
            None if is_cut(error) => {
                Self::Tls("TLS does not work: the server closes the connection".to_owned())
            }
            None => Self::Down(root),
        }
    }

    /// Whether any of the request may have been sent: without a connection, or without TLS on it, nothing was.
    pub(crate) fn may_have_been_sent(&self) -> bool {
        match self {
            Self::Down(_) | Self::Tls(_) | Self::Untrusted(_) => false,
            Self::TimedOut { connected } => *connected,
            Self::Cut(_) | Self::Garbled(_) => true,
        }
    }

    pub(crate) fn cause(&self) -> &str {
        match self {
            Self::Down(cause)
            | Self::Tls(cause)
            | Self::Untrusted(cause)
            | Self::Cut(cause)
            | Self::Garbled(cause) => cause,
            Self::TimedOut { connected: true } => "no whole answer in time",
            Self::TimedOut { connected: false } => "no connection in time",
        }
    }
}

/// The innermost cause: what the kernel or the library below said.
fn root(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}

/// The causes, outermost first.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Cause + 'static)> {
    std::iter::successors(error.source(), |&cause| {
        // An io::Error that carries another error gives out that one's source, not itself.
        match cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(carried) => Some(carried),
            None => cause.source(),
        }
    })
}

fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Whether there was a connection that ended before what it was for.
fn is_cut(error: &reqwest::Error) -> bool {
    let is_end = |cause: &(dyn Cause + 'static)| match cause.downcast_ref::<io::Error>() {
        Some(cause) => matches!(
            cause.kind(),
            io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
        ),
        // hyper says the same without a cause (IncompleteMessage), in these words alone.
        None => cause.to_string() == "connection closed before message completed",
    };
    causes(error).any(is_end)
}
