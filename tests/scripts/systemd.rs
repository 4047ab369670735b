//! The units: each command run as systemd would run it. The tests in `booted` run them on a booted system.

mod calls;
mod hardening;
mod sound;
mod tws;

use super::{Account, script, text};
use crate::support::{Ran, binary, eventually, signal};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

const SERVICES: [&str; 7] = [
    "ibgw-tws@.service",
    "ibgw-tws-tickle@.service",
    "ibgw@.service",
    "ibgw-tickle@.service",
    "ibgw-login@.service",
    "ibsso-validate@.service",
    "ibgw-health-main@.service",
];

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

    /// Whether this exit does not fail the unit.
    fn succeeds(&self, exit: i32) -> bool {
        let listed = self.get("SuccessExitStatus").join(" ");
        exit == 0 || listed.split(' ').any(|listed| listed == exit.to_string())
    }
}

/// What systemd provides to a service: its directories, its credential, its settings.
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

    /// The value as systemd expands it, for the account main.
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

    /// A command of a unit, with only the variables that systemd sets.
    fn command(&self, unit: &Unit, key: &str) -> Command {
        let place = &self.account.place;
        let lines = unit.get(key);
        assert_eq!(lines.len(), 1, "{key}: {lines:?}");
        let line = self.expanded(lines[0].trim_start_matches('-'));
        // In these lines systemd quotes as the shell does.
        let mut command = Command::new("sh");
        command.args(["-c", &format!("exec {line}")]).env_clear();
        command
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("NOTIFY_SOCKET", place.path("notify"))
            .env("STATE_DIRECTORY", place.path("var/ib-tools"))
            .env("CREDENTIALS_DIRECTORY", place.path("credentials"));
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
    // The kernel keeps ten messages (net.unix.max_dgram_qlen), and the sender of another waits. A slow run sends more.
    let notify = host.notify.try_clone().expect("a second handle");
    notify.set_nonblocking(false).expect("it can be set");
    std::thread::spawn(move || while notify.recv(&mut [0; 4096]).is_ok() {});
    host.runs(&tickle, &[]).exits(1);
    // systemd 251 and newer pass on how the unit has ended that started this one.
    host.runs(&login, &[("MONITOR_EXIT_STATUS", "7")])
        .exits(1)
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
    // All units use one ledger, in the state directory that they share.
    let ledgers = fs::read_dir(place.path("var/ib-tools/ledger")).expect("a folder of ledgers");
    let names = ledgers.flatten().map(|entry| entry.path());
    let ledgers = names.filter(|path| path.extension().is_some_and(|end| end == "json"));
    assert_eq!(ledgers.count(), 1);
    // A start by hand while the session is ready.
    let report = host.runs(&login, &[]).exits(0).report();
    assert_eq!(report["how"], "already", "{report}");
    signal(start.id(), "TERM");
    assert_eq!(start.wait().expect("it ends").code(), Some(0));
    place.is_empty();
}

#[test]
fn only_yes_or_no_leads_to_a_login() {
    let [tickle, login] = ["ibgw-tickle@.service", "ibgw-login@.service"].map(Unit::of);
    assert_eq!(tickle.get("OnFailure"), ["ibgw-login@%i.service"]);
    let host = Host::new();
    let mut command = host.command(&login, "ExecStart");
    // Only the line is tested: a stub replaces the program that it would run.
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
            .env("STATE_DIRECTORY", host.account.place.path("var/ib-tools"))
            .env("MONITOR_EXIT_STATUS", exit.to_string());
        // If nothing was sent, `systemctl start` must fail.
        let succeeds = run.output().expect("it runs").status.success();
        assert_eq!(
            (succeeds, marker.exists()),
            (exit <= 1, exit <= 1),
            "{exit}"
        );
        let _ = fs::remove_file(&marker);
        let force = host.account.place.path("var/ib-tools/main.force");
        fs::write(&force, "").expect("it can be written");
        assert!(run.status().expect("it runs").success());
        assert!(
            marker.exists() && !force.exists(),
            "`force` allows one login, {exit}"
        );
        let _ = fs::remove_file(&marker);
    }
    // A tickle fails its unit only when you have to look. A login fails unless it made the session ready.
    let failing =
        |unit: &Unit| -> BTreeSet<i32> { (0..13).filter(|exit| !unit.succeeds(*exit)).collect() };
    assert_eq!(failing(&tickle), BTreeSet::from([1, 2, 3, 4, 5, 6, 9, 11]));
    assert_eq!(failing(&login), (1..13).collect());
}

#[test]
fn a_refusal_keeps_the_login_unit_from_running() {
    let (host, login) = (Host::new(), Unit::of("ibgw-login@.service"));
    // systemctl reports an assertion that fails, but is silent about a condition.
    let assertion = login.get("AssertPathExists");
    let assertion = assertion[0].strip_prefix('!').expect("it is a negation");
    let file = host.expanded(assertion);
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
fn a_gateway_that_gets_no_answer_any_more_is_ended_for_its_unit_to_start_another() {
    let (host, tickle) = (Host::new(), Unit::of("ibgw-tickle@.service"));
    let place = &host.account.place;
    let state = place.path("var/ib-tools");
    let mut start = host.account.command("ibgw-start");
    let start = start.env("IBGW_STATE_DIR", &state).output();
    assert!(start.expect("it runs").status.success());
    let answered = place.path("run/ib-tools/main.answered");
    let ends = |exit: &str, minutes: u64| {
        if let Ok(file) = fs::File::options().write(true).open(&answered) {
            let then = SystemTime::now() - Duration::from_secs(60 * minutes);
            file.set_modified(then).expect("it can be set");
        }
        let mut post = host.command(&tickle, "ExecStopPost");
        post.env("RUNTIME_DIRECTORY", place.path("run/ib-tools"));
        post.env("EXIT_STATUS", exit);
        assert!(post.output().expect("it runs").status.success());
        place.processes().is_empty()
    };
    // The first silence, a silence of a minute, an answer after a long silence.
    assert!(!ends("8", 0));
    assert!(!ends("8", 1));
    assert!(!ends("0", 9));
    assert!(answered.metadata().is_ok_and(|about| {
        about
            .modified()
            .is_ok_and(|at| at.elapsed().is_ok_and(|age| age.as_secs() < 60))
    }));
    assert!(ends("8", 7));
}

#[test]
fn the_token_unit_reads_its_credential_and_keeps_its_minute_in_the_shared_directory() {
    let (host, unit) = (Host::new(), Unit::of("ibsso-validate@.service"));
    let token = host.account.place.path("credentials/token");
    fs::write(&token, "a-token-of-no-account").expect("it can be written");
    fs::set_permissions(&token, fs::Permissions::from_mode(0o400)).expect("a mode");
    let closed_port = ("IBSSO_API_URL", "http://127.0.0.1:1/v1/api");
    let report = host.runs(&unit, &[closed_port]).exits(7).report();
    assert_eq!(report["state"], "down", "{report}");
    assert!(unit.succeeds(7) && !unit.succeeds(1) && !unit.succeeds(4));
}
