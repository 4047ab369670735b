//! One plain HTTP/1.1 request on a connection of its own, and any answer read byte by byte.

use serde_json::Value;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer, its head as text and its body unchunked.
#[derive(Debug)]
pub struct HttpAnswer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

/// How long one read may take: a stand-in that hangs must fail the test by name.
const PATIENCE: Duration = Duration::from_secs(30);

/// One request to `HOST:PORT` in the clear.
pub fn ask_plainly(
    address: &str,
    method: &str,
    target: &str,
    body: &str,
) -> io::Result<HttpAnswer> {
    let length = body.len();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    exchange(stream, request.as_bytes())
}

/// Sends the bytes of a request as they are, and reads the answer to the end of the stream.
pub fn exchange(mut stream: impl Read + Write, request: &[u8]) -> io::Result<HttpAnswer> {
    stream.write_all(request)?;
    stream.flush()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    HttpAnswer::read(&bytes)
}

impl HttpAnswer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    fn read(bytes: &[u8]) -> io::Result<Self> {
        let invalid = || {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{:?}", String::from_utf8_lossy(bytes)),
            )
        };
        let end = bytes
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .ok_or_else(invalid)?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3))
            .and_then(|code| code.parse().ok());
        let mut answer = Self {
            status: status.ok_or_else(invalid)?,
            head,
            body: bytes[end + 4..].to_vec(),
        };
        if answer.header("Transfer-Encoding") == Some("chunked") {
            answer.body = unchunked(&answer.body).ok_or_else(invalid)?;
        } else if let Some(length) = answer.header("Content-Length")
            && length != answer.body.len().to_string()
        {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "less than announced",
            ));
        }
        Ok(answer)
    }
}

fn unchunked(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = chunks.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&chunks[..end]).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunks.get(end + 2..end + 2 + size)?);
        chunks = chunks.get(end + 4 + size..)?;
    }
}
