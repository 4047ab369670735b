//! The addresses that a Gateway lets in.

use super::fails::says;
use super::place::Place;
use crate::support::{Ran, Tool};
use serde_json::{Value, json};
use std::process::Command;

/// The tool with its own `ips` block; `None` for settings without one.
pub(crate) fn with_ips(place: &Place, ips: Option<&str>) -> Tool {
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
pub(crate) fn answer_to(place: &Place, address: &str) -> String {
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
    // As shipped with IBeam: the entry reads like a ban on every address, but means none, and no client misses it.
    says(
        &ips(
            "10.*, 192.*, 131.216.*, 172.17.0.*, 127.0.0.1, x.x.x.x",
            "212.90.324.10, 0.0.0.0/0",
        ),
        json!(["10.*", "192.*", "131.216.*", "172.17.0.*", "127.0.0.1"]),
        json!(["x.x.x.x", "212.90.324.10", "0.0.0.0/0"]),
        json!(["admits_network", "address_ignored"]),
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
    // The report names a deny entry that the Gateway ignores. It does not name one that works.
    says(
        &ips("127.0.0.1, 10.*", "10.5.0.0/16"),
        json!(["127.0.0.1", "10.*"]),
        json!(["10.5.0.0/16"]),
        json!(["admits_network", "address_ignored"]),
    );
    says(
        &ips("127.0.0.1, 10.*", "10.5.*"),
        json!(["127.0.0.1", "10.*"]),
        nothing(),
        json!(["admits_network"]),
    );
    says(
        &ips("127.0.0.1, 10.5.0.1", "10.5.*"),
        json!(["127.0.0.1"]),
        nothing(),
        nothing(),
    );
    // Four parts are a regular expression.
    says(
        &ips("\"127.0.0.[1-9]\"", ""),
        json!(["127.0.0.[1-9]"]),
        nothing(),
        nothing(),
    );
    says(
        &ips("\"[0-9]+.[0-9]+.[0-9]+.[0-9]+\"", ""),
        json!(["anyone"]),
        nothing(),
        json!(["admits_anyone"]),
    );
    says(
        &ips("127*, 127.0*, 127.0.0.1", ""),
        json!(["127.0.0.1"]),
        json!(["127*", "127.0*"]),
        json!(["address_ignored"]),
    );
    says(
        &ips("127.0.0.1, \"(?!10)[0-9]+.1.2.3\"", ""),
        json!(["127.0.0.1", "(?!10)[0-9]+.1.2.3"]),
        nothing(),
        json!(["address_unknown"]),
    );
}

#[test]
fn says_anyone_where_the_filter_is_off() {
    let place = Place::new();
    for ips in [
        None,
        Some("ips: {}"),
        Some("ips: {allow: [127.0.0.1]}"),
        Some("ips: {allow: [\"*\"]}"),
        Some("ips: {deny: [127.0.0.1]}"),
        Some("ips: {allow: [127.0.0.1], deny: }"),
        Some("ips: {allow: ~, deny: [10.9.9.9]}"),
    ] {
        let tool = with_ips(&place, ips).args(["--check"]);
        let report = tool.run().exits(0).report();
        assert_eq!(report["ips_admitted"], json!(["anyone"]), "{ips:?}");
        assert_eq!(report["warnings"], json!(["admits_anyone"]), "{ips:?}");
    }
    // The Gateway does so too.
    let report = with_ips(&place, Some("ips: {allow: [127.0.0.1]}"))
        .run()
        .exits(0)
        .report();
    assert_eq!(report["ips_admitted"], json!(["anyone"]), "{report}");
    assert_eq!(answer_to(&place, "127.0.0.2"), "302");
    place.down();
}

#[test]
fn says_which_exceptions_work() {
    let place = Place::new();
    let ips = "ips: {allow: [127.0.0.1, 10.*], deny: [10.5.*, 192.168.0.1, 0.0.0.0/0]}";
    let report = check(&place, ips).exits(0).report();
    assert_eq!(report["ips_denied"], json!(["10.5.*"]), "{report}");
}

#[test]
fn check_refuses_settings_that_keep_this_machine_out() {
    let place = Place::new();
    for (ips, words) in [
        (
            "ips: {allow: [\"*\"], deny: []}",
            &["cannot read *", "500", "127.0.0.1"][..],
        ),
        (
            "ips: {allow: [0.0.0.0/0], deny: []}",
            &["does not admit this machine", "127.0.0.1"],
        ),
        (
            "ips: {allow: [], deny: []}",
            &["does not admit this machine"],
        ),
        (
            "ips: {allow: [127.0.0.1], deny: [127.0.0.1]}",
            &["127.0.0.1 in ips.deny", "does not admit this machine"],
        ),
        (
            "ips: {allow: [127.0.0.1], deny: [127.*]}",
            &["127.* in ips.deny", "does not admit this machine"],
        ),
        (
            "ips: {allow: [127.0.0.1], deny: [\"::1\"]}",
            &["::1", "second request"],
        ),
        (
            "ips: {allow: [127.0.0.1], deny: [localhost, 10.0.0.1]}",
            &["localhost", "second request"],
        ),
        (
            "ips: {allow: [127.1.2.3.*, 127.0.0.1], deny: []}",
            &["127.1.2.3.*", "500", "four parts"],
        ),
        ("ips: {allow: [127.0.0.1], deny: [10.0]}", &["10.0", "500"]),
        (
            "ips: {allow: [127.0.0.1], deny: [~]}",
            &["cannot read ~", "500"],
        ),
        (
            "ips: {allow: [127.0.0.1, 192.168], deny: []}",
            &["192.168", "500", "in quotes"],
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
