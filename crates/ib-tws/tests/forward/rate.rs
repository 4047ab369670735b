//! What goes through, whole, and how fast beside socat.

use super::{ANY, accept, connect, listen, open};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A prime number of bytes, so that nothing that is lost, doubled or swapped on the way fits where it does not belong.
const PERIOD: usize = 1_048_583;

/// How many bytes are written and read at once: enough that these two ends are not the bottleneck.
const PIECE: usize = 256 << 10;

/// What goes each way.
const GIBIBYTE: usize = 1 << 30;

/// What one end says: the same bytes again and again, with a piece more at the end, so that any place begins a piece.
fn pattern(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        // Knuth's generator: any will do.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    let period: Vec<u8> = (0..PERIOD).map(|_| next()).collect();
    [&period, &period[..PIECE]].concat()
}

fn write_all(mut to: &TcpStream, pattern: &[u8]) {
    let mut done = 0;
    while done < GIBIBYTE {
        let place = done % PERIOD;
        let piece = PIECE.min(GIBIBYTE - done);
        to.write_all(&pattern[place..place + piece])
            .unwrap_or_else(|error| panic!("after {done} bytes: {error}"));
        done += piece;
    }
    to.shutdown(Shutdown::Write).expect("an end");
}

fn read_all(mut from: &TcpStream, pattern: &[u8]) {
    let mut piece = vec![0; PIECE];
    let mut done = 0;
    loop {
        let read = from.read(&mut piece);
        let read = read.unwrap_or_else(|error| panic!("after {done} bytes: {error}"));
        if read == 0 {
            return assert_eq!(done, GIBIBYTE);
        }
        let place = done % PERIOD;
        assert!(
            piece[..read] == pattern[place..place + read],
            "changed after {done} bytes"
        );
        done += read;
    }
}

struct Traffic {
    gateway: TcpListener,
    out: Vec<u8>,
    back: Vec<u8>,
}

impl Traffic {
    /// Sends a GiB each way at the same time, and says how long it took until all of it had arrived.
    fn through(&self, forwarder: SocketAddr) -> Duration {
        let client = connect(forwarder);
        let served = accept(&self.gateway);
        let begin = Instant::now();
        thread::scope(|scope| {
            scope.spawn(|| write_all(&client, &self.out));
            scope.spawn(|| write_all(&served, &self.back));
            scope.spawn(|| read_all(&client, &self.back));
            scope.spawn(|| read_all(&served, &self.out));
        });
        begin.elapsed()
    }
}

/// A socat that forwards, ended on drop.
struct Socat {
    child: Child,
    address: SocketAddr,
}

impl Socat {
    fn to(gateway: SocketAddr) -> Self {
        let mut socat = Command::new("socat");
        // -d -d: it says where it listens.
        socat.args(["-d", "-d", "TCP-LISTEN:0,bind=127.0.0.1,fork,reuseaddr"]);
        socat.arg(format!("TCP:{gateway}")).stderr(Stdio::piped());
        let mut child = socat.spawn().expect("socat, which scripts/setup installs");
        let said = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut lines = said.lines().map(|line| line.expect("a line"));
        let listening = lines.find(|line| line.contains("listening on"));
        let listening = listening.expect("socat listens");
        let port = listening.rsplit_once(':').expect("a port").1.parse();
        let mut address = ANY;
        address.set_port(port.unwrap_or_else(|_| panic!("no port: {listening}")));
        // It must be able to say what else it has to.
        thread::spawn(move || lines.count());
        Self { child, address }
    }
}

impl Drop for Socat {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn passes_a_gibibyte_both_ways_unchanged_and_no_slower_than_half_of_socat() {
    let (gateway, to) = listen();
    let traffic = Traffic {
        gateway,
        out: pattern(1),
        back: pattern(2),
    };
    let ours = open(to);
    let socat = Socat::to(to);
    // In turns, and the better one of two, so that what else the machine does falls on both.
    let rounds = [(); 2].map(|()| {
        let theirs = traffic.through(socat.address);
        (traffic.through(ours.address()), theirs)
    });
    let ours = rounds.map(|(ours, _)| ours).into_iter().min().expect("two");
    let theirs = rounds.map(|(_, theirs)| theirs).into_iter().min();
    let theirs = theirs.expect("two");
    assert!(ours <= theirs * 2, "ours, socat: {rounds:?}");
}
