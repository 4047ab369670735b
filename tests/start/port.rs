//! A port that another process has.

use super::fails::says;
use super::place::Place;
use crate::support::eventually;
use crate::support::{Ran, Standin};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

const JAR: &str = "ibgroup.web.core.iblink.router.clientportal.gw.jar";
const MAIN_CLASS: &str = "ibgroup.web.core.clientportal.gw.GatewayStart";

#[test]
fn names_who_holds_the_port_and_starts_nothing() {
    let place = Place::new();
    let silent = TcpListener::bind(("127.0.0.1", place.port)).expect("the port is free");
    let begin = Instant::now();
    let ran = place.tool::<&str>([]).run().exits(6).is_silent_on_stdout();
    assert!(
        begin.elapsed() < Duration::from_secs(5),
        "{:?}",
        begin.elapsed()
    );
    let me = format!("process {}", std::process::id());
    says(
        &ran,
        &[&format!("port {}", place.port), &me, "not a Gateway"],
    );
    assert!(!place.instance("record.json").exists());
    drop(silent);
    place.is_empty();
}

#[test]
fn starts_no_second_gateway_beside_one_that_refuses_this_machine() {
    let place = Place::new();
    let port = format!("listenPort: {}", place.port);
    let conf = place.conf(|conf| {
        conf.replace("listenPort: 5000", &port)
            .replace("127.0.0.1", "10.0.0.1")
    });
    let class_path = format!(
        "{}:gw/root:gw/dist/{JAR}",
        conf.parent().expect("a folder").display()
    );
    let mut other = Command::new(place.path("gw/jre/bin/java"))
        .args([
            "-cp",
            &class_path,
            MAIN_CLASS,
            "--conf",
            "../mine/conf.yaml",
        ])
        .current_dir(place.path(""))
        .spawn()
        .expect("it starts");
    let listens = || TcpStream::connect(("127.0.0.1", place.port)).ok().map(drop);
    eventually("the other Gateway", listens);
    for flags in [&[][..], &["--check"], &["--foreground"]] {
        let ran = place.tool(flags).run().exits(6).is_silent_on_stdout();
        says(&ran, &["refuses this machine", "ips.allow"]);
    }
    // Neither does --stop end what it did not start.
    let report = place.tool(["--stop"]).run().exits(0).report();
    assert!(report["pid"].is_null(), "{report}");
    assert_eq!(place.processes().len(), 1);
    other.kill().expect("it is killed");
    other.wait().expect("it ends");
}

#[test]
fn ends_java_when_the_port_was_taken_meanwhile() {
    let place = Place::new();
    let tool = place
        .tool::<&str>([])
        .env("IB_STANDIN_START_DELAY_MS", "500");
    let (child, _folder) = tool.spawn();
    let record = place.instance("record.json");
    eventually("the record", || record.exists().then_some(()));
    let thief = TcpListener::bind(("127.0.0.1", place.port)).expect("the port is free");
    let output = child.wait_with_output().expect("it ends");
    let ran = Ran::from_output("ibgw-start".to_owned(), output).exits(6);
    says(
        &ran,
        &[
            "Server listen failed",
            &format!("process {}", std::process::id()),
        ],
    );
    assert_eq!(ran.report()["state"], "stopped", "{}", ran.all());
    drop(thief);
    place.is_empty();
}

#[test]
fn does_not_take_another_gateway_on_the_port_for_its_own() {
    let place = Place::new();
    let tool = place
        .tool::<&str>([])
        .env("IB_STANDIN_START_DELAY_MS", "500");
    let (child, _folder) = tool.spawn();
    let record = place.instance("record.json");
    eventually("the record", || record.exists().then_some(()));
    let other = Standin::serve_at(place.port);
    let output = child.wait_with_output().expect("it ends");
    let ran = Ran::from_output("ibgw-start".to_owned(), output).exits(6);
    says(&ran, &["Server listen failed", "ib-standin"]);
    drop(other);
    place.is_empty();
}

#[test]
fn says_who_has_the_port_and_not_what_a_stranger_does() {
    let place = Place::new();
    let tool = place
        .tool(["--timeout", "3s"])
        .env("IB_STANDIN_NEVER_LISTEN", "1");
    let (child, _folder) = tool.spawn();
    eventually("Java", || place.java());
    let thief = TcpListener::bind(("127.0.0.1", place.port)).expect("the port is free");
    let output = child.wait_with_output().expect("it ends");
    let ran = Ran::from_output("ibgw-start".to_owned(), output).exits(8);
    let holder = format!("process {}", std::process::id());
    says(&ran, &[&format!("port {} is held", place.port), &holder]);
    drop(thief);
    place.is_empty();
}
