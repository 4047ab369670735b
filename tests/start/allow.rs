//! The addresses that --allow admits.

use super::admission::{answer_to, with_ips};
use super::fails::says;
use super::place::Place;
use serde_json::json;
use std::fs;

/// The `ips` block that the instance was started with.
fn block(place: &Place) -> String {
    let conf = fs::read_to_string(place.instance("conf/conf.yaml")).expect("it is there");
    let block = conf.split_once("ips:").expect("there is one").1;
    block.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn opens_to_the_addresses_of_the_flag_alone() {
    let place = Place::new();
    let report = place
        .tool(["--allow", "127.0.0.2", "--allow", "10.1.*,172.17.0.1"])
        .run();
    let report = report.exits(0).is_silent_on_stderr().report();
    let admitted = json!(["127.0.0.1", "127.0.0.2", "10.1.*", "172.17.0.1"]);
    assert_eq!(report["ips_admitted"], admitted, "{report}");
    assert_eq!(answer_to(&place, "127.0.0.1"), "302");
    assert_eq!(answer_to(&place, "127.0.0.2"), "302");
    assert_eq!(answer_to(&place, "127.0.0.3"), "404");
    // The shipped file allows more, and denies something, which stays.
    let block = block(&place);
    assert_eq!(
        block,
        r#"allow: - "127.0.0.1" - "127.0.0.2" - "10.1.*" - "172.17.0.1" deny: - 212.90.324.10"#
    );
    place.down();
    let report = with_ips(&place, None)
        .args(["--allow", "127.0.0.1"])
        .run()
        .exits(0)
        .report();
    assert_eq!(report["ips_admitted"], json!(["127.0.0.1"]), "{report}");
    assert_eq!(answer_to(&place, "127.0.0.2"), "404");
    place.down();
}

#[test]
fn switches_the_filter_on_where_the_settings_leave_it_off() {
    for ips in [
        "ips: {allow: [127.0.0.1]}",
        "ips: {allow: [10.*], deny: }",
        "ips: {}",
    ] {
        let place = Place::new();
        let tool = with_ips(&place, Some(ips)).args(["--allow", "127.0.0.2"]);
        let report = tool.run().exits(0).report();
        let admitted = json!(["127.0.0.1", "127.0.0.2"]);
        assert_eq!(report["ips_admitted"], admitted, "{ips}");
        assert_eq!(report["warnings"], json!([]), "{ips}");
        assert_eq!(answer_to(&place, "127.0.0.2"), "302", "{ips}");
        assert_eq!(answer_to(&place, "127.0.0.3"), "404", "{ips}");
        place.down();
    }
}

#[test]
fn refuses_addresses_that_the_gateway_would_not_understand() {
    let place = Place::new();
    for (address, word) in [
        ("*", "500"),
        ("10.0.0.0/8", "10.*"),
        ("0.0.0.0/0", "networks"),
        ("0.0.0.0", "no client"),
        ("10.0.0.1-9", "ranges"),
        ("10.*.*.*", "one star"),
        ("10.1*", "neither"),
        ("::1", "IPv4"),
        ("localhost", "neither"),
        ("", "neither"),
    ] {
        let ran = place
            .tool(["--allow", address])
            .run()
            .exits(2)
            .is_silent_on_stdout();
        says(&ran, &["--allow", word]);
    }
    place.is_empty();
}

#[test]
fn does_not_promise_what_the_settings_deny() {
    let place = Place::new();
    let tool = with_ips(&place, Some("ips: {allow: [127.0.0.1], deny: [10.0.0.5]}"));
    let ran = tool
        .args(["--allow", "10.0.0.5"])
        .run()
        .exits(6)
        .is_silent_on_stdout();
    says(&ran, &["ips.deny", "10.0.0.5", "--allow"]);
    let tool = with_ips(&place, Some("ips: {allow: [127.0.0.1], deny: [10.*]}"));
    let ran = tool.args(["--allow", "10.0.0.5"]).run().exits(6);
    says(&ran, &["10.* in ips.deny", "10.0.0.5", "--allow"]);
    let tool = with_ips(&place, Some("ips: {allow: [127.0.0.1], deny: [\"*\"]}"));
    let ran = tool.args(["--allow", "10.0.0.5"]).run().exits(6);
    says(&ran, &["cannot read *", "500"]);
}
