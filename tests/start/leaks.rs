//! What a Gateway gets from us, and what other processes can see of it.

use super::certificates::Certificates;
use super::place::{Place, pid};
use crate::login::plain;
use crate::support::{Standin, Tool};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

#[test]
fn gives_no_descriptor_of_the_caller_away() {
    let place = Place::new();
    // The shell's output ends when no process holds its pipe any more, under any number.
    let ran = place.shell(Path::new("/"), r#"exec 3>&1; x=$("$0"); echo "$x""#);
    assert_eq!(ran.exits(0).report()["state"], "ready");
    place.down();
}

#[test]
fn gives_stdin_to_no_other_process() {
    let place = Place::new();
    // More than a pipe holds: writing ends only when no process has the other end any more.
    place
        .tool::<&str>([])
        .stdin(vec![b'x'; 1 << 20])
        .run()
        .exits(0);
    place.down();
}

#[test]
fn leaves_the_distribution_as_it_is() {
    let place = Place::new();
    let list = || {
        let find = ["-c", "find . -printf '%p %m %s %T@\n' | sort"];
        let output = Command::new("sh")
            .args(find)
            .current_dir(place.path("gw"))
            .output();
        String::from_utf8(output.expect("find runs").stdout).expect("text")
    };
    let before = list();
    place.up();
    place.down();
    place.tool(["--run-script"]).run().exits(0);
    place.down();
    assert_eq!(before, list());
}

#[test]
fn keeps_its_files_from_others() {
    let place = Place::new();
    place.up();
    let mut folders = vec![place.path("state")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let about = entry.metadata().expect("about it");
            let mode = about.permissions().mode() & 0o077;
            assert_eq!(mode, 0, "{}", entry.path().display());
            if about.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    place.down();
}

#[test]
fn lets_no_session_into_the_log() {
    let standin = Standin::upstream();
    let place = Place::with_upstream(standin.upstream_url());
    let report = place.up();
    let login = Tool::new("ibgw-login")
        .args(["--method", "direct", "--url"])
        .args([report["url"].as_str().expect("an address")]);
    login.stdin(plain()).run().exits(0);
    let url = format!("https://127.0.0.1:{}/v1/api/tickle", place.port);
    let tickle = Command::new("curl").args(["-ks", "-d", "", &url]).output();
    let tickle = String::from_utf8(tickle.expect("curl runs").stdout).expect("it is text");
    // A tickle shows K. The stand-in logs it and the cookies if it may, as the Gateway does.
    let key = tickle
        .split("\"session\":\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let key = key.unwrap_or_else(|| panic!("no key: {tickle}"));
    assert!(key.len() >= 32, "{tickle}");
    place.down();
    let state = String::from_utf8_lossy(&place.state()).into_owned();
    assert!(state.contains("Open https://"), "the log is there: {state}");
    assert!(!state.contains("XYZAB") && !state.contains(key), "{state}");
    assert!(!place.instance("run/logs").exists());
}

#[test]
fn gives_java_no_password_of_ours() {
    let place = Place::new();
    let tool = place
        .tool::<&str>([])
        .env("IBEAM_PASSWORD", "planted-7f3a")
        .env("TWSPASSWORD", "planted-7f3a");
    let ran = tool.run().exits(0).never_shows("planted-7f3a");
    let environment = fs::read(format!("/proc/{}/environ", pid(&ran.report()))).expect("it lives");
    let environment = String::from_utf8_lossy(&environment);
    assert!(environment.contains("PATH="), "{environment}");
    assert!(!environment.contains("planted-7f3a"));
    place.down();
}

/// A keystore beside the settings, made by OpenSSL.
fn keystore_of(place: &Place, password: &str) {
    let certificates = Certificates::of(place);
    certificates.shell(&format!(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout k -out c
        openssl pkcs12 -export -inkey k -in c -passout pass:{password} -out ../mine/vertx.jks"
    ));
}

#[test]
fn shows_no_half_of_the_keystores_password() {
    let place = Place::new();
    let java = place.path("java");
    // The password begins before the place where a line is cut, and ends after it.
    let script = r#"#!/bin/sh
[ "$1" != -version ] || { echo 'openjdk version "17.0.15"' >&2; exit; }
printf '%0292d planted-91c4\n' 0
exit 1
"#;
    fs::write(&java, script).expect("it can be written");
    fs::set_permissions(&java, fs::Permissions::from_mode(0o755)).expect("it can be set");
    let conf = place.conf(|conf| conf.replace("mywebapi", "planted-91c4"));
    keystore_of(&place, "planted-91c4");
    let tool = place.tool([Path::new("--conf"), &conf, Path::new("--java"), &java]);
    let ran = tool.run().exits(9).never_shows("planted");
    let message = ran.error()["message"].to_string();
    assert!(message.contains("00 ***"), "{}", ran.all());
    place.is_empty();
}
