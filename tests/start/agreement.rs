//! --check calls good only what starts, and refuses in the same words as a start that refuses before it runs Java.

use super::certificates::Certificates;
use super::place::Place;
use crate::support::{Ran, Tool, eventually};
use serde_json::Value;
use std::fs;
use std::net::TcpListener;
use std::thread;

/// How many settings are tried. A start takes half a second, and each setting is one start at most.
const SETTINGS: usize = 60;

/// The settings are the same each time, so a failure can be repeated.
const SEED: u64 = 20_261_130;

/// A change of the shipped settings: a text in them, and its replacement.
const EDITS: [(&str, &str); 40] = [
    ("authDelay: 10", "authDelay: 0xa"),
    ("authDelay: 10", "authDelay: '10'"),
    ("authDelay: 10", "authDelay: ~"),
    ("authDelay: 10", "authDelay: 1e1"),
    ("ccp: false", "ccp: OFF"),
    ("ccp: false", "ccp: 0"),
    ("ccp: false", "ccp: \"no\""),
    ("ccp: false", "unknown: 1"),
    ("ccp: false", "ccp: false\nccp: false"),
    ("ccp: false", "ssoPing: 1_0"),
    ("ccp: false", "tst: [true]"),
    ("ip2loc: \"US\"", "ip2loc: 'US' # where"),
    ("ip2loc: \"US\"", "ip2loc: NO"),
    ("ip2loc: \"US\"", "ip2loc: 012"),
    ("ip2loc: \"US\"", "\u{feff}ip2loc: US"),
    ("ip2loc: \"US\"", "ip2loc: &a US\ntwsBaseURL: *a"),
    ("ip2loc: \"US\"", "ip2loc: \"US"),
    ("ip2loc: \"US\"", "ip2loc: |\n  US"),
    ("listenSsl: true", "listenSsl: yes"),
    ("listenSsl: true", "listenSsl: off"),
    ("listenPort: 5000", "listenPort: \"\""),
    ("listenPort: 5000", "listenPort: 70000"),
    ("vertx.jks", "nowhere.jks"),
    ("vertx.jks", "../conf/vertx.jks"),
    ("vertx.jks", "damaged.jks"),
    ("vertx.jks", "other.jks"),
    ("vertx.jks", "certificate.pem"),
    ("\"mywebapi\"", "mywebapi"),
    ("\"mywebapi\"", "another1"),
    ("\"mywebapi\"", "null"),
    ("  allow:\n", "  allow: ~\n  other:\n"),
    ("  deny:\n    - 212.90.324.10\n", ""),
    ("  deny:\n    - 212.90.324.10\n", "  deny: []\n"),
    ("212.90.324.10", "10.0"),
    ("212.90.324.10", "127.*"),
    ("    - 212.90", "    - localhost\n    - 212.90"),
    ("- 127.0.0.1\n", "- 127.0.0.[1-9]\n"),
    ("- 127.0.0.1\n", "- 127.0*\n"),
    ("    - 192.*\n", "    - \"*\"\n"),
    ("cors:", "cors: ~\nnothing:"),
];

/// A fault beside the settings, or a flag.
const CIRCUMSTANCES: [&str; 14] = [
    "nothing",
    "nothing",
    "nothing",
    "nothing",
    "allow",
    "allow-denied",
    "old-java",
    "no-java",
    "no-runtime",
    "stranger",
    "log-nowhere",
    "plain-url",
    "pair",
    "script",
];

/// One way to call the tool, twice.
struct Setting {
    place: Place,
    flags: Vec<String>,
    java: Option<&'static str>,
    _stranger: Option<TcpListener>,
    described: String,
}

impl Setting {
    fn random(random: &mut fastrand::Rng) -> Self {
        let place = Place::new();
        let edits: Vec<_> = (0..random.usize(0..3))
            .map(|_| EDITS[random.usize(0..EDITS.len())])
            .collect();
        let circumstance = CIRCUMSTANCES[random.usize(0..CIRCUMSTANCES.len())];
        let described = format!("{edits:?}, {circumstance}");
        let conf = place.conf(|conf| {
            let edited = edits
                .iter()
                .fold(conf, |conf, (from, to)| conf.replacen(from, to, 1));
            if circumstance == "allow-denied" {
                return edited.replace("212.90.324.10", "10.0.0.5");
            }
            edited
        });
        keystores(&place);
        let mut setting = Self {
            flags: vec!["--conf".to_owned(), conf.display().to_string()],
            java: None,
            _stranger: None,
            described,
            place,
        };
        setting.meet(circumstance);
        setting
    }

    fn meet(&mut self, circumstance: &str) {
        let mut flag = |name: &str, value: String| self.flags.extend([name.to_owned(), value]);
        match circumstance {
            "allow" => flag("--allow", "10.0.0.7,127.0.0.2".to_owned()),
            "allow-denied" => flag("--allow", "10.0.0.5".to_owned()),
            "old-java" => self.java = Some("1.7.0_80"),
            "no-java" => flag("--java", "/nowhere/java".to_owned()),
            "no-runtime" => fs::remove_dir_all(self.place.path("gw/build")).expect("it is there"),
            "stranger" => {
                let listener = TcpListener::bind(("127.0.0.1", self.place.port));
                self._stranger = Some(listener.expect("the port is free"));
            }
            "log-nowhere" => flag("--log", "/nowhere/at/all.log".to_owned()),
            "plain-url" => flag("--url", format!("http://localhost:{}", self.place.port)),
            "pair" => {
                let path = |name: &str| self.place.path(&format!("certificates/{name}"));
                flag("--tls-cert", path("c").display().to_string());
                flag("--tls-key", format!("file:{}", path("k").display()));
            }
            "script" => self.flags.push("--run-script".to_owned()),
            _ => {}
        }
    }

    fn run(&self, flag: Option<&str>) -> Ran {
        let has_url = self.flags.iter().any(|flag| flag == "--url");
        let tool = match has_url {
            true => self.place.tool_without_port(&self.flags),
            false => self.place.tool(&self.flags),
        };
        let with_java = |tool: Tool| match self.java {
            Some(version) => tool.env("IB_STANDIN_JAVA_VERSION", version),
            None => tool,
        };
        with_java(tool.args(flag)).run()
    }
}

/// Writes a damaged keystore, one with another password, and a PEM file.
fn keystores(place: &Place) {
    let whole = fs::read(place.path("gw/root/vertx.jks")).expect("it is there");
    let write = |name: &str, bytes: &[u8]| {
        fs::write(place.path("mine").join(name), bytes).expect("it can be written");
    };
    write("damaged.jks", &whole[..whole.len() / 2]);
    write("certificate.pem", b"-----BEGIN CERTIFICATE-----\n");
    let certificates = Certificates::of(place);
    certificates.shell(
        "umask 077
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout k -out c
        openssl pkcs12 -export -inkey k -in c -passout pass:another1 -out ../mine/other.jks",
    );
}

/// The keys that say what was read.
fn read_of(report: &Value) -> Vec<Value> {
    let keys = [
        "settings",
        "keystore",
        "cacert",
        "ips_admitted",
        "ips_denied",
        "ips_ignored",
        "warnings",
    ];
    keys.iter().map(|key| report[key].clone()).collect()
}

/// Whether the setting started.
fn agrees(setting: &Setting) -> bool {
    let check = setting.run(Some("--check"));
    let start = setting.run(None);
    let shown = || format!("{}\n{}{}", setting.described, check.all(), start.all());
    assert_eq!(check.status, start.status, "{}", shown());
    assert_eq!(check.stderr, start.stderr, "{}", shown());
    assert_eq!(
        check.stdout.is_empty(),
        start.stdout.is_empty(),
        "{}",
        shown()
    );
    if !check.stdout.is_empty() {
        assert_eq!(
            read_of(&check.report()),
            read_of(&start.report()),
            "{}",
            shown()
        );
    }
    if start.status == 0 {
        assert_eq!(start.report()["state"], "ready", "{}", shown());
        let stop = setting.run(Some("--stop"));
        assert_eq!(stop.status, 0, "{}{}", shown(), stop.all());
        // The Gateway's own script ends when it has waited for Java.
        eventually("the end of all", || {
            setting.place.processes().is_empty().then_some(())
        });
        return true;
    }
    assert!(
        !setting.place.instance("gateway.log").exists(),
        "Java ran: {}",
        shown()
    );
    false
}

#[test]
fn check_and_start_decide_alike() {
    let shipped = fs::read_to_string(Place::new().path("gw/root/conf.yaml")).expect("it is there");
    for (from, _) in EDITS {
        assert!(shipped.contains(from), "nothing is edited: {from:?}");
    }
    let mut random = fastrand::Rng::with_seed(SEED);
    let settings: Vec<u64> = (0..SETTINGS).map(|_| random.u64(..)).collect();
    let halves: Vec<_> = settings
        .chunks(SETTINGS / 2)
        .map(<[u64]>::to_vec)
        .map(|half| {
            thread::spawn(move || {
                let decided = half
                    .into_iter()
                    .map(|seed| agrees(&Setting::random(&mut fastrand::Rng::with_seed(seed))));
                decided.filter(|started| *started).count()
            })
        })
        .collect();
    let started: usize = halves
        .into_iter()
        .map(|half| half.join().expect("they agree"))
        .sum();
    // Both are frequent enough for a comparison that proves something.
    assert!(
        (SETTINGS / 6..SETTINGS * 5 / 6).contains(&started),
        "{started} started"
    );
}

#[test]
fn check_and_start_agree_on_one_that_is_up() {
    let place = Place::new();
    place.up();
    let conf = place.conf(|conf| format!("{conf}nonsense: 1\n"));
    let run = |flags: &[&str]| {
        let tool = place.tool(["--conf"]).args([&conf]);
        tool.args(flags).run().exits(0).report()
    };
    let (check, start) = (run(&["--check"]), run(&[]));
    for key in ["state", "pid", "build", "started"] {
        assert_eq!(check[key], start[key], "{check} {start}");
    }
    place.down();
}
