//! The forwarder, between real sockets.

#[path = "forward/rate.rs"]
mod rate;

use ib_tws::Forwarder;
use socket2::{Domain, SockRef, Socket, Type};
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Any port of this machine.
const ANY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// What nothing here takes, on however slow a machine: a test fails instead of waiting for ever.
const LONG: Duration = Duration::from_secs(60);

fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(ANY).expect("a port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

fn patient(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(LONG)).expect("a limit");
    stream.set_write_timeout(Some(LONG)).expect("a limit");
    stream
}

fn connect(to: SocketAddr) -> TcpStream {
    patient(TcpStream::connect(to).expect("a connection"))
}

fn accept(listener: &TcpListener) -> TcpStream {
    patient(listener.accept().expect("a client").0)
}

fn open(to: SocketAddr) -> Forwarder {
    Forwarder::open(ANY, to).expect("a forwarder")
}

/// A forwarder, and the two ends of a connection through it.
fn through() -> (Forwarder, TcpStream, TcpStream) {
    let (gateway, to) = listen();
    let forwarder = open(to);
    let client = connect(forwarder.address());
    let served = accept(&gateway);
    (forwarder, client, served)
}

/// Says something, and hears it at the other end.
fn say(mut from: &TcpStream, mut to: &TcpStream, words: &[u8]) {
    from.write_all(words).expect("said");
    let mut heard = vec![0; words.len()];
    to.read_exact(&mut heard).expect("heard");
    assert_eq!(heard, words);
}

#[track_caller]
fn is_over(mut end: &TcpStream) {
    match end.read(&mut [0]) {
        Ok(0) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        other => panic!("the connection goes on: {other:?}"),
    }
}

#[track_caller]
fn is_reset(mut end: &TcpStream) {
    let read = end.read(&mut [0]);
    let kind = read.as_ref().map_err(std::io::Error::kind);
    assert_eq!(kind, Err(ErrorKind::ConnectionReset), "{read:?}");
}

fn reset(end: TcpStream) {
    let now = SockRef::from(&end).set_linger(Some(Duration::ZERO));
    now.expect("an option");
}

#[test]
fn who_has_said_all_still_listens() {
    for is_the_client in [true, false] {
        let (_forwarder, client, gateway) = through();
        let (done, other) = if is_the_client {
            (client, gateway)
        } else {
            (gateway, client)
        };
        say(&done, &other, b"all that I have to say");
        done.shutdown(Shutdown::Write).expect("an end");
        assert_eq!((&other).read(&mut [0]).expect("an end"), 0);
        say(&other, &done, b"the answer");
        say(&other, &done, b"and more of it");
        drop(other);
        assert_eq!((&done).read(&mut [0]).expect("an end"), 0);
    }
}

#[test]
fn an_end_that_breaks_off_is_not_one_that_was_done() {
    let (_forwarder, client, gateway) = through();
    say(&client, &gateway, b"hello");
    reset(client);
    is_reset(&gateway);
    let (_forwarder, client, gateway) = through();
    say(&client, &gateway, b"hello");
    reset(gateway);
    is_reset(&client);
}

#[test]
fn a_client_whom_the_gateway_refuses_is_told_at_once() {
    // Bound without listening: a connection is refused, and no other process gets the port.
    let gateway = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    gateway.bind(&ANY.into()).expect("a port");
    let to = gateway.local_addr().expect("an address").as_socket();
    let forwarder = open(to.expect("an address"));
    is_over(&connect(forwarder.address()));
    // And the next one is served, once there is a gateway.
    gateway.listen(1).expect("listens");
    let client = connect(forwarder.address());
    say(&client, &accept(&gateway.into()), b"hello");
}

#[test]
fn closing_frees_the_port_and_ends_what_is_carried() {
    let (forwarder, client, gateway) = through();
    say(&client, &gateway, b"hello");
    let address = forwarder.address();
    drop(forwarder);
    TcpListener::bind(address).expect("the port is free");
    is_over(&client);
    is_over(&gateway);
}

#[test]
fn closing_waits_for_no_end_that_does_not_read() {
    let (forwarder, client, mut gateway) = through();
    let writer = thread::spawn(move || {
        let piece = vec![0; 1 << 20];
        // More than all buffers on the way hold.
        (0..1024).find_map(|_| gateway.write_all(&piece).err())
    });
    // Something has arrived, so that the rest is on its way.
    assert_ne!(client.peek(&mut [0]).expect("the first byte"), 0);
    drop(forwarder);
    let error = writer.join().expect("a writer");
    let error = error.expect("what is not read cannot all be written");
    assert_ne!(error.kind(), ErrorKind::WouldBlock, "it is carried still");
}

#[test]
fn an_address_that_is_taken_is_a_setting_to_correct() {
    let (_listener, address) = listen();
    let failed = Forwarder::open(address, address).err();
    let error = failed.expect("the address is taken");
    assert_eq!(error.exit, ib_cli::Exit::Config);
    let words = error.to_string();
    assert!(words.contains(&address.to_string()), "{words}");
    assert!(words.contains("ss -ltnp"), "{words}");
}

#[test]
fn carries_many_at_a_time_and_refuses_the_rest() {
    let (gateway, to) = listen();
    let forwarder = open(to);
    let (sender, served) = mpsc::channel();
    // It greets, so that a client knows whether it got there.
    thread::spawn(move || {
        for client in gateway.incoming() {
            let mut client = patient(client.expect("a client"));
            client.write_all(b"!").expect("a greeting");
            sender.send(client).expect("the receiver waits");
        }
    });
    let try_once = || {
        let client = connect(forwarder.address());
        let is_greeted = matches!((&client).read(&mut [0]), Ok(1));
        is_greeted.then(|| (client, served.recv().expect("the other end")))
    };
    let mut pairs: Vec<_> = (0..64).map_while(|_| try_once()).collect();
    assert_eq!(pairs.len(), 64);
    for (number, (client, served)) in pairs.iter().enumerate() {
        say(client, served, &number.to_be_bytes());
        say(served, client, &number.to_le_bytes());
    }
    assert!(try_once().is_none());
    // One leaves, and its place is free as soon as both ends have been seen to be gone.
    drop(pairs.pop());
    let begin = Instant::now();
    while try_once().is_none() {
        assert!(begin.elapsed() < LONG, "the place is not free");
        thread::sleep(Duration::from_millis(1));
    }
}
