//! A directory of inputs as IBeam's users have it.

use super::certificates::{Certificates, in_pem, shown_by};
use super::fails::says;
use super::place::Place;
use crate::support::Tool;
use serde_json::json;
use std::fs;

const PASSWORD: &str = "planted-91c4";

/// The directory with these three, made as IBeam's guide says, by keytool.
fn inputs(place: &Place, kind: &str) -> Certificates {
    let inputs = Certificates::of(place);
    inputs.shell(&format!(
        "keytool -genkeypair -keyalg RSA -keysize 2048 -alias selfsigned -validity 30 -dname CN=localhost \
            -ext san=dns:localhost,ip:127.0.0.1 -keystore cacert.jks -storetype {kind} \
            -storepass {PASSWORD} -keypass {PASSWORD}
        keytool -exportcert -rfc -alias selfsigned -keystore cacert.jks -storepass {PASSWORD} -file cacert.pem"
    ));
    let conf = place.conf(|conf| {
        conf.replace("vertx.jks", "cacert.jks")
            .replace("mywebapi", PASSWORD)
    });
    fs::copy(conf, inputs.path("conf.yaml")).expect("it can be copied");
    inputs
}

fn tool(place: &Place, inputs: &Certificates) -> Tool {
    place.tool(["--inputs-dir"]).args([inputs.path("")])
}

fn remove(inputs: &Certificates, name: &str) {
    fs::remove_file(inputs.path(name)).expect("it can be removed");
}

#[test]
fn takes_all_that_ibeams_users_have() {
    for kind in ["JKS", "PKCS12"] {
        let place = Place::new();
        let inputs = inputs(&place, kind);
        let ran = tool(&place, &inputs).run().exits(0).is_silent_on_stderr();
        let report = ran.never_shows(PASSWORD).report();
        let is = |key: &str, name: &str| {
            assert_eq!(
                report[key],
                inputs.path("").join(name).to_str().unwrap(),
                "{report}"
            );
        };
        is("settings", "conf.yaml");
        is("keystore", "cacert.jks");
        is("cacert", "cacert.pem");
        assert_eq!(report["warnings"], json!(["admits_network"]), "{report}");
        assert_eq!(
            shown_by(&place),
            in_pem(&inputs.read("cacert.pem")),
            "{kind}"
        );
        let again = tool(&place, &inputs).run().exits(0).report();
        assert_eq!(again["started"], false, "{again}");
        place.down();
    }
}

/// Looks at a directory, of which half a pair is missing.
#[track_caller]
fn check_warns(place: &Place, inputs: &Certificates, words: &str) {
    let ran = tool(place, inputs).args(["--check", "-v"]).run().exits(0);
    let report = ran.report();
    assert_eq!(
        report["warnings"],
        json!(["inputs_incomplete", "admits_network"]),
        "{}",
        ran.all()
    );
    assert!(report["cacert"].is_null(), "{}", ran.all());
    assert!(ran.stderr.contains(words), "{}", ran.all());
}

#[test]
fn says_which_half_of_a_pair_is_missing() {
    let place = Place::new();
    let inputs = inputs(&place, "JKS");
    let pem = inputs.read("cacert.pem");
    remove(&inputs, "cacert.pem");
    check_warns(
        &place,
        &inputs,
        "no cacert.pem: any certificate is accepted",
    );
    remove(&inputs, "cacert.jks");
    let named = ["sslCert", "cacert.jks", "is not there"];
    says(&tool(&place, &inputs).run().exits(6), &named);
    fs::copy(place.path("gw/root/conf.yaml"), inputs.path("conf.yaml")).expect("it can be copied");
    fs::write(inputs.path("cacert.pem"), pem).expect("it can be written");
    check_warns(&place, &inputs, "no cacert.jks: it is not used");
}

#[test]
fn takes_what_is_there_and_not_nothing() {
    let place = Place::new();
    let inputs = Certificates::of(&place);
    let shipped = place.path("gw/root/conf.yaml");
    let refused = || {
        let words = [
            "neither conf.yaml nor cacert.jks nor cacert.pem",
            "--inputs-dir",
        ];
        says(
            &tool(&place, &inputs).run().exits(6).is_silent_on_stdout(),
            &words,
        );
    };
    refused();
    fs::copy(&shipped, inputs.path("conf.yaml")).expect("it can be copied");
    let check = || {
        tool(&place, &inputs)
            .args(["--check"])
            .run()
            .exits(0)
            .report()
    };
    let report = check();
    assert_eq!(
        report["settings"],
        inputs.path("conf.yaml").to_str().unwrap()
    );
    assert_eq!(
        report["warnings"],
        json!(["admits_network"]),
        "settings alone are enough: {report}"
    );
    remove(&inputs, "conf.yaml");
    fs::write(inputs.path("cacert.pem"), "").expect("it can be written");
    assert_eq!(check()["settings"], shipped.to_str().unwrap());
    fs::remove_dir_all(inputs.path("")).expect("it can be removed");
    refused();
}

#[test]
fn refuses_a_keystore_that_the_settings_do_not_name() {
    let place = Place::new();
    let inputs = inputs(&place, "JKS");
    fs::copy(place.path("gw/root/conf.yaml"), inputs.path("conf.yaml")).expect("it can be copied");
    let refused = |words: &[&str]| {
        says(
            &tool(&place, &inputs).run().exits(6).is_silent_on_stdout(),
            words,
        );
    };
    refused(&["sslCert", "names vertx.jks", "sslCert: cacert.jks"]);
    remove(&inputs, "conf.yaml");
    refused(&["cacert.jks is in", "gw/root/conf.yaml names vertx.jks"]);
    place.is_empty();
}

#[test]
fn holds_the_gateway_to_the_certificate_beside_the_keystore() {
    let place = Place::new();
    let inputs = inputs(&place, "JKS");
    inputs.issue_any("other");
    fs::copy(inputs.path("other.pem"), inputs.path("cacert.pem")).expect("it can be copied");
    let ran = tool(&place, &inputs).run().exits(6);
    says(&ran, &["a certificate that is not accepted", "--cacert"]);
    assert_eq!(ran.report()["state"], "stopped", "{}", ran.all());
    place.is_empty();
    // A flag wins over the directory; and the tool knows a Gateway that is up from another server.
    let own = inputs.shell(&format!(
        "keytool -exportcert -rfc -alias selfsigned -keystore cacert.jks -storepass {PASSWORD}"
    ));
    fs::write(inputs.path("own.pem"), own).expect("it can be written");
    let flag = tool(&place, &inputs)
        .args(["--cacert"])
        .args([inputs.path("own.pem")]);
    flag.run().exits(0);
    let ran = tool(&place, &inputs).run().exits(6).is_silent_on_stdout();
    says(&ran, &["a certificate that is not accepted"]);
    place.down();
}

#[test]
fn says_where_else_the_settings_cannot_come_from() {
    let place = Place::new();
    let inputs = inputs(&place, "JKS");
    for flags in [
        &["--conf", "conf.yaml"][..],
        &["--tls-cert", "a.pem", "--tls-key", "file:a.key"],
        &["--tls-key", "file:a.key"],
    ] {
        let ran = tool(&place, &inputs).args(flags).run();
        says(&ran.exits(2).is_silent_on_stdout(), &["--inputs-dir"]);
    }
    // Of a flag and a variable the flag counts.
    let check = tool(&place, &inputs).args(["--check"]);
    let check = check
        .env("IBGW_CONF", "/nowhere")
        .env("IBGW_TLS_CERT", "/nowhere");
    let report = check
        .env("IBGW_TLS_KEY", "file:/nowhere")
        .run()
        .exits(0)
        .report();
    assert_eq!(
        report["settings"],
        inputs.path("conf.yaml").to_str().unwrap()
    );
}
