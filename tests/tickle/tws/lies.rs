//! Silence, nonsense and closed connections at every step.

use super::super::says;
use super::probe;
use crate::support::{ClosedPort, Standin, Tool, at_once};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::time::{Duration, Instant};

const STEPS: [&str; 3] = ["handshake", "start_api", "time"];

fn lying(step: &str, how: Value) -> Standin {
    Standin::tws_with(&json!({"lie": {"at": step, "how": how}}))
}

/// What the tool says of a lie at a step.
#[track_caller]
fn says_of(step: &str, how: Value, state: &str, exit: i32) -> Value {
    let standin = lying(step, how);
    // Whatever comes has time to come, also to a machine that is busy.
    let timeout = if state == "timed_out" { "2s" } else { "30s" };
    says(
        probe(&standin).args(["--timeout", timeout]).run(),
        state,
        exit,
    )
}

#[test]
fn says_timed_out_and_where_when_nothing_more_comes() {
    at_once(4, STEPS, |step| {
        for how in ["silence", "drip"] {
            let begin = Instant::now();
            let report = says_of(step, json!(how), "timed_out", 8);
            let took = begin.elapsed();
            assert_eq!(report["stage"], step, "{how}");
            assert!(took >= Duration::from_secs(2), "{took:?}");
            assert!(took < Duration::from_secs(15), "{took:?}");
        }
    });
    let report = says_of("accept", json!("silence"), "timed_out", 8);
    assert_eq!(report["stage"], "handshake");
}

#[test]
fn says_unknown_and_where_when_it_is_cut_off() {
    for step in STEPS {
        for how in ["close", "reset", "half"] {
            let report = says_of(step, json!(how), "unknown", 9);
            assert_eq!(report["stage"], step, "{how}");
        }
    }
    for how in ["close", "reset"] {
        let report = says_of("accept", json!(how), "unknown", 9);
        // A reset may be seen before the connection is.
        let stages = ["handshake", "connect"].map(Value::from);
        assert!(stages.contains(&report["stage"]), "{how}: {report}");
    }
    for (step, next) in [("handshake", "start_api"), ("start_api", "time")] {
        let report = says_of(step, json!("answer_and_close"), "unknown", 9);
        assert_eq!(report["stage"], next);
    }
}

#[test]
fn says_unknown_and_where_when_it_is_no_tws_api() {
    for bytes in [
        "00000000",
        "00100001",
        "7fffffff",
        "80000000",
        "ffffffff",
        // hello, with and without the end of a field
        "0000000668656c6c6f00",
        "0000000568656c6c6f",
        // HTTP/1.1 400
        "485454502f312e3120343030",
        // 4, 2, -1, words
        "0000000d340032002d3100776f72647300",
    ] {
        for step in STEPS {
            let report = says_of(step, json!({"bytes": bytes}), "unknown", 9);
            assert_eq!(report["stage"], step, "{bytes}");
        }
    }
}

#[test]
fn waits_for_the_rest_of_a_message() {
    let report = says_of(
        "handshake",
        json!({"bytes": "000000ff3137380032"}),
        "timed_out",
        8,
    );
    assert_eq!(report["stage"], "handshake");
}

#[test]
fn sets_no_memory_aside_for_what_is_only_announced() {
    // A gigabyte of addresses, and two or four of messages.
    for bytes in ["7fffffff", "ffffffff"] {
        let standin = lying("handshake", json!({"bytes": bytes}));
        let tool = probe(&standin).in_shell("ulimit -v 1000000; exec \"$0\" \"$@\"");
        says(tool.run(), "unknown", 9);
    }
}

#[test]
fn says_down_when_nothing_listens() {
    let closed = ClosedPort::new();
    let address = closed.address().to_string();
    let tool = Tool::new("ibgw-tickle").args(["--kind", "tws", "--address", &address]);
    let ran = tool.run();
    let message = ran.error()["message"].to_string();
    assert!(message.contains(&address), "{message}");
    let report = says(ran, "down", 7);
    assert_eq!(report["stage"], "connect");
    assert_eq!(report["client_id"], Value::Null);
}

/// A listener whose backlog is full: the kernel answers no further connection.
#[test]
fn says_timed_out_when_the_connection_does_not_come_about() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let mut waiting = Vec::new();
    // The standard library listens with a backlog of 128 or the kernel's limit.
    while let Ok(stream) =
        std::net::TcpStream::connect_timeout(&address, Duration::from_millis(300))
    {
        waiting.push(stream);
        assert!(waiting.len() < 10_000, "the backlog never fills");
    }
    let tool = Tool::new("ibgw-tickle").args(["--kind", "tws", "--timeout", "500ms"]);
    let ran = tool.args(["--address", &address.to_string()]).run();
    assert_eq!(says(ran, "timed_out", 8)["stage"], "connect");
}
