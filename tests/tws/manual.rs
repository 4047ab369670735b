//! A login by a person in the window.

use super::up::{stop, vnc_flags};
use crate::support::clients::look;
use crate::support::{IbcLayout, TestPort};
use serde_json::json;

#[test]
fn leaves_the_window_to_a_person() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    layout.script(&json!({"window": IbcLayout::window()}));
    let flags = vnc_flags(&layout, port.number, "secret");
    let tool = layout
        .tool("ibgw-start")
        .args(flags)
        .args(["--manual", "--mode", "paper"]);
    let report = tool.run().exits(0).report();
    assert_eq!(report["phase"], "window", "{report}");
    let starts = layout.played_of("start");
    let settings = &starts[0]["settings"];
    assert!(
        settings["IbLoginId"]
            .as_str()
            .unwrap_or_default()
            .is_empty(),
        "{settings}"
    );
    assert!(look(port.number, "secret")["colours"].as_u64() > Some(2));
    assert_eq!(layout.submissions().len(), 0);
    assert!(!layout.state().join("ledger").exists());
    stop(&layout);
}
