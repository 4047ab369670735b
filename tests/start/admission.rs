//! Whom a gateway lets in.

use super::fails::says;
use super::place::Place;
use crate::support::{Ran, Tool};
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

/// The tool with an `ips` block of its own; `None` for none at all.
fn with_ips(place: &Place, ips: Option<&str>) -> Tool {
    let conf = place.conf(|conf| {
        let (before, _) = conf.split_once("ips:").expect("the shipped file has one");
        format!("{before}{}", ips.unwrap_or_default())
    });
    place.tool(["--conf"]).args([conf])
}

fn check(place: &Place, ips: &str) -> Ran {
    with_ips(place, Some(ips)).args(["--check"]).run()
}

/// What the Gateway of a place answers to a client with this address.
fn answer_to(place: &Place, address: &str) -> String {
    let output = Command::new("curl")
        .args([
            "-ksS",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "--interface",
            address,
        ])
        .arg(format!("https://127.0.0.1:{}/", place.port))
        .output()
        .expect("curl runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The `ips` block that the instance was started with.
fn block(place: &Place) -> String {
    let conf = fs::read_to_string(place.instance("conf/conf.yaml")).expect("it is there");
    let block = conf.split_once("ips:").expect("there is one").1;
    block.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn check_says_whom_the_settings_admit() {
    let place = Place::new();
    let says = |ips: &str, admitted: Value, ignored: Value, warnings: Value| {
        let report = check(&place, ips).exits(0).report();
        let found = (
            &report["ips_admitted"],
            &report["ips_ignored"],
            &report["warnings"],
        );
        assert_eq!(found, (&admitted, &ignored, &warnings), "{ips}");
    };
    let ips = |allow: &str, deny: &str| format!("ips: {{allow: [{allow}], deny: [{deny}]}}");
    let nothing = || json!([]);
    // As shipped with IBeam: what its reader takes for a ban on everybody means nobody, and nobody misses it.
    says(
        &ips(
            "10.*, 192.*, 131.216.*, 172.17.0.*, 127.0.0.1, x.x.x.x",
            "212.90.324.10, 0.0.0.0/0",
        ),
        json!(["10.*", "192.*", "131.216.*", "172.17.0.*", "127.0.0.1"]),
        json!(["x.x.x.x", "212.90.324.10", "0.0.0.0/0"]),
        json!(["address_ignored"]),
    );
    says(
        &ips("127.0.0.*, 10.0.0.0/8, 10-12.0.0.1, 10.*.*.*", ""),
        json!(["127.0.0.*"]),
        json!(["10.0.0.0/8", "10-12.0.0.1", "10.*.*.*"]),
        json!(["address_ignored"]),
    );
    says(
        &ips("127.0.0.1, 10.0.0.5", "10.0.0.5, 0-255.*.*.*"),
        json!(["127.0.0.1"]),
        json!(["0-255.*.*.*"]),
        nothing(),
    );
    // An exception that is none, and one of which nobody knows.
    says(
        &ips("127.0.0.1, 10.*", "10.5.0.0/16"),
        json!(["127.0.0.1", "10.*"]),
        json!(["10.5.0.0/16"]),
        json!(["exception_unproven"]),
    );
    says(
        &ips("127.0.0.1, 10.*", "10.5.0.1"),
        json!(["127.0.0.1", "10.*"]),
        nothing(),
        json!(["exception_unproven"]),
    );
    says(
        "ips: {deny: [0.0.0.0/0]}",
        json!(["anyone"]),
        json!(["0.0.0.0/0"]),
        json!(["admits_anyone"]),
    );
    let report = with_ips(&place, None)
        .args(["--check"])
        .run()
        .exits(0)
        .report();
    assert_eq!(report["ips_admitted"], json!(["anyone"]), "{report}");
}

#[test]
fn check_refuses_settings_that_keep_this_machine_out() {
    let place = Place::new();
    for (ips, words) in [
        ("ips: {allow: [\"*\"]}", &["500", "127.0.0.1"][..]),
        (
            "ips: {allow: [0.0.0.0/0]}",
            &["does not admit this machine", "127.0.0.1"],
        ),
        ("ips: {allow: []}", &["does not admit this machine"]),
        (
            "ips: {allow: [127.0.0.1], deny: [127.0.0.1]}",
            &["does not admit this machine"],
        ),
    ] {
        let ran = check(&place, ips).exits(6);
        says(&ran, words);
        says(&ran, &["mine/conf.yaml"]);
        assert_eq!(ran.report()["state"], "stopped", "{}", ran.all());
        // The Gateway says the same.
        with_ips(&place, Some(ips)).run().exits(6);
    }
    place.is_empty();
}

#[test]
fn opens_to_whom_the_flag_names_and_to_nobody_else() {
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
    assert!(block.contains("deny: - 212.90.324.10"), "{block}");
    assert!(
        block.contains("allow: - 127.0.0.1 - 127.0.0.2 - 10.1.* - 172.17.0.1 authDelay"),
        "{block}"
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
fn refuses_addresses_that_the_gateway_would_not_understand() {
    let place = Place::new();
    for (address, word) in [
        ("*", "500"),
        ("10.0.0.0/8", "10.*"),
        ("0.0.0.0/0", "networks"),
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
}
