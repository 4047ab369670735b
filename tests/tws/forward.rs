//! The API on an address of its own.

use super::up::{record, start, stop, until};
use crate::support::clients::connect_to;
use crate::support::{IbcLayout, Port};
use serde_json::json;
use std::net::TcpStream;

#[test]
fn forwards_the_api_while_it_serves() {
    let (layout, port) = (IbcLayout::new(), Port::reserve());
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
