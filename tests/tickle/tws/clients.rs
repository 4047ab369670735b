//! The stand-in is honest: real clients of the TWS API take it for IB Gateway, and we say what they say.

use super::super::says;
use super::{conversations, probe};
use crate::support::Standin;
use crate::support::clients::{CLIENTS, connect};
use serde_json::{Value, json};

/// The id that all clients use, so that what they say can be compared.
const ID: &str = "77";

fn gateway() -> Standin {
    Standin::tws_with(&json!({"next_id": 41, "accounts": ["DU1234567", "DU7654321"]}))
}

/// The bytes that the last client said.
fn said(standin: &Standin) -> Vec<u8> {
    let last = conversations(standin).pop().expect("a conversation");
    let digits = last["said"].as_str().expect("digits").to_owned();
    let pairs = digits.as_bytes().chunks(2);
    let pairs = pairs.map(|pair| std::str::from_utf8(pair).expect("digits"));
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).expect("digits"))
        .collect()
}

/// What begins the conversation, with the range of versions taken out of it, and the messages behind it.
fn split(said: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let (hello, mut rest) = said.split_at(4);
    let mut messages = Vec::new();
    while let Some((length, behind)) = rest.split_first_chunk() {
        let length = u32::from_be_bytes(*length) as usize;
        messages.push(rest[..4 + length].to_vec());
        rest = &behind[length..];
    }
    let range = messages.remove(0);
    let range: Vec<u8> = range
        .into_iter()
        .filter(|byte| !byte.is_ascii_digit())
        .collect();
    ([hello, &range].concat(), messages)
}

#[test]
fn every_client_gets_the_notices_that_the_probe_gets() {
    for client in CLIENTS {
        let standin = gateway();
        let told = connect(client, &standin, ID);
        let flags = ["--client-id", ID, "--accounts"];
        let report = says(probe(&standin).args(flags).run(), "ready", 0);
        assert_eq!(told["accounts"], report["accounts"], "{client}: {told}");
        assert_eq!(told["codes"], report["codes"], "{client}: {told}");
        assert!(told["next_id"].as_i64() >= Some(41), "{client}: {told}");
        // The newest version that the client speaks; ibapi on PyPI is of 2020.
        let newest = if client == "ibapi" { 157 } else { 178 };
        assert_eq!(told["server_version"], newest, "{client}: {told}");
        assert!(
            told["time"].as_i64() > Some(1_700_000_000),
            "{client}: {told}"
        );
    }
}

#[test]
fn the_probe_says_byte_for_byte_what_every_client_says() {
    for client in CLIENTS {
        let standin = gateway();
        connect(client, &standin, ID);
        let (hello, messages) = split(&said(&standin));
        says(probe(&standin).args(["--client-id", ID]).run(), "ready", 0);
        let (our_hello, our_messages) = split(&said(&standin));
        assert_eq!(our_hello, hello, "{client}");
        assert_eq!(our_messages.len(), 2, "{our_messages:?}");
        // The API is started first, and the time is asked for: by ib_async behind much else.
        assert_eq!(our_messages[0], messages[0], "{client}");
        assert!(
            messages.contains(&our_messages[1]),
            "{client}: {messages:?}"
        );
    }
}

#[test]
fn a_client_that_is_there_keeps_its_id_and_the_probe_takes_another() {
    let standin = gateway();
    let mut holder = std::net::TcpStream::connect(standin.address()).expect("it listens");
    let bytes = b"API\0\0\0\0\x09v100..178\0\0\0\x0971\x002\x0077\x00\x00";
    std::io::Write::write_all(&mut holder, bytes).expect("it listens");
    crate::support::eventually("it has begun", || {
        let said = conversations(&standin);
        said.first()
            .filter(|said| said["client_id"] == ID)
            .map(drop)
    });
    let report = says(probe(&standin).args(["--client-id", ID]).run(), "ready", 0);
    assert_ne!(report["client_id"], Value::from(77));
    assert_eq!(conversations(&standin)[0]["open"], true);
}
