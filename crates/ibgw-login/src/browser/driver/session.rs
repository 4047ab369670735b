//! What is asked of a driver beside the login: whose it is, and that it ends a session of ours.
//!
//! By hand, in a few lines of HTTP: a session is ended when nothing asynchronous runs any more, on a signal too.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long a driver may take to answer; ending a session ends its browser first.
const PATIENCE: Duration = Duration::from_secs(5);

/// The answer to `GET /status`.
///
/// # Errors
/// When nothing answers there.
pub fn status(driver: SocketAddr) -> io::Result<String> {
    ask(driver, "GET", "/status")
}

/// Ends a session and its browser; one that is gone is left alone.
pub fn end(driver: SocketAddr, id: &str) {
    let _ = ask(driver, "DELETE", &format!("/session/{id}"));
}

fn ask(driver: SocketAddr, method: &str, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&driver, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {driver}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    // A driver that keeps the connection open has said all it will.
    match stream.take(64 * 1024).read_to_end(&mut answer) {
        Err(error) if answer.is_empty() => Err(error),
        _ => Ok(String::from_utf8_lossy(&answer).into_owned()),
    }
}
