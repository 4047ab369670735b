//! What a connection does once a request is in: answer, or misbehave.

use super::{HttpRequest, Response};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

/// How one request ends.
pub(crate) enum HttpReply {
    /// With an answer.
    Answer(Response),
    /// With nothing, for as long as the client waits.
    Hang,
    /// With headers and then one byte at a time, for ever.
    Drip(Response, Duration),
    /// With bytes that are no HTTP.
    Garbage,
    /// With an orderly end and no byte.
    Close,
    /// With a TCP reset.
    Reset,
    /// With less than was announced.
    Half(Response),
}

/// A stream of either kind.
pub(super) trait Stream: Read + Write + Send {
    /// Ends the stream in good order.
    fn finish(&mut self);
}

impl HttpReply {
    /// Plays the reply; says whether the connection may carry another request.
    pub(super) fn play(
        self,
        request: &HttpRequest,
        stream: &mut dyn Stream,
        socket: &TcpStream,
    ) -> io::Result<bool> {
        let head_only = request.method == "HEAD";
        match self {
            Self::Answer(answer) => {
                answer.write(&mut *stream, head_only, request.keep_alive, 0)?;
                if request.keep_alive {
                    return Ok(true);
                }
            }
            Self::Half(answer) => {
                Response {
                    chunked: false,
                    ..answer
                }
                .write(&mut *stream, head_only, false, 100)?;
            }
            Self::Hang => {
                let mut ignored = [0; 1024];
                while stream.read(&mut ignored)? > 0 {}
            }
            Self::Drip(answer, every) => {
                stream.write_all(&answer.head(false, None))?;
                loop {
                    // A blank may stand before any JSON: nothing in it says that it will not come.
                    stream.write_all(b"1\r\n \r\n")?;
                    stream.flush()?;
                    thread::sleep(every);
                }
            }
            Self::Garbage => {
                stream.write_all(b"\x00\x01NO-SUCH-PROTOCOL/9.9 \xff\xfe\r\n\r\n")?;
                stream.flush()?;
            }
            Self::Close => {}
            Self::Reset => {
                socket2::SockRef::from(socket).set_linger(Some(Duration::ZERO))?;
                return Ok(false);
            }
        }
        stream.finish();
        Ok(false)
    }
}
