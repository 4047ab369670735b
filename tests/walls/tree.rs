//! What each crate is built from.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

fn cargo(words: &[&str]) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(words).args(["--locked", "--offline"]);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = cargo.output().expect("cargo runs");
    assert!(
        output.status.success(),
        "{cargo:?}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The names of all that a crate is built from, itself included.
fn built_from(name: &str) -> BTreeSet<String> {
    names(&cargo(&[
        "tree", "-e", "normal", "--prefix", "none", "-p", name,
    ]))
}

fn names(tree: &str) -> BTreeSet<String> {
    let first = |line: &str| line.split_whitespace().next().map(str::to_owned);
    tree.lines().filter_map(first).collect()
}

/// Why a crate is there, for the reader of a broken wall.
fn way(from: &str, to: &str) -> String {
    cargo(&["tree", "-e", "normal", "-p", from, "-i", to])
}

#[track_caller]
fn is_without(name: &str, strangers: &[&str]) {
    let found = built_from(name);
    for stranger in strangers {
        assert!(
            !found.contains(*stranger),
            "{name} is built from {stranger}:\n{}",
            way(name, stranger)
        );
    }
}

/// The dependencies, those of tests excepted, that each crate of ours names itself.
fn named_by_ours() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = cargo(&["metadata", "--format-version", "1", "--no-deps"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo metadata is JSON");
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let of_package = |package: &Value| {
        let dependencies = package["dependencies"].as_array().expect("a list").iter();
        let normal = dependencies.filter(|dependency| dependency["kind"].is_null());
        let names = normal.map(|dependency| text(&dependency["name"])).collect();
        (text(&package["name"]), names)
    };
    let packages = metadata["packages"].as_array().expect("a list");
    packages.iter().map(of_package).collect()
}

const LAYERS: [&[&str]; 5] = [
    &["ib-proc"],
    &["ib-cli"],
    &["ib-webapi", "ib-pgp", "ib-tws", "ib-guard"],
    &[
        "ibgw-start",
        "ibgw-secret",
        "ibgw-login",
        "ibgw-tickle",
        "ibsso-token",
        "ibsso-validate",
    ],
    &["ib-tools"],
];

/// The crates for development alone, each with the crates of ours that it may use.
const DEVELOPMENT: [(&str, &[&str]); 2] = [
    // It proves the others, so it shares nothing with them.
    ("ib-standin", &[]),
    ("ib-testkit", &["ib-proc"]),
];

fn allowed_in_development(name: &str) -> Option<&'static [&'static str]> {
    let found = DEVELOPMENT.iter().find(|(own, _)| *own == name);
    found.map(|(_, allowed)| *allowed)
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

#[test]
fn every_crate_has_its_place_and_every_place_its_crate() {
    let development = DEVELOPMENT.iter().map(|(name, _)| *name);
    let places: Vec<_> = LAYERS
        .iter()
        .flat_map(|layer| layer.iter().copied())
        .chain(development)
        .collect();
    let all = named_by_ours();
    let without_place: Vec<_> = all
        .keys()
        .filter(|name| !places.contains(&&***name))
        .collect();
    let without_crate: Vec<_> = places
        .iter()
        .filter(|name| !all.contains_key(**name))
        .collect();
    assert!(
        without_place.is_empty() && without_crate.is_empty(),
        "in tests/walls/tree.rs: put into LAYERS or DEVELOPMENT {without_place:?}; take out {without_crate:?}"
    );
}

#[test]
fn every_crate_uses_only_crates_below_it() {
    let all = named_by_ours();
    for (name, uses) in &all {
        let mut ours = uses.iter().filter(|used| all.contains_key(*used));
        if let Some(allowed) = allowed_in_development(name) {
            let stranger = ours.find(|used| !allowed.contains(&&***used));
            assert!(
                stranger.is_none(),
                "{name}, for development alone, uses {stranger:?} and may use {allowed:?}"
            );
            continue;
        }
        let own = layer(name).unwrap_or_else(|| panic!("{name} has no layer: {LAYERS:?}"));
        for used in ours {
            let below = layer(used);
            assert!(
                below.is_some_and(|below| below < own),
                "{name} (layer {own}) uses {used} (layer {below:?})"
            );
        }
    }
}

#[test]
fn what_comes_from_outside_comes_in_by_one_door() {
    for (stranger, doors) in [
        ("fantoccini", &["ibgw-login"][..]),
        ("tokio", &["ibgw-login"]),
        ("reqwest", &["ib-webapi"]),
        ("crypto-bigint", &["ibgw-login"]),
        ("roxmltree", &["ibgw-login"]),
        ("totp-rs", &["ibgw-login", "ibgw-secret"]),
        ("tower", &["ib-webapi"]),
        ("sequoia-openpgp", &["ib-pgp", "ib-tools"]),
        ("openssl", &["ib-pgp"]),
        ("base64", &["ib-pgp", "ib-webapi"]),
        ("crc", &["ib-webapi"]),
        ("fernet", &["ibgw-secret"]),
        ("secret-service", &["ibgw-secret"]),
        ("nix", &["ib-proc"]),
        ("socket2", &["ib-tws"]),
        ("jiff", &["ib-guard"]),
    ] {
        let all = named_by_ours();
        let shipped = all
            .iter()
            .filter(|(name, _)| allowed_in_development(name).is_none());
        let users = shipped
            .filter(|(_, uses)| uses.contains(stranger))
            .map(|(name, _)| name.as_str());
        let users: Vec<_> = users.collect();
        assert_eq!(
            users, doors,
            "left: the crates that name {stranger}; right: those that may"
        );
    }
}

#[test]
fn what_opens_a_password_has_no_browser_and_no_login() {
    is_without("ibgw-secret", &["fantoccini", "crypto-bigint", "roxmltree"]);
}

#[test]
fn a_keyring_and_its_bus_are_one_tools_burden() {
    for tool in [
        "ibgw-start",
        "ibgw-login",
        "ibgw-tickle",
        "ibsso-token",
        "ibsso-validate",
    ] {
        is_without(tool, &["secret-service", "zbus", "fernet"]);
    }
}

#[test]
fn no_tool_carries_what_of_tokio_only_another_one_wants() {
    // All tools are built with what any of them wants of a crate: threads of tokio's bring libm, which is 0.3 MB of
    // ibgw-tickle's memory.
    let features = cargo(&[
        "tree",
        "-e",
        "normal,features",
        "--prefix",
        "none",
        "-p",
        "ib-tools",
        "-i",
        "tokio",
    ]);
    assert!(features.contains("tokio feature \"rt\""), "{features}");
    for stranger in ["rt-multi-thread", "process", "fs"] {
        let feature = format!("tokio feature \"{stranger}\"");
        assert!(!features.contains(&feature), "{features}");
    }
}

#[test]
fn what_runs_each_minute_has_no_openpgp_no_browser_and_no_login() {
    let strangers = [
        "sequoia-openpgp",
        "fantoccini",
        "crypto-bigint",
        "roxmltree",
    ];
    for tool in ["ibgw-tickle", "ibsso-validate"] {
        is_without(tool, &strangers);
    }
}

#[test]
fn what_asks_ib_gateway_has_no_http_and_no_tls() {
    is_without(
        "ib-tws",
        &["reqwest", "hyper", "rustls", "tokio", "openssl"],
    );
}

#[test]
fn what_gets_tokens_has_no_browser() {
    is_without("ibsso-token", &["fantoccini"]);
}

#[test]
fn the_contract_brings_neither_network_nor_openpgp_nor_browser() {
    is_without(
        "ib-cli",
        &["reqwest", "hyper", "tokio", "sequoia-openpgp", "fantoccini"],
    );
}

#[test]
fn the_lowest_crate_is_built_from_nix_alone() {
    let mut nix = built_from("nix");
    nix.insert("ib-proc".to_owned());
    assert_eq!(
        built_from("ib-proc"),
        nix,
        "left: ib-proc; right: nix and what it is built from"
    );
}

#[test]
fn tls_is_rustls_with_ring_and_nothing_else() {
    // The lock file has what any platform would build.
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"));
    let lock = lock.expect("Cargo.lock can be read");
    let has = |name: &str| lock.contains(&format!("\nname = \"{name}\"\n"));
    assert!(
        has("ring") && has("rustls"),
        "Cargo.lock names ring and rustls"
    );
    for stranger in ["aws-lc-rs", "aws-lc-sys", "native-tls"] {
        assert!(
            !has(stranger),
            "Cargo.lock names {stranger} (cargo tree --target all -i {stranger} says why; reqwest's and rustls' \
             default features bring it)"
        );
    }
}
