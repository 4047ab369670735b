//! Keystores that the real Gateway opens, and keystores that it does not. Each was tried with build a27ed42 and Java 17.

use super::certificates::Certificates;
use super::fails::says;
use super::place::Place;
use crate::support::Ran;
use std::fs;

const PASSWORD: &str = "planted91c4";

/// Key `k` and certificate `c`, and a way to make a keystore by Java's own tool: its file, a name for the key, the
/// passwords of the whole and of the key, and its type.
const TOOLS: &str = r#"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout k -out c
pair() { keytool -genkeypair -keyalg EC -groupname secp256r1 -dname CN=localhost \
    -keystore $1 -alias $2 -storepass $3 -keypass $4 -storetype $5 >/dev/null; }
pkcs12() { name=$1; shift; openssl pkcs12 -export -in c -out $name "$@"; }
"#;

/// A place with keystores that a shell makes, and settings that name one.
struct Keystores {
    place: Place,
    made: Certificates,
}

impl Keystores {
    fn made_by(script: &str) -> Self {
        let place = Place::new();
        place.conf(|conf| conf.replace("mywebapi", PASSWORD));
        let made = Certificates::of(&place);
        made.shell(&format!("P={PASSWORD}\n{TOOLS}\n{script}"));
        Self { place, made }
    }

    fn run(&self, name: &str, flags: &[&str]) -> Ran {
        let to = self.place.path("mine/vertx.jks");
        fs::copy(self.made.path(name), to).expect("it was made");
        let conf = self.place.path("mine/conf.yaml");
        let tool = self.place.tool(["--conf"]).args([conf]);
        tool.args(flags)
            .run()
            .never_shows(PASSWORD)
            .never_shows("another1")
    }
}

#[test]
fn starts_with_each_that_the_gateway_opens() {
    let keystores = Keystores::made_by(
        "pair jks a $P $P JKS
        cp jks two; pair two b $P $P JKS
        # Java reads no further than the checksum.
        cp jks longer; echo more >>longer
        pair java12 a $P $P PKCS12
        pkcs12 openssl12 -inkey k -passout pass:$P
        pkcs12 sha512 -inkey k -passout pass:$P -macalg sha512
        pkcs12 legacy -inkey k -passout pass:$P -legacy
        pkcs12 unchecked -inkey k -passout pass:$P -nomac",
    );
    // The stand-in opens neither of these two, since its OpenSSL does not.
    for name in ["legacy", "unchecked"] {
        keystores.run(name, &["--check"]).exits(0);
    }
    for name in ["jks", "two", "longer", "java12", "openssl12", "sha512"] {
        keystores.run(name, &["--check"]).exits(0);
        let ran = keystores.run(name, &[]).exits(0);
        assert_eq!(ran.report()["state"], "ready", "{name}: {}", ran.all());
        keystores.place.down();
    }
}

#[test]
fn refuses_each_that_it_does_not_open_before_java_runs() {
    let keystores = Keystores::made_by(
        "pair jks a $P $P JKS
        : >empty; cat k c >pem; openssl x509 -in c -outform der -out der; echo nonsense >nonsense
        pair jceks a $P $P JCEKS
        pkcs12 pkcs12 -inkey k -passout pass:$P
        head -c 300 jks >half-jks; head -c 300 pkcs12 >half-pkcs12
        cp jks changed; printf xyz | dd of=changed bs=1 seek=200 conv=notrunc status=none
        pair other-jks a another1 another1 JKS
        pkcs12 other-pkcs12 -inkey k -passout pass:another1
        pair key-jks a $P another1 JKS
        cp jks one-of-two; pair one-of-two b $P another1 JKS
        keytool -importcert -noprompt -alias a -file c -storepass $P -storetype JKS -keystore certificate 2>/dev/null
        pkcs12 nokeys -nokeys -passout pass:$P
        pkcs12 plain -inkey k -passout pass:$P -keypbe NONE -certpbe NONE",
    );
    for (name, words) in [
        ("empty", "it is empty"),
        ("pem", "it is PEM"),
        ("der", "neither JKS nor PKCS#12"),
        ("nonsense", "neither JKS nor PKCS#12"),
        ("jceks", "JCEKS"),
        ("half-jks", "not whole"),
        ("half-pkcs12", "not whole"),
        ("changed", "sslPwd is not its password"),
        ("other-jks", "sslPwd is not its password"),
        ("other-pkcs12", "sslPwd is not its password"),
        ("key-jks", "another password than the keystore"),
        ("one-of-two", "another password than the keystore"),
        ("certificate", "no private key"),
        ("nokeys", "no private key"),
        ("plain", "not encrypted"),
    ] {
        let check = keystores.run(name, &["--check"]).exits(6);
        let check = check.is_silent_on_stdout();
        says(&check, &["mine/vertx.jks", words]);
        let start = keystores.run(name, &[]).exits(6).is_silent_on_stdout();
        assert_eq!(check.stderr, start.stderr, "{name}");
        assert!(!keystores.place.instance("gateway.log").exists(), "{name}");
    }
}
