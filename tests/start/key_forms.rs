//! The forms in which programs write a certificate and its key.

use super::certificate::with_pair;
use super::certificates::{Certificates, in_pem, shown_by};
use super::fails::says;
use super::place::Place;

/// Java's keytool writes no public part (briansmith/ring#2133), and OpenSSL does either, by a flag.
#[test]
fn takes_a_key_on_a_curve_with_or_without_its_public_part() {
    let place = Place::new();
    let certificates = Certificates::of(&place);
    for curve in ["P-256", "P-384"] {
        let key = format!("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:{curve}");
        certificates.issue("own", &key);
        certificates.shell(&format!(
            "umask 077
            openssl ec -in own.key -no_public -out bare.key 2>&1
            openssl ec -in own.key -conv_form compressed -out short.key 2>&1
            openssl pkcs8 -topk8 -nocrypt -in short.key -out short8.key
            rm -f store.p12; echo planted-91c4 >word
            keytool -genkeypair -alias own -dname CN=own -keyalg EC -groupname {} -keystore store.p12 \
                -storetype PKCS12 -storepass:file word 2>&1
            openssl pkcs12 -in store.p12 -passin file:word -nodes -nocerts -out java.key
            openssl pkcs12 -in store.p12 -passin file:word -nokeys -out java.pem",
            if curve == "P-256" { "secp256r1" } else { "secp384r1" }
        ));
        for (certificate, key) in [
            ("own.pem", "bare.key"),
            ("own.pem", "short.key"),
            ("own.pem", "short8.key"),
            ("java.pem", "java.key"),
        ] {
            let tool = with_pair(&place, &certificates, certificate, key).args(["--check"]);
            tool.run().exits(0).is_silent_on_stderr();
        }
        for (certificate, key) in [
            ("java.pem", "bare.key"),
            ("own.pem", "java.key"),
            ("ca.pem", "java.key"),
        ] {
            let ran = with_pair(&place, &certificates, certificate, key).run();
            says(&ran.exits(6), &[key, "is not that of", certificate]);
        }
    }
    // What is put together serves.
    let tool = with_pair(&place, &certificates, "java.pem", "java.key");
    tool.run().exits(0);
    assert_eq!(shown_by(&place), in_pem(&certificates.read("java.pem")));
    place.down();
}

#[test]
fn says_truly_why_a_certificate_or_a_key_cannot_be_used() {
    let place = Place::new();
    let certificates = Certificates::of(&place);
    certificates.issue_any("good");
    // The request of a certificate has no extensions, so OpenSSL 3.0 makes version 1 of it.
    certificates.shell(
        "umask 077
        openssl req -new -key good.key -subj /CN=old | openssl x509 -req -signkey good.key -days 30 -out old.pem 2>&1
        openssl x509 -in old.pem -noout -text | grep -q 'Version: 1'
        openssl ec -in good.key -conv_form compressed -out short.key 2>&1
        openssl req -x509 -key short.key -subj /CN=short -days 30 -out short.pem
        openssl x509 -in good.pem -outform DER -out good.der
        tr '\\n' ' ' <good.key >one-line.key
        sed ':a;N;$!ba;s/\\n/\\\\n/g' good.key >escaped.key
        sed '2s/.....$//' good.key >cut.key",
    );
    let key = certificates.read("good.key");
    let secret = key.lines().nth(1).expect("it has a second line");
    for (certificate, key, words) in [
        ("old.pem", "good.key", &["old.pem", "version 1"][..]),
        ("short.pem", "short.key", &["short.pem", "compressed point"]),
        ("good.der", "good.key", &["good.der", "DER, not PEM"]),
        (
            "good.pem",
            "one-line.key",
            &["one-line.key", "line ends are missing"],
        ),
        ("good.pem", "escaped.key", &["escaped.key", "\\n where PEM"]),
        ("good.pem", "cut.key", &["cut.key", "damaged"]),
        (
            "one-line.key",
            "good.key",
            &["certificate", "line ends are missing"],
        ),
    ] {
        let ran = with_pair(&place, &certificates, certificate, key).run();
        let ran = ran
            .exits(6)
            .is_silent_on_stdout()
            .never_shows(&secret[..20]);
        says(&ran, words);
    }
    place.is_empty();
}
