//! The service directories, under s6 itself.

use super::{Account, Keeper, script};
use crate::support::{eventually, signal};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("it is there").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("a file can be copied");
            let mode = fs::metadata(entry.path())
                .expect("it is there")
                .permissions()
                .mode();
            fs::set_permissions(&target, fs::Permissions::from_mode(mode)).expect("a mode");
        }
    }
}

#[test]
fn both_services_come_up_and_end_under_s6() {
    let account = Account::new();
    let scan = account.place.path("scan");
    copy(&script("s6"), &scan);
    fs::create_dir(scan.join(".env")).expect("a folder can be made");
    for (name, value) in account.settings() {
        fs::write(scan.join(".env").join(name), value.as_encoded_bytes()).expect("a file");
    }
    let mut svscan = Command::new("s6-svscan");
    svscan.arg(&scan).env_clear().env("PATH", super::path());
    let mut keeper = Keeper::begin(svscan);
    let wait = || {
        let mut wait = Command::new("s6-svwait");
        wait.args(["-U", "-t", "20000"]).arg(scan.join("ibgw"));
        wait.output()
            .expect("s6-svwait runs (scripts/setup installs it)")
    };
    eventually("s6-supervise", || {
        scan.join("ibgw/supervise/control").exists().then_some(())
    });
    let waited = wait();
    assert!(waited.status.success(), "{waited:?}");
    keeper.says("ready (direct)");
    assert!(account.is_ready());
    // s6-svscan ends its services by SIGTERM, and then itself.
    signal(keeper.child.id(), "TERM");
    assert_eq!(keeper.child.wait().expect("it ends").code(), Some(0));
    eventually("the end of all of it", || {
        account.place.processes().is_empty().then_some(())
    });
    account.has_sent(1);
}
