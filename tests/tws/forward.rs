//! The API on an address of its own.

use super::up::{course, record, start, stop, until};
use crate::support::clients::connect_to;
use crate::support::{IbcLayout, TestPort, eventually};
use serde_json::json;
use std::io::Read;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

#[test]
fn forwards_the_api_while_it_serves() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    layout.script(
        &json!({"second_factor": {"approved_after_ms": 1500}, "second_factor_timeout_ms": 60000}),
    );
    let is_open = || TcpStream::connect(("127.0.0.1", port.number)).is_ok();
    let forward = ["--forward".to_owned(), port.number.to_string()];
    start(&layout, &record("demo")).args(forward).run().exits(0);
    until(&layout, "second_factor");
    assert!(!is_open(), "open before there is an API");
    until(&layout, "ready");
    let told = connect_to("ib_async", &format!("127.0.0.1:{}", port.number), "7");
    assert!(told["server_version"].as_i64() >= Some(100), "{told}");
    stop(&layout);
    assert!(!is_open(), "open after the end");
}

/// For five minutes, of which here are a few seconds: IBKR's short resets take less.
#[test]
fn clients_stay_through_a_short_loss_of_the_api_and_go_with_it() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    let forward = ["--forward".to_owned(), port.number.to_string()];
    let lost = json!([{"code": 1100, "text": "Connectivity has been lost"}]);
    start(&layout, &record("demo")).args(forward).run().exits(0);
    until(&layout, "ready");
    let connect = || TcpStream::connect(("127.0.0.1", port.number));
    let mut client = eventually("it is forwarded", || connect().ok());
    layout.script(&json!({"api": {"notices": lost}}));
    // The API is asked each half minute while it serves, and the test ended after three.
    while course(&layout).unwrap_or_default()["phase"] != "degraded" {
        thread::sleep(Duration::from_millis(50));
    }
    drop(connect().expect("open still"));
    layout.script(&json!({}));
    until(&layout, "ready");
    stop(&layout);
    let over = Some(Duration::from_secs(10));
    client.set_read_timeout(over).expect("it can be set");
    let said = client.read_to_end(&mut Vec::new());
    said.expect("the connection is closed");
}
