//! Header lines and what they say of the body.

use std::io::{self, BufRead, Read};

/// Header lines in the order they came.
#[derive(Clone, Default)]
pub(crate) struct Headers(pub Vec<(String, String)>);

impl Headers {
    /// The first value of a header; the case of its name does not count.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a header.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Adds a line.
    pub(crate) fn push(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// Drops every line of that name.
    pub(crate) fn remove(&mut self, name: &str) {
        self.0.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
    }

    fn lists(&self, name: &str, word: &str) -> bool {
        self.all(name)
            .any(|value| value.to_ascii_lowercase().contains(word))
    }

    /// Reads lines up to the empty one; `None` when they are not headers.
    pub(crate) fn read(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut headers = Self::default();
        while let Some(line) = line(from)?.filter(|line| !line.is_empty()) {
            let Some((name, value)) = line.split_once(':') else {
                return Ok(None);
            };
            headers.push(name, value.trim());
        }
        Ok(Some(headers))
    }

    /// Reads the body these headers announce; to the end of the stream when `to_end` and they
    /// announce none.
    pub(crate) fn body(&self, from: &mut impl BufRead, to_end: bool) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if self.lists("transfer-encoding", "chunked") {
            loop {
                let size = line(from)?.ok_or(io::ErrorKind::UnexpectedEof)?;
                let size =
                    u64::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16)
                        .map_err(io::Error::other)?;
                take(from, size, &mut body)?;
                line(from)?;
                if size == 0 {
                    return Ok(body);
                }
            }
        }
        match self.get("content-length") {
            Some(length) => take(from, length.parse().map_err(io::Error::other)?, &mut body)?,
            None if to_end => {
                from.read_to_end(&mut body)?;
            }
            None => {}
        }
        Ok(body)
    }
}

fn take(from: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    let read = from.take(length).read_to_end(body)?;
    if read as u64 == length {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

/// Reads one line without its end; `None` at the end of the stream.
pub(crate) fn line(from: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    // Nothing either side sends has longer lines; a stream without any must not fill the memory.
    if from.take(64 * 1024).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()))
}
