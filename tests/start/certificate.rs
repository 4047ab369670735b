//! The user's own certificate.

use super::certificates::{Certificates, P256, RSA, chmod, in_pem, shown_by};
use super::fails::says;
use super::place::Place;
use crate::support::Tool;
use std::fs;

/// The tool with a pair of files.
pub(crate) fn with_pair(
    place: &Place,
    certificates: &Certificates,
    certificate: &str,
    key: &str,
) -> Tool {
    let key = format!("file:{}", certificates.path(key).display());
    place
        .tool(["--tls-key", &key, "--tls-cert"])
        .args([certificates.path(certificate)])
}

/// The password in the settings of the instance.
fn password(place: &Place) -> String {
    let conf = fs::read_to_string(place.instance("conf/conf.yaml")).expect("it is there");
    let line = conf.lines().find_map(|line| line.strip_prefix("sslPwd: "));
    line.expect("there is one").trim_matches('"').to_owned()
}

#[test]
fn shows_the_certificate_with_its_issuers() {
    let place = Place::new();
    let certificates = Certificates::of(&place);
    for (name, key) in [
        ("sec1", P256),
        ("pkcs1", RSA),
        (
            "pkcs8",
            "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
        ),
    ] {
        certificates.issue(name, key);
        let pem = format!("{name}.pem");
        let tool = with_pair(&place, &certificates, &pem, &format!("{name}.key"));
        // Checked against its authority, so the name and the chain count, too.
        let tool = tool.env("IBGW_CACERT", certificates.path("ca.pem"));
        let report = tool.run().exits(0).is_silent_on_stderr().report();
        assert_eq!(
            report["keystore"],
            certificates.path(&pem).to_str().unwrap()
        );
        assert_eq!(
            report["cacert"],
            certificates.path("ca.pem").to_str().unwrap()
        );
        assert_eq!(
            report["warnings"],
            serde_json::json!(["admits_network"]),
            "{report}"
        );
        let chain = in_pem(&certificates.read(&pem));
        assert_eq!(chain.len(), 2);
        assert_eq!(shown_by(&place), chain, "{name}");
        place.down();
    }
}

#[test]
fn makes_a_keystore_that_javas_own_tool_opens() {
    let place = Place::new();
    let certificates = Certificates::of(&place);
    for (name, key) in [("sec1", P256), ("pkcs1", RSA)] {
        certificates.issue(name, key);
        let tool = with_pair(
            &place,
            &certificates,
            &format!("{name}.pem"),
            &format!("{name}.key"),
        );
        tool.run().exits(0);
        place.down();
        fs::write(certificates.path("password"), password(&place)).expect("it can be written");
        let keystore = place.instance("conf/own.jks");
        let keystore = keystore.to_str().expect("a path");
        let list = certificates.shell(&format!(
            "keytool -list -v -keystore '{keystore}' -storetype JKS -storepass:file password"
        ));
        for words in [
            "Entry type: PrivateKeyEntry",
            "Certificate chain length: 2",
            "Planted Authority",
        ] {
            assert!(list.contains(words), "{words:?} is missing: {list}");
        }
        // To move the key, keytool has to decrypt it. OpenSSL then says whose key it is.
        let [moved, public] = [
            format!(
                "keytool -importkeystore -noprompt -srckeystore '{keystore}' -srcstoretype JKS -srcstorepass:file password \
                    -destkeystore {name}.p12 -deststoretype PKCS12 -deststorepass:file password 2>&1
                openssl pkcs12 -in {name}.p12 -nocerts -nodes -passin file:password | openssl pkey -pubout"
            ),
            format!("openssl pkey -in {name}.key -pubout"),
        ]
        .map(|line| certificates.shell(&line));
        assert!(moved.ends_with(&public), "{moved}{public}");
    }
}

#[test]
fn refuses_a_key_of_another_certificate() {
    let place = Place::new();
    let certificates = Certificates::of(&place);
    certificates.issue_any("one");
    certificates.issue_any("other");
    for words in [&["--check"][..], &[]] {
        let tool = with_pair(&place, &certificates, "one.pem", "other.key").args(words);
        let ran = tool.run().exits(6).is_silent_on_stdout();
        says(&ran, &["other.key is not that of", "one.pem", "issued"]);
    }
    // Its own key, and the issuer before it.
    certificates.shell("cat ca.pem leaf.pem >turned.pem");
    let ran = with_pair(&place, &certificates, "turned.pem", "other.key").run();
    says(&ran.exits(6), &["stands before those of its issuers"]);
    place.is_empty();
}

#[test]
fn refuses_what_is_no_pair_to_serve_with() {
    let place = Place::new();
    let certificates = Certificates::of(&place);
    certificates.issue_any("good");
    certificates.issue("young", "openssl genpkey -algorithm ED25519");
    certificates.issue("weak", "openssl genrsa 1024");
    certificates.shell(
        "umask 077
        openssl pkey -in good.key -aes256 -passout pass:planted-91c4 -out sealed.key
        echo planted-91c4 >no.key; echo nothing >no.pem",
    );
    for (certificate, key, words) in [
        (
            "good.pem",
            "sealed.key",
            &["sealed.key", "not encrypted", "openssl pkey"][..],
        ),
        ("good.pem", "no.key", &["no.key", "no BEGIN line"]),
        ("good.pem", "nowhere.key", &["nowhere.key", "No such file"]),
        ("no.pem", "good.key", &["no.pem", "no BEGIN line"]),
        ("good.pem", "ca.pem", &["ca.pem", "no private key"]),
        ("good.key", "good.key", &["good.key", "no certificate"]),
        ("nowhere.pem", "good.key", &["nowhere.pem", "No such file"]),
        ("/dev/zero", "good.key", &["/dev/zero", "1 MiB"]),
        ("young.pem", "young.key", &["young.key", "RSA", "P-256"]),
        ("weak.pem", "weak.key", &["weak.key", "2048"]),
    ] {
        let ran = with_pair(&place, &certificates, certificate, key).run();
        let ran = ran
            .exits(6)
            .is_silent_on_stdout()
            .never_shows("planted-91c4");
        says(&ran, words);
    }
    let conf = place.conf(|conf| conf.replace("listenSsl: true", "listenSsl: false"));
    let tool = with_pair(&place, &certificates, "good.pem", "good.key").args(["--conf"]);
    says(
        &tool.args([conf]).run().exits(6),
        &["listenSsl", "--tls-cert"],
    );
    place.is_empty();
}

#[test]
fn takes_a_key_that_others_can_read_only_with_the_flag() {
    let place = Place::new();
    let certificates = Certificates::of(&place);
    certificates.issue_any("good");
    chmod(&certificates.path("good.key"), 0o644);
    let tool = || with_pair(&place, &certificates, "good.pem", "good.key").args(["--check"]);
    says(&tool().run().exits(6), &["others can read", "good.key"]);
    let report = tool()
        .args(["--allow-readable-key"])
        .run()
        .exits(0)
        .report();
    assert_eq!(report["warnings"][0], "readable_by_others", "{report}");
}

#[test]
fn takes_the_key_by_any_reference() {
    let place = Place::new();
    let certificates = Certificates::of(&place);
    certificates.issue_any("good");
    let tool = |key: &str| {
        let tool = place.tool(["--check", "--tls-key", key, "--tls-cert"]);
        tool.args([certificates.path("good.pem")])
    };
    let key = certificates.read("good.key");
    tool("-").stdin(key).run().exits(0);
    tool(&format!(
        "cmd:cat {}",
        certificates.path("good.key").display()
    ))
    .run()
    .exits(0);
    let credential = tool("cred:good.key").env("CREDENTIALS_DIRECTORY", certificates.path(""));
    credential.run().exits(0);
}

#[test]
fn keeps_key_and_password_to_the_instance() {
    let place = Place::new();
    let certificates = Certificates::of(&place);
    certificates.issue_any("good");
    let up = || {
        with_pair(&place, &certificates, "good.pem", "good.key")
            .args(["-v"])
            .run()
            .exits(0)
    };
    let first = up();
    let word = password(&place);
    assert_eq!(word.len(), 64, "{word}");
    first.never_shows(&word);
    for name in ["conf/own.jks", "conf/conf.yaml"] {
        use std::os::unix::fs::PermissionsExt;
        let about = fs::metadata(place.instance(name)).expect("it is there");
        assert_eq!(about.permissions().mode() & 0o777, 0o600, "{name}");
    }
    let lines = crate::support::processes_with(&word);
    assert!(lines.is_empty(), "{lines:?}");
    let environments = crate::support::environments_with(&word);
    assert!(environments.is_empty(), "{environments:?}");
    let log = fs::read_to_string(place.instance("gateway.log")).expect("it is there");
    assert!(!log.contains(&word), "{log}");
    place.down();
    up();
    assert_ne!(password(&place), word, "each start makes its own");
    place.down();
}
