//! IB Gateway's socket: what a client that speaks in bytes sees.

use crate::served::PATIENCE;
use ib_testkit::Standin;
use serde_json::{Value, json};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// When no byte comes for this long, that is silence.
const A_WHILE: Duration = Duration::from_millis(300);
const HELLO: &[u8] = b"API\0\0\0\0\x09v100..178";
const START: &[u8] = b"\0\0\0\x0871\x002\x007\x00\x00";
const TIME: &[u8] = b"\0\0\0\x0549\x001\x00";

struct IbGateway(Standin);

impl IbGateway {
    fn start() -> Self {
        Self(Standin::tws())
    }

    fn with(moods: &Value) -> Self {
        Self(Standin::tws_with(moods))
    }

    fn set(&self, moods: &Value) {
        self.0.set(&json!({ "tws": moods }));
    }

    fn conversations(&self) -> Value {
        self.0.truth()["tws"].clone()
    }

    fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.0.address()).expect("it listens");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a time limit");
        Client(stream)
    }

    /// A client that has shaken hands and started the API.
    fn begun(&self) -> (Client, String) {
        let mut client = self.connect();
        client.say(HELLO);
        let version = client.next();
        client.say(START);
        (client, version)
    }
}

struct Client(TcpStream);

impl Client {
    fn say(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).expect("it listens");
    }

    fn try_next(&mut self) -> io::Result<String> {
        let mut length = [0; 4];
        self.0.read_exact(&mut length)?;
        let mut body = vec![0; u32::from_be_bytes(length) as usize];
        self.0.read_exact(&mut body)?;
        Ok(String::from_utf8_lossy(&body).replace('\0', "|"))
    }

    /// The next message, its fields ended by bars.
    #[track_caller]
    fn next(&mut self) -> String {
        self.try_next().expect("a message")
    }

    /// All that comes until the connection ends, or until nothing comes for this time.
    fn rest(&mut self, limit: Duration) -> (Vec<u8>, io::Result<usize>) {
        self.0.set_read_timeout(Some(limit)).expect("a time limit");
        let mut rest = Vec::new();
        let end = self.0.read_to_end(&mut rest);
        (rest, end)
    }
}

fn is_silence(end: &io::Result<usize>) -> bool {
    matches!(end, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
}

#[test]
fn answers_each_step_as_ib_gateway_does() {
    let gateway = IbGateway::start();
    let (mut client, version) = gateway.begun();
    assert!(version.starts_with("178|20"), "{version}");
    assert_eq!(client.next(), "15|1|DU1234567,|");
    assert_eq!(client.next(), "9|1|1|");
    for code in [2104, 2106, 2158] {
        let notice = client.next();
        assert!(notice.starts_with(&format!("4|2|-1|{code}|")), "{notice}");
    }
    client.say(TIME);
    let time = client.next();
    let seconds = time
        .strip_prefix("49|1|")
        .and_then(|time| time.strip_suffix('|'));
    let seconds: u64 = seconds.and_then(|time| time.parse().ok()).expect("seconds");
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time");
    assert!(now.as_secs().abs_diff(seconds) <= 1, "{time}");
}

#[test]
fn takes_the_older_of_both_sides_newest_versions() {
    for (moods, version) in [
        (json!({"server_version": 157}), "157|"),
        (json!({"server_version": 226}), "178|"),
        (
            json!({"server_version": 226, "ignores_range": true}),
            "226|",
        ),
        (json!({"server_version": 76}), "76|"),
    ] {
        let (_, told) = IbGateway::with(&moods).begun();
        assert!(told.starts_with(version), "{moods}: {told}");
    }
}

#[test]
fn records_each_byte_and_each_message() {
    let gateway = IbGateway::start();
    let (mut client, _) = gateway.begun();
    client.say(TIME);
    while !client.next().starts_with("49|") {}
    let said = &gateway.conversations()[0];
    let hex: String = [HELLO, START, TIME]
        .concat()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(said["said"], hex);
    let messages = json!([["71", "2", "7", ""], ["49", "1"]]);
    assert_eq!(said["messages"], messages);
    assert_eq!(said["client_id"], "7");
    assert_eq!(said["open"], true);
}

#[test]
fn gives_a_client_id_to_one_client_at_a_time() {
    let gateway = IbGateway::start();
    let (mut first, _) = gateway.begun();
    assert_eq!(first.next(), "15|1|DU1234567,|");
    let (mut second, _) = gateway.begun();
    assert!(second.next().starts_with("4|2|-1|326|"));
    assert!(matches!(second.rest(PATIENCE), (rest, Ok(0)) if rest.is_empty()));
    drop(first);
    let (mut third, _) = gateway.begun();
    assert_eq!(third.next(), "15|1|DU1234567,|");
    gateway.set(&json!({"taken_ids": 1}));
    let mut fourth = gateway.connect();
    fourth.say(HELLO);
    fourth.next();
    fourth.say(b"\0\0\0\x0871\x002\x008\x00\x00");
    assert!(fourth.next().starts_with("4|2|-1|326|"));
}

#[test]
fn tells_what_a_client_asks_for_at_the_start() {
    let gateway = IbGateway::start();
    let (mut client, _) = gateway.begun();
    (0..5).for_each(|_| drop(client.next()));
    for (asked, answered) in [
        (&b"\0\0\0\x0517\x001\x00"[..], "15|1|DU1234567,|"),
        (b"\0\0\0\x068\x001\x001\x00", "9|1|1|"),
        (b"\0\0\0\x0561\x001\x00", "62|1|"),
        (b"\0\0\0\x045\x001\x00", "53|1|"),
        (b"\0\0\0\x0599\x000\x00", "102|"),
        (b"\0\0\0\x0b6\x002\x001\x00DU1\0\x00", "54|1|DU1|"),
    ] {
        client.say(asked);
        assert_eq!(client.next(), answered);
    }
}

#[test]
fn is_silent_closes_or_resets_at_any_step() {
    for (step, said) in [
        ("accept", &[][..]),
        ("handshake", &[HELLO]),
        ("start_api", &[HELLO, START]),
        ("time", &[HELLO, START, TIME]),
    ] {
        for how in ["silence", "close", "reset"] {
            let gateway = IbGateway::with(&json!({"lie": {"at": step, "how": how}}));
            let mut client = gateway.connect();
            for (number, words) in said.iter().enumerate() {
                client.say(words);
                // What answers the steps before.
                let before = [1, 5].get(number).filter(|_| number + 1 < said.len());
                (0..*before.unwrap_or(&0)).for_each(|_| drop(client.next()));
            }
            let limit = if how == "silence" { A_WHILE } else { PATIENCE };
            let (rest, end) = client.rest(limit);
            assert!(rest.is_empty(), "{step}, {how}: {rest:?}");
            let is_as_asked = match (how, &end) {
                ("silence", _) => is_silence(&end),
                ("close", _) => matches!(end, Ok(0)),
                (_, Err(error)) => error.kind() == io::ErrorKind::ConnectionReset,
                _ => false,
            };
            assert!(is_as_asked, "{step}, {how}: {end:?}");
        }
    }
}

#[test]
fn drips_halves_and_talks_nonsense() {
    let lie = |how: Value| json!({"lie": {"at": "handshake", "how": how}});
    for (how, begins, is_silent) in [
        (json!("drip"), &b"\0\0\xff\xff11"[..], false),
        (json!("half"), b"\0\0\0", false),
        (json!("answer_and_close"), b"\0\0\0\x1a178\x0020", false),
        (json!({"bytes": "7fffffff"}), b"\x7f\xff\xff\xff", true),
    ] {
        let gateway = IbGateway::with(&lie(how.clone()));
        let mut client = gateway.connect();
        client.say(HELLO);
        let mut first = vec![0; begins.len()];
        client.0.read_exact(&mut first).expect("some bytes");
        assert_eq!(first, begins, "{how}");
        if is_silent {
            assert!(is_silence(&client.rest(A_WHILE).1), "{how}");
        }
    }
}

#[test]
fn cuts_its_messages_as_asked_and_puts_others_between_them() {
    for segments in ["joined", "separate", "bytes"] {
        let moods = json!({"segments": segments, "chatter": true, "notices": []});
        let gateway = IbGateway::with(&moods);
        let mut client = gateway.connect();
        client.say(HELLO);
        let mut first = [0; 4096];
        let size = client.0.read(&mut first).expect("some bytes");
        assert_eq!(size == 1, segments == "bytes", "{segments}: {size}");
        let mut client = gateway.connect();
        client.say(HELLO);
        let numbers: Vec<_> = (0..3)
            .map(|_| client.next().split('|').next().map(str::to_owned))
            .collect();
        assert_eq!(
            numbers,
            ["14", "6", "178"].map(|number| Some(number.to_owned()))
        );
    }
}

#[test]
fn loses_ibkr_and_finds_it_again() {
    let gateway = IbGateway::with(&json!({
        "notices": [{"code": 1100, "text": "lost"}],
        "later": [{"code": 1102, "text": "found", "after_ms": 50}],
    }));
    let (mut client, _) = gateway.begun();
    (0..2).for_each(|_| drop(client.next()));
    assert_eq!(client.next(), "4|2|-1|1100|lost||");
    client.say(TIME);
    assert!(client.next().starts_with("49|"));
    let begin = Instant::now();
    assert_eq!(client.next(), "4|2|-1|1102|found||");
    assert!(begin.elapsed() >= Duration::from_millis(40));
}

#[test]
fn gives_no_next_id_before_it_is_logged_in() {
    let gateway = IbGateway::with(&json!({"next_id": null, "accounts": ["U1", "U2"]}));
    let (mut client, _) = gateway.begun();
    assert_eq!(client.next(), "15|1|U1,U2,|");
    assert!(client.next().starts_with("4|"));
}
