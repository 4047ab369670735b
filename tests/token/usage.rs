//! Command lines that make no sense: the tool reads nothing and sends nothing.

use super::{Bank, refuses, says};

#[test]
fn refuses_addresses_that_no_token_can_be_good_from() {
    let bank = Bank::new();
    for ip in [
        "01.2.3.4",
        "1.2.3",
        "1.2.3.4:80",
        "1.2.3.4, 5.6.7.8",
        " 1.2.3.4",
        "::ffff:1.2.3.4",
        "fe80::1%eth0",
        "[2001:db8::1]",
        "",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "127.0.0.1",
        "100.64.0.1",
        "169.254.1.1",
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.7",
        "198.18.0.1",
        "224.0.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "fd00::1",
        "fe80::1",
        "2001:db8::1",
        "ff02::1",
    ] {
        // The tool reads nothing either: this key does not exist.
        let tool = bank.token().args(["--sign-key", "file:/nonexistent"]);
        let ran = tool.args([format!("--ip={ip}")]).run();
        refuses(&bank, ran, 2, "--ip");
    }
}

#[test]
fn takes_an_address_that_is_not_public_only_with_the_flag() {
    let bank = Bank::new();
    for ip in ["10.0.0.1", "203.0.113.7", "fd00::1"] {
        let ran = bank.token().args(["--ip", ip]).run();
        refuses(&bank, ran, 2, "--allow-nonpublic-ip");
    }
    // No flag allows this form of an address.
    let mapped = ["--ip", "::ffff:1.2.3.4", "--allow-nonpublic-ip"];
    refuses(
        &bank,
        bank.token().args(mapped).run(),
        2,
        "write it as IPv4",
    );
    for ip in ["10.0.0.1", "fd00::1"] {
        let allowed = ["--ip", ip, "--allow-nonpublic-ip"];
        let report = says(bank.token().args(allowed).run(), "issued", 0);
        assert_eq!(report["ip"], ip);
    }
}

#[test]
fn refuses_ipv6_when_told_to() {
    let bank = Bank::new();
    let six = ["--ip", "2a00:1450::1", "--ipv4-only"];
    refuses(&bank, bank.token().args(six).run(), 2, "--ipv4-only");
    says(bank.token().args(["--ipv4-only"]).run(), "issued", 0);
}

#[test]
fn refuses_invalid_usernames() {
    let bank = Bank::new();
    for username in ["", "abc\ndef", "abc\u{7f}", "\u{85}"] {
        let ran = bank.token().args([format!("--username={username}")]).run();
        refuses(&bank, ran, 2, "--username");
    }
}

#[test]
fn wants_everything_that_a_call_needs() {
    let bank = Bank::new();
    for name in [
        "IBSSO_USERNAME",
        "IBSSO_IP",
        "IBSSO_CSID",
        "IBSSO_SIGN_KEY",
        "IBSSO_RECIPIENT",
        "IBSSO_RECIPIENT_FPR",
    ] {
        let flag = name
            .replace("IBSSO_", "--")
            .to_lowercase()
            .replace('_', "-");
        refuses(&bank, bank.token().env(name, "").run(), 2, &flag);
    }
}

#[test]
fn takes_no_secret_in_place_of_where_it_is() {
    let bank = Bank::new();
    for flag in ["--csid", "--passphrase", "--sign-key"] {
        let ran = bank.token().args([flag, "planted"]).run();
        let ran = ran.never_shows("planted");
        refuses(&bank, ran, 2, flag);
    }
    let ran = bank.token().args(["--token", "planted"]).run();
    refuses(&bank, ran.never_shows("planted"), 2, "--token");
    let twice = ["--csid", "-", "--passphrase", "-"];
    refuses(
        &bank,
        bank.token().args(twice).stdin("word").run(),
        2,
        "only once",
    );
    let elsewhere = ["--csid", "pgp:csid.gpg"];
    refuses(
        &bank,
        bank.token().args(elsewhere).run(),
        2,
        "ibgw-secret get",
    );
}

#[test]
fn refuses_flags_that_contradict_each_other() {
    let bank = Bank::new();
    for flags in [
        &["--dry-run", "--self-test"][..],
        &["--dry-run", "--out", "token"],
        &["--self-test", "--out", "token"],
    ] {
        refuses(
            &bank,
            bank.token().args(flags).run(),
            2,
            "cannot be used with",
        );
    }
}

#[test]
fn refuses_hosts_that_it_must_not_ask() {
    let bank = Bank::new();
    for url in [
        "http://www.clientam.com/sso/dam/token",
        "http://127.0.0.1.example/sso/dam/token",
        "https://user:planted@localhost/sso/dam/token",
        "ftp://localhost/sso/dam/token",
        "www.clientam.com",
    ] {
        let ran = bank.token().args(["--token-url", url]).run();
        refuses(&bank, ran.never_shows("planted"), 2, "--token-url");
    }
}
