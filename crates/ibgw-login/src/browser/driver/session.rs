//! Two requests to a driver beside the login: which family it is of, and the end of our session.
//!
//! A few lines of HTTP by hand: the session ends when nothing asynchronous runs any more, on a signal too.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long a driver may take to answer: it ends the browser before it answers the end of a session.
const PATIENCE: Duration = Duration::from_secs(5);

/// More bytes than any answer has.
const ANSWER_LIMIT: u64 = 64 * 1024;

/// The answer to `GET /status`.
///
/// # Errors
/// When nothing answers there.
pub(crate) fn status(driver: SocketAddr) -> io::Result<String> {
    ask(driver, "GET", "/status")
}

/// Ends a session and its browser. A session that is gone is no error.
pub(crate) fn end(driver: SocketAddr, id: &str) {
    let _ = ask(driver, "DELETE", &format!("/session/{id}"));
}

fn ask(driver: SocketAddr, method: &str, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&driver, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // In one piece: a driver that has read enough may answer and close.
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {driver}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    // Up to the announced length: chromedriver leaves the connection open.
    let mut reader = BufReader::new(stream.take(ANSWER_LIMIT));
    let mut length = 0;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 && !line.trim_end().is_empty() {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        line.clear();
    }
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body)?;
    Ok(body)
}
