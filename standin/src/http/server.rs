//! A listener with one thread for each connection.

use super::headers::{Headers, line};
use super::reply::Stream;
use super::{HttpReply, HttpRequest, Response};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, BufRead, BufReader, Read};
use std::net::{IpAddr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// Answers one request of one address.
pub(crate) type RequestHandler = dyn Fn(&HttpRequest, IpAddr) -> HttpReply + Send + Sync;

/// The longest target the Gateway takes: 414 beyond, seen with build a27ed42.
const TARGET_LIMIT: usize = 4096;
/// The largest headers the Gateway takes: 400 beyond, seen with build a27ed42.
pub(crate) const GATEWAY_HEADERS: usize = 8192;

/// Serves a listener in the background until the process ends; answers 400 to headers of more
/// bytes than the limit.
pub(crate) fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    headers_limit: usize,
    handler: Arc<RequestHandler>,
) {
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let (tls, handler) = (tls.clone(), Arc::clone(&handler));
            // An error here is the client's end of the connection, and there is no other place to report it to.
            thread::spawn(move || connection(socket, tls, headers_limit, handler.as_ref()));
        }
    });
}

/// Closes each connection in the background as soon as anything has come over it; calls `seen` before.
pub(crate) fn close_each(listener: TcpListener, seen: impl Fn() + Send + 'static) {
    thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            // Read, because closing with something unread would be a reset.
            if socket
                .read(&mut [0; GATEWAY_HEADERS])
                .is_ok_and(|size| size > 0)
            {
                seen();
            }
        }
    });
}

fn connection(
    socket: TcpStream,
    tls: Option<Arc<ServerConfig>>,
    headers_limit: usize,
    handler: &RequestHandler,
) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let peer = socket.peer_addr()?.ip();
    let other = socket.try_clone()?;
    let stream: Box<dyn Stream> = match tls {
        None => Box::new(socket),
        Some(config) => {
            let mut first = [0];
            // Plain HTTP to the TLS port ends without a byte, seen with build a27ed42.
            if socket.peek(&mut first)? == 0 || first[0] != 0x16 {
                // Read, because closing with something unread would be a reset.
                let _ = (&socket).read(&mut [0; GATEWAY_HEADERS])?;
                return Ok(());
            }
            let tls = ServerConnection::new(config).map_err(io::Error::other)?;
            Box::new(StreamOwned::new(tls, socket))
        }
    };
    let mut reader = BufReader::new(stream);
    loop {
        let (request, reply) = match read(&mut reader, headers_limit)? {
            Incoming::Nothing => return Ok(()),
            Incoming::Refused(status) => (
                HttpRequest::default(),
                HttpReply::Answer(Response::bare(status, "")),
            ),
            Incoming::Request(request) => {
                let reply = handler(&request, peer);
                (request, reply)
            }
        };
        if !reply.play(&request, reader.get_mut().as_mut(), &other)? {
            return Ok(());
        }
    }
}

enum Incoming {
    Request(HttpRequest),
    Refused(u16),
    Nothing,
}

fn read(from: &mut impl BufRead, headers_limit: usize) -> io::Result<Incoming> {
    let Some(first) = line(from)? else {
        return Ok(Incoming::Nothing);
    };
    let mut words = first.split(' ');
    let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next())
    else {
        return Ok(Incoming::Refused(400));
    };
    let Some(headers) = Headers::read(from)? else {
        return Ok(Incoming::Refused(400));
    };
    if target.len() >= TARGET_LIMIT {
        return Ok(Incoming::Refused(414));
    }
    if headers
        .0
        .iter()
        .map(|(name, value)| name.len() + value.len() + 4)
        .sum::<usize>()
        > headers_limit
    {
        return Ok(Incoming::Refused(400));
    }
    let body = headers.body(from, false)?;
    let closing = headers
        .get("connection")
        .is_some_and(|value| value.eq_ignore_ascii_case("close"));
    let (method, target) = (method.to_owned(), target.to_owned());
    let keep_alive = version == "HTTP/1.1" && !closing;
    Ok(Incoming::Request(HttpRequest {
        method,
        target,
        keep_alive,
        headers,
        body,
    }))
}

impl Stream for TcpStream {
    fn finish(&mut self) {
        let _ = self.shutdown(Shutdown::Write);
    }
}

impl Stream for StreamOwned<ServerConnection, TcpStream> {
    fn finish(&mut self) {
        self.conn.send_close_notify();
        while self.conn.wants_write()
            && self
                .conn
                .write_tls(&mut self.sock)
                .is_ok_and(|sent| sent > 0)
        {}
        let _ = self.sock.shutdown(Shutdown::Write);
    }
}
