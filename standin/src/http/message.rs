//! What is asked and what is answered.

use super::Headers;
use std::io::{self, Write};

/// One request.
#[derive(Clone, Default)]
pub(crate) struct HttpRequest {
    /// The method, as sent.
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// HTTP/1.1 and not asked to close.
    pub keep_alive: bool,
    /// The header lines.
    pub headers: Headers,
    /// The body, unchunked.
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// The target without its query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query without its question mark; empty when the target has no query.
    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// A cookie's value.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .all("cookie")
            .flat_map(|line| line.split(';'))
            .find_map(|pair| {
                let (key, value) = pair.trim().split_once('=')?;
                (key == name).then_some(value)
            })
    }

    /// A field of the form in the body, decoded.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let body = String::from_utf8_lossy(&self.body);
        body.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key == name).then(|| form_decode(value))
        })
    }

    /// The body as JSON; `Null` when it is not JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

fn form_decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16).unwrap_or(b'?')
            }
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One answer.
#[derive(Clone, Default)]
pub(crate) struct Response {
    /// The status code.
    pub status: u16,
    /// The header lines, those of the framing left out.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
    /// Sent in chunks, as everything the Gateway passes on, instead of with its length.
    pub chunked: bool,
}

impl Response {
    /// An answer with a body of no declared type.
    pub(crate) fn bare(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            body: body.into(),
            ..Self::default()
        }
    }

    /// An answer in JSON.
    pub(crate) fn json(body: &serde_json::Value) -> Self {
        Self::bare(200, body.to_string()).with("Content-Type", "application/json;charset=UTF-8")
    }

    /// The same with one more header line.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push(name, value);
        self
    }

    /// The same, sent in chunks.
    pub(crate) fn in_chunks(self) -> Self {
        Self {
            chunked: true,
            ..self
        }
    }

    /// Writes the answer; `missing` bytes more are announced than sent.
    pub(super) fn write(
        &self,
        to: &mut dyn Write,
        head_only: bool,
        keep_alive: bool,
        missing: usize,
    ) -> io::Result<()> {
        let mut bytes = self.head(
            keep_alive,
            (!self.chunked).then_some(self.body.len() + missing),
        );
        if !head_only && self.chunked {
            if !self.body.is_empty() {
                write!(bytes, "{:x}\r\n", self.body.len())?;
                bytes.extend_from_slice(&self.body);
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(b"0\r\n\r\n");
        } else if !head_only {
            bytes.extend_from_slice(&self.body);
        }
        to.write_all(&bytes)?;
        to.flush()
    }

    /// The status line and the headers; chunked when no length is given.
    pub(super) fn head(&self, keep_alive: bool, length: Option<usize>) -> Vec<u8> {
        use std::fmt::Write as _;
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers.0 {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if self.status != 204 {
            let _ = match length {
                Some(length) => write!(head, "Content-Length: {length}\r\n"),
                None => write!(head, "Transfer-Encoding: chunked\r\n"),
            };
        }
        if !keep_alive {
            head.push_str("Connection: close\r\n");
        }
        head.push_str("\r\n");
        head.into_bytes()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        410 => "Gone",
        411 => "Length Required",
        414 => "Request-URI Too Long",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Unknown",
    }
}
