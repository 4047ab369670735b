//! Which hosts the payload reaches, and which it does not.

use super::{Bank, message, says};
use serde_json::json;

#[test]
fn follows_no_redirect() {
    let (bank, elsewhere) = (Bank::new(), Bank::new());
    for status in [301, 302, 303, 307, 308] {
        let place = format!("{}?planted=1", elsewhere.standin.token_url());
        let location = json!({"Location": place});
        let ran =
            bank.answered(json!({"status": status, "headers": location, "body": "", "times": 1}));
        let ran = ran.never_shows("planted");
        let said = message(&ran);
        assert!(
            said.contains("a redirect to localhost, which is not followed"),
            "{said}"
        );
        says(ran, "unknown", 9);
    }
    assert_eq!(bank.requests().len(), 5, "none is repeated");
    let truth = elsewhere.standin.truth();
    assert_eq!(truth["sso"]["handshakes"], 0, "{truth}");
}

#[test]
fn speaks_plain_http_to_a_loopback_host_alone() {
    let bank = Bank::new();
    // The host there speaks only TLS. This test checks that the tool asks it; usage.rs has the hosts that it must not
    // ask.
    let plain = bank.standin.token_url().replace("https://", "http://");
    let ran = bank.token().args(["--token-url", &plain]).run();
    says(ran, "unknown", 9);
}

#[test]
fn accepts_only_the_certificates_of_the_file() {
    let (bank, stranger) = (Bank::new(), Bank::new());
    let tool = bank.token();
    let theirs = std::fs::read(stranger.standin.cacert()).expect("there is an authority");
    super::put(tool.folder.path(), "ca.pem", theirs);
    let ran = tool.run();
    let said = message(&ran);
    assert!(said.contains("--cacert"), "{said}");
    says(ran, "down", 7);
    assert!(bank.requests().is_empty(), "nothing was sent");
}

/// 0.0.0.0 leads to this machine and is no loopback address.
#[test]
fn trusts_no_unknown_certificate_of_a_host_that_is_not_loopback() {
    let bank = Bank::new();
    let url = bank.standin.token_url().replace("localhost", "0.0.0.0");
    let tool = bank.token().env("IBSSO_CACERT", "");
    says(tool.args(["--token-url", &url]).run(), "down", 7);
    assert!(bank.requests().is_empty(), "nothing was sent");
}

#[test]
fn warns_once_of_clocks_that_differ() {
    let bank = Bank::new();
    for (skew_ms, skew, warnings) in [
        (50_000, -50, json!([])),
        (125_000, -125, json!(["clock_skew"])),
        (-3_600_000, 3600, json!(["clock_skew"])),
    ] {
        bank.standin.set(&json!({"clock_skew_ms": skew_ms}));
        let report = says(bank.token().run(), "issued", 0);
        let found = report["clock_skew_seconds"].as_i64().expect("a number");
        assert!((found - skew).abs() <= 2, "{found}, not {skew}");
        assert_eq!(report["warnings"], warnings, "{skew}");
    }
    let ran = bank.token().args(["-v"]).run().exits(0);
    assert_eq!(
        ran.stderr.matches("\"event\":\"clock_skew\"").count(),
        1,
        "{}",
        ran.all()
    );
    assert!(ran.stderr.contains("3600 s ahead of"), "{}", ran.all());
}

#[test]
fn says_that_clocks_differ_when_it_is_refused_too() {
    let bank = Bank::new();
    bank.standin
        .set(&json!({"clock_skew_ms": 200_000, "sso": {"usernames": []}}));
    let report = says(bank.token().run(), "refused", 4);
    assert_eq!(report["warnings"], json!(["clock_skew"]));
}
