//! Reports: every key that a tool prints is on its page.

use super::page::Page;
use crate::support::{ClosedPort, IbcLayout, Ran, Standin, Tool, read};
use crate::token::Bank;
use crate::validate::Device;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const USERNAME: &str = "Testuser01";

/// Puts a login into a folder of secrets.
pub(crate) fn put_secrets(folder: &Path) {
    fs::create_dir(folder).expect("a folder can be made");
    for (name, value) in [
        ("username", USERNAME),
        ("password", "Correct-Horse1"),
        ("totp_seed", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
    ] {
        let path = folder.join(name);
        fs::write(&path, value).expect("a secret can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("a mode can be set");
    }
}

/// Every key of a value, and of the objects in it.
fn keys(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(object) => {
            let here = object.keys().cloned();
            here.chain(object.values().flat_map(keys)).collect()
        }
        Value::Array(items) => items.iter().flat_map(keys).collect(),
        _ => BTreeSet::new(),
    }
}

#[track_caller]
fn is_on_the_page(tool: &str, schema: &str, ran: &Ran) {
    let (page, report) = (Page::of(tool), ran.report());
    assert_eq!(report["schema"], schema, "{}", ran.all());
    assert!(page.has_literal(schema), "{tool}.1 has no .Li {schema}");
    let explained = page.names_explained();
    let missing: Vec<_> = keys(&report).difference(&explained).cloned().collect();
    assert!(
        missing.is_empty(),
        "{tool}.1 has no .It Li for {missing:?}: {}",
        ran.all()
    );
}

#[test]
fn every_key_of_ibgw_tickle_is_explained() {
    let closed = ClosedPort::new();
    let ran = Tool::new("ibgw-tickle")
        .args(["--url", &closed.url()])
        .run();
    is_on_the_page("ibgw-tickle", "ibgw-tickle/1", &ran.exits(7));
    let standin = Standin::tws();
    let flags = ["--kind", "tws", "--address", standin.address()];
    let ran = Tool::new("ibgw-tickle").args(flags).run().exits(0);
    assert!(ran.report()["farms"][0].is_object(), "{}", ran.all());
    is_on_the_page("ibgw-tickle", "ibgw-tickle/1", &ran);
}

#[test]
fn every_key_of_ibsso_validate_is_explained() {
    let device = Device::new();
    let ran = device.tool().args(["--brokerage"]).run().exits(0);
    assert!(ran.report()["brokerage"].is_object(), "{}", ran.all());
    is_on_the_page("ibsso-validate", "ibsso-validate/1", &ran);
}

#[test]
fn every_key_of_ibgw_start_is_explained() {
    let closed = ClosedPort::new();
    let ran = Tool::new("ibgw-start")
        .args(["--stop", "--url", &closed.url()])
        .run();
    is_on_the_page("ibgw-start", "ibgw-start/1", &ran.exits(0));
    let ran = IbcLayout::new().tool("ibgw-start").args(["--stop"]).run();
    is_on_the_page("ibgw-start", "ibgw-start/1", &ran.exits(0));
}

/// The keys that a page lists for a struct, without those of its parts and without values.
fn keys_listed(page: &str, name: &str) -> BTreeSet<String> {
    let page = read(page);
    let from = format!("generated: keys ibgw-start/1 {name}\n");
    let rest = page.split(&from).nth(1);
    let rest = rest.unwrap_or_else(|| panic!("the page has no {from:?}"));
    let mut depth = 0;
    let mut keys = BTreeSet::new();
    for line in rest
        .lines()
        .take_while(|line| !line.contains("generated: end"))
    {
        match line {
            ".El" => depth -= 1,
            _ if line.starts_with(".Bl ") => depth += 1,
            _ => {}
        }
        keys.extend(
            line.strip_prefix(".It Li ")
                .filter(|_| depth == 1)
                .map(str::to_owned),
        );
    }
    keys
}

#[test]
fn the_page_of_ibgw_start_lists_the_keys_of_each_kind() {
    let closed = ClosedPort::new();
    let ran = Tool::new("ibgw-start")
        .args(["--stop", "--url", &closed.url()])
        .run();
    let (page, top) = ("man/ibgw-start.1", |report: Value| {
        let keys = report.as_object().expect("an object").keys().cloned();
        keys.collect::<BTreeSet<_>>()
    });
    let cp = top(ran.exits(0).report());
    assert_eq!(
        keys_listed(page, "GatewayReport"),
        cp,
        "left: the page; right: the report of cp"
    );
    let ran = IbcLayout::new().tool("ibgw-start").args(["--stop"]).run();
    let tws = top(ran.exits(0).report());
    assert_eq!(
        keys_listed(page, "TwsReport"),
        tws,
        "left: the page; right: the report of tws"
    );
}

#[test]
fn every_key_of_ibgw_login_is_explained() {
    let closed = ClosedPort::new();
    let ran = Tool::new("ibgw-login")
        .args(["--recover-only", "--url", &closed.url()])
        .run();
    is_on_the_page("ibgw-login", "ibgw-login/1", &ran.exits(7));
}

#[test]
fn every_key_of_what_is_known_of_the_page_is_explained() {
    let ran = Tool::new("ibgw-login").args(["--page-defaults"]).run();
    is_on_the_page("ibgw-login", "ibgw-login-page/1", &ran.exits(0));
}

#[test]
fn every_key_of_the_guards_standing_is_explained() {
    let state = tempfile::TempDir::new().expect("a temporary folder can be made");
    let record =
        json!({"schema": "ibgw-secret/1", "username": USERNAME, "password": "Correct-Horse1"});
    let status = || {
        let tool = Tool::new("ibgw-login").state(state.path());
        tool.args(["--status"])
            .stdin(record.to_string())
            .run()
            .exits(0)
    };
    let first = status();
    let lock = fs::read_dir(state.path().join("ledger"))
        .expect("there are ledgers")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|end| end == "lock"));
    let ledger = lock.unwrap_or_else(|| panic!("a lock names the ledger: {}", first.all()));
    let submission = json!({"at": 1_700_000_000, "elapsed": 0, "method": "browser", "mode": "paper", "outcome": "failed",
            "attended": false, "codes": 0, "push": null, "push_counted": false, "forgiven": false});
    let contents = json!({"schema": "ib-ledger/2", "clock": [], "submissions": [submission], "latch": null,
        "begun_anew": null, "code_windows": [], "pushes": {"unanswered": 0, "expected": {}}, "forgiven": []});
    fs::write(ledger.with_extension("json"), contents.to_string())
        .expect("a ledger can be written");
    let ran = status();
    let submissions = &ran.report()["submissions"];
    assert_eq!(
        submissions.as_array().map(Vec::len),
        Some(1),
        "{}",
        ran.all()
    );
    is_on_the_page("ibgw-login", "ibgw-login-status/1", &ran);
}

#[test]
fn every_key_of_ibgw_secret_is_explained() {
    for (schema, words, input) in [
        ("ibgw-secret/1", &["--dir", "secrets"][..], ""),
        ("ibgw-secret-check/1", &["check", "--dir", "secrets"], ""),
        ("ibgw-secret-totp/1", &["totp", "--dir", "secrets"], ""),
        (
            "ibgw-secret-seal/1",
            &[
                "seal",
                "--passphrase",
                "file:secrets/password",
                "--out",
                "sealed.pgp",
            ],
            "something",
        ),
    ] {
        let tool = Tool::new("ibgw-secret");
        put_secrets(&tool.folder.path().join("secrets"));
        let ran = tool.args(words).stdin(input).run().exits(0);
        is_on_the_page("ibgw-secret", schema, &ran);
    }
}

#[test]
fn every_key_of_ibsso_token_is_explained() {
    let bank = Bank::new();
    for (schema, flags) in [
        ("ibsso-token/1", &[][..]),
        ("ibsso-token-dry-run/1", &["--dry-run"]),
        ("ibsso-token-self-test/1", &["--self-test"]),
    ] {
        let ran = bank.token().args(flags).run().exits(0);
        is_on_the_page("ibsso-token", schema, &ran);
    }
}
