//! One plain HTTP/1.1 call on a connection of its own, without any time limit: the Gateway has
//! none either, and waits for its upstream as long as the client does.

use super::headers::{Headers, line};
use super::{HttpRequest, Response};
use std::io::{self, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Sends a request to `authority` (`HOST:PORT`) and reads the answer.
pub(crate) fn call(authority: &str, request: &HttpRequest) -> io::Result<Response> {
    exchange(TcpStream::connect(authority)?, request)
}

/// The same for the stand-in's own questions: what is no stand-in may not answer at all.
pub(crate) fn call_soon(authority: &str, request: &HttpRequest) -> io::Result<Response> {
    let socket = TcpStream::connect(authority)?;
    socket.set_read_timeout(Some(Duration::from_secs(2)))?;
    exchange(socket, request)
}

fn exchange(mut socket: TcpStream, request: &HttpRequest) -> io::Result<Response> {
    socket.set_nodelay(true)?;
    let mut bytes = format!("{} {} HTTP/1.1\r\n", request.method, request.target).into_bytes();
    for (name, value) in &request.headers.0 {
        write!(bytes, "{name}: {value}\r\n")?;
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&request.body);
    socket.write_all(&bytes)?;

    let mut reader = BufReader::new(socket);
    let first = line(&mut reader)?.unwrap_or_default();
    let status = first
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.split(' ').nth(1));
    let (Some(status), Some(mut headers)) = (
        status.and_then(|code| code.parse().ok()),
        Headers::read(&mut reader)?,
    ) else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let bodyless = request.method == "HEAD" || matches!(status, 204 | 304);
    let body = if bodyless {
        Vec::new()
    } else {
        headers.body(&mut reader, true)?
    };
    for framing in ["content-length", "transfer-encoding", "connection"] {
        headers.remove(framing);
    }
    Ok(Response {
        status,
        headers,
        body,
        chunked: false,
    })
}
