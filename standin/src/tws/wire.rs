//! Messages on the wire, in and out.

use crate::hex;
use crate::world::{Segments, TwsMisbehaviour};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

/// More than any client of ours sends at once.
const LIMIT: usize = 1 << 16;

/// A message of these fields.
pub(crate) fn message<S: AsRef<str>>(fields: &[S]) -> Vec<u8> {
    let ended = fields.iter().map(|field| format!("{}\0", field.as_ref()));
    let body: String = ended.collect();
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), body.as_bytes()].concat()
}

/// Reads this number of bytes, and adds them to what was said.
pub(crate) fn read(from: &mut impl Read, size: usize, said: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; size];
    from.read_exact(&mut bytes)?;
    said.extend_from_slice(&bytes);
    Ok(bytes)
}

/// Reads the body of a message.
pub(crate) fn read_message(from: &mut impl Read, said: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    let length = read(from, 4, said)?;
    let length = length
        .iter()
        .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    if length > LIMIT {
        return Err(io::Error::other("a message longer than any client sends"));
    }
    read(from, length, said)
}

/// Sends messages as the test wants them cut.
pub(crate) fn send(to: &mut TcpStream, messages: &[Vec<u8>], segments: Segments) -> io::Result<()> {
    match segments {
        Segments::Joined => to.write_all(&messages.concat()),
        Segments::Separate => messages
            .iter()
            .try_for_each(|message| to.write_all(message)),
        Segments::Bytes => messages.concat().chunks(1).try_for_each(|byte| {
            to.write_all(byte)?;
            // So that it travels alone.
            thread::sleep(Duration::from_millis(1));
            Ok(())
        }),
    }
}

/// Does something else than to answer, and returns when the client has gone.
pub(crate) fn lie(to: &mut TcpStream, how: &TwsMisbehaviour, answer: &[Vec<u8>]) -> io::Result<()> {
    match how {
        TwsMisbehaviour::Close => return Ok(()),
        TwsMisbehaviour::Reset => {
            return socket2::SockRef::from(&*to).set_linger(Some(Duration::ZERO));
        }
        TwsMisbehaviour::Half => {
            let first = answer.first().map_or(&[][..], Vec::as_slice);
            return to.write_all(&first[..first.len() / 2]);
        }
        TwsMisbehaviour::AnswerAndClose => return to.write_all(&answer.concat()),
        TwsMisbehaviour::Drip => {
            to.write_all(&[0, 0, 0xff, 0xff])?;
            loop {
                to.write_all(b"1")?;
                thread::sleep(Duration::from_millis(20));
            }
        }
        TwsMisbehaviour::Bytes(digits) => to.write_all(&hex::decode(digits).unwrap_or_default())?,
        TwsMisbehaviour::Silence => {}
    }
    to.read_to_end(&mut Vec::new()).map(drop)
}
