//! A conf.yaml as users have it: what is written in it reaches the Gateway as it was written.

use super::certificates::Certificates;
use super::fails::says;
use super::place::Place;
use crate::support::{Ran, Tool, at_once};
use std::fs;

/// The tool with the shipped settings, changed.
fn with(place: &Place, edit: impl FnOnce(String) -> String) -> Tool {
    let conf = place.conf(edit);
    place.tool(["--conf"]).args([conf])
}

/// The tool with settings in these bytes.
fn with_bytes(place: &Place, bytes: &[u8]) -> Tool {
    let conf = place.conf(|conf| conf);
    fs::write(&conf, bytes).expect("it can be written");
    place.tool(["--conf"]).args([conf])
}

fn shipped(place: &Place) -> String {
    fs::read_to_string(place.path("gw/root/conf.yaml")).expect("it is there")
}

/// Starts with a keystore whose password is `meant`, which conf.yaml has as `written`.
fn starts_with_password(written: &str, meant: &str) {
    let place = Place::new();
    let conf = place.conf(|conf| conf.replace("\"mywebapi\"", written));
    Certificates::of(&place).shell(&format!(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout k -out c
        openssl pkcs12 -export -inkey k -in c -passout 'pass:{meant}' -out ../mine/vertx.jks"
    ));
    let tool = |flags: &[&str]| {
        let tool = place.tool(["--conf"]).args([&conf]);
        tool.args(flags).run()
    };
    tool(&["--check"]).exits(0);
    let ran = tool(&[]).exits(0);
    assert_eq!(ran.report()["state"], "ready", "{written}: {}", ran.all());
    place.down();
}

#[test]
fn passes_a_password_on_as_it_was_written() {
    let cases = [
        "012345",
        "0x1F5A7C",
        "0o1234567",
        "+1234567",
        "1_000_000",
        "1:20:30",
        "True",
        "no",
        "1e5",
        "2001-12-14",
        ".inf",
        "-5",
        "a#b",
        "a:b",
    ];
    at_once(4, cases, |written| {
        starts_with_password(written, written);
    });
}

#[test]
fn reads_every_way_to_write_a_password() {
    let cases = [
        ("'012345'", "012345"),
        ("\"a\\tb\\\"c\"", "a\tb\"c"),
        ("'it''s'", "it'\\''s"),
        ("abcdef # a comment", "abcdef"),
        ("one\n  two", "one two"),
        ("!!str 012345", "012345"),
        ("&pass abcdef\ntwsBaseURL: *pass", "abcdef"),
        ("|-\n  abcdef", "abcdef"),
        (">-\n  abc\n  def", "abc def"),
    ];
    at_once(4, cases, |(written, meant)| {
        starts_with_password(written, meant);
    });
}

#[test]
fn takes_a_file_in_the_encodings_of_windows() {
    let place = Place::new();
    let text = shipped(&place);
    let utf16 = |unit: fn(u16) -> [u8; 2]| {
        let units = format!("\u{feff}{text}");
        units.encode_utf16().flat_map(unit).collect::<Vec<u8>>()
    };
    for bytes in [
        format!("\u{feff}{text}").into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        text.replace('\n', "\r\n").into_bytes(),
    ] {
        with_bytes(&place, &bytes).args(["--check"]).run().exits(0);
        let report = with_bytes(&place, &bytes).run().exits(0).report();
        assert_eq!(report["state"], "ready", "{report}");
        place.down();
    }
    // One letter in Latin-1.
    let latin = [text.as_bytes(), b"# d\xe9mo\n"].concat();
    let ran = with_bytes(&place, &latin).run();
    says(&ran.exits(6).is_silent_on_stdout(), &["UTF-8"]);
}

#[test]
fn names_a_key_that_is_there_twice_with_its_line() {
    let place = Place::new();
    let lines = shipped(&place).lines().count();
    let again = |conf: String| format!("{conf}ips:\n  allow:\n    - 127.0.0.1\n  deny: []\n");
    let ran = refused_alike(&place, again);
    let line = format!("line {}", lines + 1);
    says(&ran, &["key 'ips'", "twice", &line]);
    assert!(!ran.stderr.contains("String("), "{}", ran.all());
}

#[test]
fn refuses_before_java_runs_what_the_gateway_would_refuse_later() {
    for (from, to, words) in [
        (
            "ccp: false",
            "tickleDelay: 5",
            &["knows no such key", "line 6"][..],
        ),
        (
            "ccp: false",
            "ccp: maybe",
            &["ccp", "true or false", "line 6"],
        ),
        (
            "authDelay: 10",
            "authDelay: soon",
            &["authDelay", "whole number"],
        ),
        ("authDelay: 10", "authDelay: 99999999999", &["authDelay"]),
        ("authDelay: 10", "authDelay:", &["authDelay"]),
        ("sslPwd: \"mywebapi\"", "sslPwd: [a]", &["sslPwd", "a word"]),
        ("sslPwd: \"mywebapi\"", "sslPwd:", &["sslPwd is empty"]),
        ("sslCert: \"vertx.jks\"", "sslCert:", &["sslCert", "empty"]),
        ("webApps:\n", "webApps: ~\nother:\n", &["webApps"]),
        (
            "allowCredentials: false",
            "allowCredentials: maybe",
            &["cors", "allowCredentials"],
        ),
        (
            "proxyRemoteHost: \"http://127.0.0.1:1\"",
            "proxyRemoteHost:",
            &["proxyRemoteHost"],
        ),
        (
            "blockedThreadCheckInterval: 1000000",
            "blockedThreadCheckInterval: -1",
            &["serverOptions"],
        ),
        (
            "sslPwd: \"mywebapi\"",
            "sslPwd: !secret a",
            &["tag", "line 9"],
        ),
        (
            "eventLoopPoolSize: 20",
            "eventLoopPoolSize: \"20\"",
            &["serverOptions"],
        ),
        ("ccp: false", "<<: {ccp: false}", &["merged", "line 6"]),
        ("ccp: false", "ccp: *nowhere", &["not YAML", "line 6"]),
        ("ccp: false", "---\nccp: false", &["second document"]),
        ("ccp: false", "\tccp: false", &["not YAML", "line"]),
    ] {
        let place = Place::new();
        let ran = refused_alike(&place, |conf| conf.replace(from, to));
        says(&ran, words);
    }
}

#[test]
fn refuses_a_filter_with_which_the_gateway_never_listens() {
    for block in [
        "ips:\n",
        "ips: []\n",
        "ips: ~\n",
        "ips: {allow: 127.0.0.1, deny: []}\n",
        "ips: {allow: [127.0.0.1], deny: {}}\n",
        "ips: {allow: [127.0.0.1], deny: [], others: 5}\n",
    ] {
        let place = Place::new();
        let ran = refused_alike(&place, |conf| {
            let (before, _) = conf.split_once("ips:").expect("there is one");
            format!("{before}{block}")
        });
        says(&ran, &["ips", "allow and deny"]);
    }
}

/// A refusal quotes nothing from a file that holds no settings.
#[test]
fn shows_nothing_of_a_file_that_is_no_settings() {
    let place = Place::new();
    for text in [
        "-----BEGIN PRIVATE KEY-----\nplanted91c4\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY----- planted91c4 -----END PRIVATE KEY-----",
        "{\"password\": \"planted91c4\"",
        "planted91c4: planted91c4\nplanted91c4: a\n",
        "planted91c4",
        "a: &planted91c4 b\nc: *planted91c4x",
        "ccp: planted91c4",
        "a: 'planted91c4",
        "planted91c4: [",
        "!planted91c4 a: b",
    ] {
        let ran = with_bytes(&place, text.as_bytes()).run().exits(6);
        ran.is_silent_on_stdout().never_shows("planted91c4");
    }
}

/// --check and a start refuse with the same words, and the start runs no Java.
#[track_caller]
fn refused_alike(place: &Place, edit: impl Fn(String) -> String) -> Ran {
    let check = with(place, &edit).args(["--check"]).run().exits(6);
    let start = with(place, &edit).run().exits(6).is_silent_on_stdout();
    assert_eq!(check.stderr, start.stderr);
    assert!(!place.instance("gateway.log").exists());
    start
}
