//! The units as systemd reads them: whether it finds faults, and how exposed they are.

use super::{SERVICES, Unit};
use crate::scripts::script;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

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
    // systemd only checks that it can be run.
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
        "ibgw-tws@paper.service",
        "ibgw-tws@live.service",
        "ibgw-tws-tickle@paper.timer",
        "ibgw-tws-tickle@live.service",
        "ibgw-health-main.socket",
        "ibgw-health-main@1.service",
    ] {
        let output = verify(root.path(), unit);
        // Some of the system's own units have faults on a root without their programs.
        let said = String::from_utf8_lossy(&output.stderr);
        let about_ours = said
            .lines()
            .any(|line| line.contains("ibgw") || line.contains("ibsso"));
        assert!(!about_ours, "{unit}: {output:?}");
    }
    // A unit with a fault is reported.
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
