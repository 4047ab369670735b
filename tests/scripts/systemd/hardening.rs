//! The hardening that all units share: each carries what the script `harden` writes, and takes none of it back.

use super::{SERVICES, Unit};
use crate::scripts::script;
use crate::support::{Ran, entries};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// What a unit may add to a setting of the block, with the unit.
const ADDED: [(&str, &str, &str); 1] = [("ibgw-tws@.service", "SystemCallFilter", "setuid setgid")];

/// A copy of the script and the units.
fn copy() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for name in SERVICES.iter().chain(["harden"].iter()) {
        fs::copy(script("systemd").join(name), folder.path().join(name)).expect("it can be copied");
    }
    folder
}

fn harden(folder: &Path) -> Ran {
    let output = Command::new(folder.join("harden"))
        .output()
        .expect("it runs");
    Ran::from_output("harden".to_owned(), output)
}

/// Changes a unit of a copy.
fn edit(folder: &Path, unit: &str, from: &str, to: &str) {
    let path = folder.join(unit);
    let text = fs::read_to_string(&path).expect("it can be read");
    assert!(text.contains(from), "{unit} has no {from:?}");
    fs::write(path, text.replacen(from, to, 1)).expect("it can be written");
}

/// The units that `harden` changes.
#[track_caller]
fn changed_by_harden(folder: &Path) -> Vec<&'static str> {
    let read = |unit: &str| fs::read_to_string(folder.join(unit)).expect("it can be read");
    let before = SERVICES.map(read);
    harden(folder).exits(0);
    let units = SERVICES.iter().zip(before);
    units
        .filter(|(unit, before)| read(unit) != *before)
        .map(|(unit, _)| *unit)
        .collect()
}

/// The lines that `harden` writes.
fn block() -> Vec<String> {
    let text = fs::read_to_string(script("systemd/harden")).expect("it can be read");
    let (_, lines) = text.split_once("<<'LINES'\n").expect("the lines begin");
    let (lines, _) = lines.split_once("\nLINES\n").expect("the lines end");
    let lines = lines.lines().filter(|line| !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

#[test]
fn every_service_carries_the_hardening_of_all() {
    let entries = entries(&script("systemd")).into_iter();
    let names = entries.map(|path| {
        path.file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    });
    let services: BTreeSet<_> = names.filter(|name| name.ends_with(".service")).collect();
    assert_eq!(services, SERVICES.map(str::to_owned).into());
    let stale = changed_by_harden(copy().path());
    assert!(stale.is_empty(), "run scripts/systemd/harden for {stale:?}");
    let block = block();
    assert_eq!(block.len(), 26, "{block:?}");
    for unit in SERVICES {
        let text = Unit::of(unit).0;
        assert!(text.contains(&block.join("\n")), "{unit}");
    }
}

#[test]
fn a_unit_that_lacks_a_line_of_it_is_seen() {
    let copy = copy();
    let unit = "ibgw-tickle@.service";
    for line in block() {
        edit(copy.path(), unit, &format!("{line}\n"), "");
        assert_eq!(changed_by_harden(copy.path()), [unit], "{line}");
        assert!(changed_by_harden(copy.path()).is_empty(), "{line}");
    }
}

#[test]
fn a_unit_without_a_place_for_it_is_named() {
    let begin = "# Hardening of all units, written by the script harden:\n";
    let end = "# End of the hardening of all units.\n";
    for (from, to) in [
        (begin, ""),
        (end, ""),
        (begin, end),
        (end, begin),
        (begin, &*format!("{begin}{begin}")),
    ] {
        let copy = copy();
        let unit = "ibgw-login@.service";
        edit(copy.path(), unit, from, to);
        let broken = fs::read_to_string(copy.path().join(unit)).expect("it can be read");
        let ran = harden(copy.path()).exits(1);
        assert!(ran.stderr.contains(unit), "{}", ran.stderr);
        let after = fs::read_to_string(copy.path().join(unit)).expect("it can be read");
        assert_eq!(
            after, broken,
            "a unit that it cannot harden stays as it was"
        );
    }
}

#[test]
fn no_service_takes_back_what_it_carries() {
    let block = block();
    let of_all = block.iter().filter_map(|line| line.split_once('='));
    let of_all: BTreeSet<_> = of_all.collect();
    for unit in SERVICES {
        let settings = Unit::of(unit);
        for key in of_all.iter().map(|(key, _)| *key) {
            let own = settings.get(key).into_iter();
            let own: Vec<_> = own
                .filter(|value| !of_all.contains(&(key, value)))
                .collect();
            let allowed = ADDED
                .iter()
                .filter(|(of, name, _)| (*of, *name) == (unit, key));
            let allowed: Vec<_> = allowed.map(|(_, _, value)| *value).collect();
            assert_eq!(own, allowed, "{unit}: {key}");
        }
    }
}
