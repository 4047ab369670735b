//! The units: sound as systemd reads them, shut in, and each command run as systemd would run it. None was booted.

use super::{Account, script, text};
use crate::support::{Ran, binary, eventually, signal};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const SERVICES: [&str; 5] = [
    "ibgw@.service",
    "ibgw-tickle@.service",
    "ibgw-login@.service",
    "ibsso-validate@.service",
    "ibgw-health-main@.service",
];

/// A root with the units, the programs they run, and the system's own units.
fn staged() -> TempDir {
    let root = TempDir::new().expect("a temporary folder can be made");
    let below = |path: &str| root.path().join(path);
    for folder in [
        "etc/systemd/system",
        "usr/local/bin",
        "usr/lib/systemd",
        "bin",
    ] {
        fs::create_dir_all(below(folder)).expect("a folder can be made");
    }
    for entry in fs::read_dir(script("systemd"))
        .expect("it is there")
        .flatten()
    {
        fs::copy(
            entry.path(),
            below("etc/systemd/system").join(entry.file_name()),
        )
        .expect("a unit can be copied");
    }
    // Whether it is a program is all that is looked at.
    for program in [
        "usr/local/bin/ibgw-start",
        "usr/local/bin/ibgw-login",
        "usr/local/bin/ibgw-tickle",
        "usr/local/bin/ibsso-validate",
        "usr/local/bin/ibgw-health",
        "bin/sh",
    ] {
        fs::write(below(program), "").expect("a file can be written");
        fs::set_permissions(below(program), fs::Permissions::from_mode(0o755)).expect("a mode");
    }
    fs::create_dir_all(below("usr/lib/systemd/system")).expect("a folder can be made");
    for entry in fs::read_dir("/lib/systemd/system")
        .expect("systemd is here")
        .flatten()
    {
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let copy = below("usr/lib/systemd/system").join(entry.file_name());
            fs::copy(entry.path(), copy).expect("a unit can be copied");
        }
    }
    root
}

fn verify(root: &Path, unit: &str) -> Output {
    let mut verify = Command::new("systemd-analyze");
    verify
        .args(["verify", "--man=no", "--recursive-errors=yes", "--root"])
        .arg(root)
        .arg(unit);
    verify
        .output()
        .expect("systemd-analyze runs (scripts/setup installs it)")
}

#[test]
fn the_units_please_systemd() {
    let root = staged();
    for unit in [
        "ibgw@main.service",
        "ibgw-tickle@main.timer",
        "ibgw-tickle@main.service",
        "ibgw-login@main.service",
        "ibsso-validate@main.timer",
        "ibsso-validate@main.service",
        "ibgw-health-main.socket",
        "ibgw-health-main@1.service",
    ] {
        let output = verify(root.path(), unit);
        // Of the system's own units some are not sound on a root without their programs.
        let said = String::from_utf8_lossy(&output.stderr);
        let about_ours = said
            .lines()
            .any(|line| line.contains("ibgw") || line.contains("ibsso"));
        assert!(!about_ours, "{unit}: {output:?}");
    }
    // What it would say of a unit that does not please it.
    let bad = root.path().join("etc/systemd/system/ibgw-login@.service");
    let unit = fs::read_to_string(&bad)
        .expect("it is there")
        .replace("Type=oneshot", "Typ=oneshot");
    fs::write(&bad, unit).expect("it can be written");
    let output = verify(root.path(), "ibgw-login@main.service");
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("Typ"),
        "{output:?}"
    );
}

#[test]
fn the_user_of_the_units_is_one_that_can_be_made() {
    let root = TempDir::new().expect("a temporary folder can be made");
    fs::create_dir(root.path().join("etc")).expect("a folder can be made");
    let mut sysusers = Command::new("systemd-sysusers");
    sysusers
        .arg("--root")
        .arg(root.path())
        .arg(script("systemd/ib-tools.conf"));
    let output = sysusers.output().expect("systemd-sysusers runs");
    let made = fs::read_to_string(root.path().join("etc/passwd")).unwrap_or_default();
    assert!(made.starts_with("ibgw:"), "{output:?} {made}");
    for unit in SERVICES {
        assert_eq!(Unit::of(unit).get("User"), ["ibgw"], "{unit}");
    }
}

#[test]
fn every_service_is_shut_in() {
    for unit in SERVICES {
        let mut security = Command::new("systemd-analyze");
        security.args(["security", "--offline=true", "--threshold=20"]);
        let output = security
            .arg(script("systemd").join(unit))
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout);
        // 20 is an exposure of 2.0, of 10.
        assert!(output.status.success(), "{unit}: {said}");
        assert!(
            said.contains("Overall exposure level"),
            "{unit}: {output:?}"
        );
    }
}

/// A unit's settings.
struct Unit(String);

impl Unit {
    fn of(name: &str) -> Self {
        Self(text(&format!("systemd/{name}")))
    }

    fn get(&self, key: &str) -> Vec<&str> {
        let lines = self.0.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.split_once('='));
        pairs
            .filter(|(name, _)| *name == key)
            .map(|(_, value)| value)
            .collect()
    }

    /// Which exits are no failure.
    fn succeeds(&self, exit: i32) -> bool {
        let listed = self.get("SuccessExitStatus").join(" ");
        exit == 0 || listed.split(' ').any(|listed| listed == exit.to_string())
    }
}

/// What systemd gives a service: its directories, its credential, its settings.
struct Host {
    account: Account,
    notify: UnixDatagram,
}

impl Host {
    fn new() -> Self {
        let account = Account::new();
        let place = &account.place;
        for folder in ["var/ib-tools", "run/ib-tools", "credentials"] {
            fs::create_dir_all(place.path(folder)).expect("a folder can be made");
        }
        let login = json!({"username": "paperuser", "password": "Correct-Horse3"});
        let file = place.path("credentials/login");
        fs::write(&file, login.to_string()).expect("it can be written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).expect("a mode");
        let notify = UnixDatagram::bind(place.path("notify")).expect("a socket");
        Self { account, notify }
    }

    /// As systemd expands it, for the account main.
    fn expanded(&self, value: &str) -> String {
        let path = |below: &str| self.account.place.path(below).display().to_string();
        let programs = binary("ibgw-start");
        let programs = programs.parent().expect("a folder").display().to_string();
        value
            .replace("%i", "main")
            .replace("%j", "main")
            .replace("%t", &path("run"))
            .replace("%S", &path("var"))
            .replace("$$", "$")
            .replace(
                "/usr/local/bin/ibgw-health",
                &script("ibgw-health").display().to_string(),
            )
            .replace("/usr/local/bin", &programs)
    }

    /// A command of a unit, with nothing in its environment but what systemd puts there.
    fn command(&self, unit: &Unit, key: &str) -> Command {
        let place = &self.account.place;
        let lines = unit.get(key);
        assert_eq!(lines.len(), 1, "{key}: {lines:?}");
        let line = self.expanded(lines[0].trim_start_matches('-'));
        // systemd quotes as the shell does, as far as these lines quote.
        let mut command = Command::new("sh");
        command.args(["-c", &format!("exec {line}")]).env_clear();
        command
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("NOTIFY_SOCKET", place.path("notify"))
            .env("STATE_DIRECTORY", place.path("var/ib-tools"))
            .env("CREDENTIALS_DIRECTORY", place.path("credentials"))
            .env("IB_STANDIN_TICKLE_MS", "600000");
        // EnvironmentFile=
        let of_file = ["IBGW_URL", "IBGW_GATEWAY_DIR", "IBGW_JAVA"];
        let settings = self.account.settings().into_iter();
        command.envs(settings.filter(|(name, _)| of_file.contains(name)));
        for pair in unit.get("Environment") {
            let pair = self.expanded(pair.trim_matches('"'));
            let (name, value) = pair.split_once('=').expect("a pair");
            command.env(name, value);
        }
        command
    }

    fn runs(&self, unit: &Unit, variables: &[(&str, &str)]) -> Ran {
        let mut command = self.command(unit, "ExecStart");
        command.envs(variables.iter().copied());
        Ran::from_output(format!("{command:?}"), command.output().expect("it runs"))
    }

    #[track_caller]
    fn hears(&self, wanted: &str) {
        self.notify.set_nonblocking(true).expect("it can be set");
        let mut bytes = [0; 4096];
        eventually(wanted, || {
            let count = self.notify.recv(&mut bytes).ok()?;
            let heard = String::from_utf8_lossy(&bytes[..count]).into_owned();
            heard.lines().any(|line| line == wanted).then_some(())
        });
    }
}

#[test]
fn a_day_of_the_units() {
    let host = Host::new();
    let [gateway, tickle, login] = [
        "ibgw@.service",
        "ibgw-tickle@.service",
        "ibgw-login@.service",
    ]
    .map(Unit::of);
    host.runs(&tickle, &[]).exits(7);
    let mut start = host.command(&gateway, "ExecStart");
    let mut start = start
        .env("WATCHDOG_USEC", "900000")
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    host.hears("READY=1");
    host.hears("WATCHDOG=1");
    host.runs(&tickle, &[]).exits(1);
    // systemd 251 and newer say how the unit ended that led here.
    host.runs(&login, &[("MONITOR_EXIT_STATUS", "7")])
        .exits(0)
        .is_silent_on_stdout();
    host.account.has_sent(0);
    let report = host
        .runs(&login, &[("MONITOR_EXIT_STATUS", "1")])
        .exits(0)
        .report();
    assert_eq!(report["how"], "direct", "{report}");
    host.runs(&tickle, &[]).exits(0);
    let place = &host.account.place;
    assert!(place.path("run/ib-tools/main.json").exists());
    assert!(place.path("run/ib-tools/main.prom").exists());
    // One ledger for all: that of the state directory they share.
    let ledgers = fs::read_dir(place.path("var/ib-tools/ledger")).expect("a folder of ledgers");
    let names = ledgers.flatten().map(|entry| entry.path());
    let ledgers = names.filter(|path| path.extension().is_some_and(|end| end == "json"));
    assert_eq!(ledgers.count(), 1);
    // By hand, and the session is there.
    let report = host.runs(&login, &[]).exits(0).report();
    assert_eq!(report["how"], "already", "{report}");
    signal(start.id(), "TERM");
    assert_eq!(start.wait().expect("it ends").code(), Some(0));
    place.is_empty();
}

#[test]
fn only_no_leads_to_a_login() {
    let [tickle, login] = ["ibgw-tickle@.service", "ibgw-login@.service"].map(Unit::of);
    assert_eq!(tickle.get("OnFailure"), ["ibgw-login@%i.service"]);
    let host = Host::new();
    let mut command = host.command(&login, "ExecStart");
    // The line alone: what it would run is another program here.
    let marker = host.account.place.path("ran");
    let stub = host.account.place.path("ibgw-login");
    fs::write(&stub, format!("#!/bin/sh\n: >'{}'\n", marker.display())).expect("it can be written");
    fs::set_permissions(&stub, fs::Permissions::from_mode(0o700)).expect("a mode");
    let line = command
        .get_args()
        .nth(1)
        .expect("a line")
        .to_string_lossy()
        .into_owned();
    let line = line.replace(
        &binary("ibgw-login").display().to_string(),
        &stub.display().to_string(),
    );
    command = Command::new("sh");
    command.args(["-c", &line]);
    for exit in [0, 1, 2, 6, 7, 8, 9, 10, 12, 101, 137] {
        let mut run = Command::new("sh");
        run.args(command.get_args())
            .env("MONITOR_EXIT_STATUS", exit.to_string());
        assert!(run.status().expect("it runs").success());
        let logs_in = !tickle.succeeds(exit) && marker.exists();
        assert_eq!(logs_in, exit == 1, "{exit}");
        let _ = fs::remove_file(&marker);
    }
    // What waiting mends fails no unit; what a person must see does.
    let failing =
        |unit: &Unit| -> BTreeSet<i32> { (0..13).filter(|exit| !unit.succeeds(*exit)).collect() };
    assert_eq!(failing(&tickle), BTreeSet::from([1, 2, 3, 4, 5, 6, 9, 11]));
    assert_eq!(failing(&login), BTreeSet::from([1, 2, 3, 4, 5, 6, 9, 10]));
}

#[test]
fn a_refusal_keeps_the_login_unit_from_running() {
    let (host, login) = (Host::new(), Unit::of("ibgw-login@.service"));
    let condition = login.get("ConditionPathExists");
    let condition = condition[0].strip_prefix('!').expect("it is a negation");
    let file = host.expanded(condition);
    for (exit, expected) in [("0", false), ("11", false), ("4", true)] {
        let mut stop = host.command(&login, "ExecStopPost");
        assert!(
            stop.env("EXIT_STATUS", exit)
                .status()
                .expect("it runs")
                .success()
        );
        assert_eq!(Path::new(&file).exists(), expected, "{exit}: {file}");
    }
}

#[test]
fn the_token_unit_reads_its_credential_and_keeps_its_minute_in_the_shared_directory() {
    let (host, unit) = (Host::new(), Unit::of("ibsso-validate@.service"));
    let token = host.account.place.path("credentials/token");
    fs::write(&token, "a-token-of-nobody").expect("it can be written");
    fs::set_permissions(&token, fs::Permissions::from_mode(0o400)).expect("a mode");
    let nobody = ("IBSSO_API_URL", "http://127.0.0.1:1/v1/api");
    let report = host.runs(&unit, &[nobody]).exits(7).report();
    assert_eq!(report["state"], "down", "{report}");
    assert!(unit.succeeds(7) && !unit.succeeds(1) && !unit.succeeds(4));
}

#[test]
fn no_unit_is_denied_a_system_call_that_it_makes() {
    let host = Host::new();
    let traced = |unit: &str| {
        let command = host.command(&Unit::of(unit), "ExecStart");
        let environment = command.get_envs();
        let mut traced = Command::new("strace");
        traced
            .args(["-f", "-qq", "-o"])
            .arg(host.account.place.path(unit));
        traced.arg("sh").args(command.get_args()).env_clear();
        traced.envs(environment.filter_map(|(name, value)| Some((name, value?))));
        traced.stdout(Stdio::null());
        traced
    };
    let mut start = traced("ibgw@.service")
        .spawn()
        .expect("strace runs (scripts/setup installs it)");
    host.hears("READY=1");
    for unit in ["ibgw-tickle@.service", "ibgw-login@.service"] {
        traced(unit).status().expect("strace runs");
    }
    host.account.has_sent(1);
    let state = host.account.place.path("var/ib-tools");
    let mut stop = host.account.command("ibgw-start");
    stop.arg("--stop").env("IBGW_STATE_DIR", state);
    assert!(stop.output().expect("it runs").status.success());
    start.wait().expect("it ends");
    // The real Java, with the options that it is given.
    let mut java = Command::new("strace");
    java.args(["-f", "-qq", "-o"])
        .arg(host.account.place.path("java"));
    java.args([
        "java",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx96m",
        "-version",
    ]);
    assert!(java.output().expect("strace runs").status.success());
    let denied = denied();
    for what in [
        "ibgw@.service",
        "ibgw-tickle@.service",
        "ibgw-login@.service",
        "java",
    ] {
        let trace = fs::read_to_string(host.account.place.path(what)).expect("a trace");
        let lines = trace.lines().filter_map(|line| line.split_once('('));
        let calls = lines.filter_map(|(before, _)| before.split(' ').next_back());
        let calls: BTreeSet<_> = calls.map(str::to_owned).collect();
        assert!(calls.contains("execve"), "{what}: {calls:?}");
        let refused: Vec<_> = calls.intersection(&denied).collect();
        assert!(refused.is_empty(), "{what}: {refused:?}");
    }
}

/// The calls that the services' filters deny: what is in no group that they allow, and what is in one that they take out.
fn denied() -> BTreeSet<String> {
    let filter: BTreeSet<_> = SERVICES
        .iter()
        .map(|unit| Unit::of(unit).get("SystemCallFilter").join("|"))
        .collect();
    assert_eq!(filter.len(), 1, "{filter:?}");
    assert_eq!(
        filter.first().map(String::as_str),
        Some("@system-service|~@privileged @resources")
    );
    let (known, default) = (group("@known"), group("@default"));
    let taken: BTreeSet<_> = [group("@privileged"), group("@resources")]
        .concat()
        .into_iter()
        .collect();
    let allowed: BTreeSet<_> = group("@system-service")
        .into_iter()
        .filter(|call| !taken.contains(call))
        .chain(default)
        .collect();
    known
        .into_iter()
        .filter(|call| !allowed.contains(call))
        .collect()
}

/// The calls of a group, those of the groups in it included.
fn group(name: &str) -> Vec<String> {
    let output = Command::new("systemd-analyze")
        .args(["syscall-filter", name])
        .output();
    let output = output.expect("systemd-analyze runs").stdout;
    let text = String::from_utf8(output).expect("names are ASCII");
    let names = text
        .lines()
        .skip(1)
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let all = names.flat_map(|name| match name.starts_with('@') {
        true => group(name),
        false => vec![name.to_owned()],
    });
    all.collect()
}
