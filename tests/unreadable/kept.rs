//! Files that a tool keeps, or that only the Gateway reads: what is said of them when they are broken.

use super::planted::Planted;
use super::reader::Reader;
use super::readers::{PASSWORD, conf, login};
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
    let reader = Reader {
        words: "ibgw-login --status --login login",
        file: ledger.as_bytes(),
        planted: &Planted::new([PASSWORD]),
        beside: &[("login", login.as_bytes())],
        variables: &[],
    };
    reader.says_nothing_of(LEDGER);
}

#[test]
fn keystores_of_both_kinds() {
    let (place, made) = (Place::new(), TempDir::new().expect("a folder"));
    let conf = conf().replace("vertx.jks", "own.jks");
    fs::write(made.path().join("word"), PASSWORD).expect("it can be written");
    for kind in ["JKS", "PKCS12"] {
        let line = format!(
            "rm -f own.jks; exec keytool -genkeypair -alias own -dname CN=own -keyalg EC -groupname secp256r1 \
            -keystore own.jks -storetype {kind} -storepass:file word -keypass:file word"
        );
        let output = Command::new("sh")
            .args(["-euc", &line])
            .current_dir(made.path())
            .output()
            .expect("sh runs");
        assert!(output.status.success(), "{output:?}");
        let keystore = fs::read(made.path().join("own.jks")).expect("it is there");
        // Behind the names of formats and algorithms.
        let planted = Planted::new([PASSWORD.as_bytes(), &keystore[180..240]]);
        let gateway = place.path("gw").display().to_string();
        let java = place.path("gw/jre/bin/java").display().to_string();
        let reader = Reader {
            words: "ibgw-start --check --conf conf.yaml",
            file: &keystore,
            planted: &planted,
            beside: &[("conf.yaml", conf.as_bytes())],
            variables: &[
                ("IBGW_GATEWAY_DIR", gateway),
                ("IBGW_JAVA", java),
                ("IBGW_PORT", place.port.to_string()),
            ],
        };
        reader.says_nothing_of("own.jks");
    }
}
