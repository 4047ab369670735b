//! The system calls of the units' commands, compared with the filters.

use super::{Host, SERVICES, Unit};
use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};

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
    // The real Java, with the options that ibgw-start gives it.
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

/// The calls that the services' filters deny: those in no allowed group, and those in a group that is taken out.
fn denied() -> BTreeSet<String> {
    for unit in SERVICES {
        let unit = Unit::of(unit);
        let filter = unit.get("SystemCallFilter");
        assert_eq!(filter[..2], ["@system-service", "~@privileged @resources"]);
        // Xvfb needs these; the tests in `booted` show that they suffice.
        assert!(matches!(filter[2..], [] | ["setuid setgid"]), "{filter:?}");
    }
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

/// The calls of a group and of the groups in it.
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
