//! Files that a tool keeps, or that only the Gateway reads: what is said of them when they are broken.

use super::planted::Planted;
use super::reader::Reader;
use super::readers::{Bench, PASSWORD, check, conf, login, with_a_gateway};
use crate::start::place::Place;
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// The ledger of `trader`: SHA-256 of the username.
const LEDGER: &str =
    "state/ledger/c40e36253c9be87e0101822f8c195ae3d4b330f3fdbc2af637ef5b9b38fd0a3c.json";

#[test]
fn the_guards_ledger() {
    let login = login();
    // Of another type than belongs there, which serde_json quotes.
    let ledger =
        format!(r#"{{"latch":"{PASSWORD}","forgiven":["{PASSWORD}"],"schema":"ibgw-ledger/1"}}"#);
    let planted = Planted::new([PASSWORD]);
    let beside: [(&str, &[u8]); 1] = [("login", login.as_bytes())];
    let words = "ibgw-login --status --login login";
    let reader = Reader::of(words, ledger.as_bytes(), &planted).beside(&beside);
    reader.says_nothing_of(LEDGER, "ledger_unreadable");
}

/// A keystore of this kind that keytool makes, whose password is [`PASSWORD`].
fn keystore(kind: &str) -> Vec<u8> {
    let made = TempDir::new().expect("a folder");
    fs::write(made.path().join("word"), PASSWORD).expect("it can be written");
    let line = format!(
        "exec keytool -genkeypair -alias own -dname CN=own -keyalg EC -groupname secp256r1 \
        -keystore own.jks -storetype {kind} -storepass:file word -keypass:file word"
    );
    let output = Command::new("sh")
        .args(["-euc", &line])
        .current_dir(made.path())
        .output()
        .expect("sh runs");
    assert!(output.status.success(), "{output:?}");
    fs::read(made.path().join("own.jks")).expect("it is there")
}

/// What of a keystore nothing may show: the password, and bytes behind the names of formats and algorithms.
fn planted_in(keystore: &[u8]) -> Planted {
    Planted::new([PASSWORD.as_bytes(), &keystore[180..240]])
}

#[test]
fn keystores_of_both_kinds() {
    let place = Place::new();
    let conf = conf().replace("vertx.jks", "own.jks");
    for kind in ["JKS", "PKCS12"] {
        let keystore = keystore(kind);
        let gateway = place.path("gw").display().to_string();
        let java = place.path("gw/jre/bin/java").display().to_string();
        let planted = planted_in(&keystore);
        let beside: [(&str, &[u8]); 1] = [("conf.yaml", conf.as_bytes())];
        let variables = [
            ("IBGW_GATEWAY_DIR", gateway),
            ("IBGW_JAVA", java),
            ("IBGW_PORT", place.port.to_string()),
        ];
        let words = "ibgw-start --check --conf conf.yaml";
        let reader = Reader::of(words, &keystore, &planted).beside(&beside);
        let reader = reader.variables(&variables);
        reader.says_nothing_of("own.jks", "own.jks");
    }
}

#[test]
fn a_thousand_keystores_of_each_kind() {
    let conf = conf().replace("vertx.jks", "broken");
    for kind in ["JKS", "PKCS12"] {
        let keystore = keystore(kind);
        let bench = Bench::new(keystore.clone(), planted_in(&keystore)).with("conf.yaml", &conf);
        let (bench, place) = with_a_gateway(bench);
        bench.thousand(ibgw_start::run, &check(&place, "--conf HERE/conf.yaml"));
    }
}
