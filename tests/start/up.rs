//! A Gateway is started.

use super::place::{Place, pid};
use crate::support::{Ran, Standin, TestPort, Tool};
use serde_json::json;
use std::fs;

#[test]
fn returns_when_the_gateway_answers_and_leaves_it_running() {
    let place = Place::new();
    let ran = place.tool::<&str>([]).run().exits(0).is_silent_on_stderr();
    let report = ran.report();
    assert_eq!(report["schema"], "ibgw-start/1");
    assert_eq!(report["state"], "ready");
    assert_eq!(report["kind"], "cp");
    assert_eq!(report["url"], format!("https://localhost:{}", place.port));
    assert_eq!(report["started"], true);
    assert!(report["ready_seconds"].is_f64(), "{report}");
    let build = report["build"].as_str().expect("it prints its version");
    assert!(build.starts_with("a27ed42"), "{report}");
    assert_eq!(
        report["log"],
        place.instance("gateway.log").to_str().unwrap()
    );
    assert!(report["child_exit"].is_null());
    // The shipped settings admit 192.* and 131.216.*.
    assert_eq!(report["warnings"], json!(["admits_network"]), "{report}");
    let running = place.processes();
    assert_eq!(running.len(), 1, "{running:?}");
    assert_eq!(running[0].0, pid(&report));
    place.down();
}

#[test]
fn waits_for_an_answer_and_not_for_the_banner() {
    let place = Place::new();
    let report = place
        .tool::<&str>([])
        .env("IB_STANDIN_BANNER_LEAD_MS", "400")
        .run()
        .exits(0)
        .report();
    let seconds = report["ready_seconds"].as_f64().expect("seconds");
    assert!(seconds >= 0.4, "{report}");
    place.tool(["--check"]).run().exits(0);
    place.down();
}

#[test]
fn says_that_it_is_up_already() {
    let place = Place::new();
    let first = place.up();
    // That needs neither Java nor the Gateway's directory.
    let again = Tool::new("ibgw-start")
        .state(&place.path("state"))
        .args(["--port", &place.port.to_string()])
        .run()
        .exits(0)
        .report();
    assert_eq!(again["started"], false);
    assert_eq!(again["pid"], first["pid"]);
    assert_eq!(again["build"], first["build"]);
    assert_eq!(again["log"], first["log"]);
    assert!(again["ready_seconds"].is_null());
    place.down();
}

#[test]
fn knows_no_process_of_a_gateway_that_another_program_started() {
    let standin = Standin::serve();
    let ran = Tool::new("ibgw-start").args(["--url", standin.url()]).run();
    let report = ran.exits(0).report();
    assert_eq!(report["state"], "ready");
    assert_eq!(report["started"], false);
    assert!(report["pid"].is_null(), "{report}");
}

#[test]
fn starts_one_java_when_two_start_at_once() {
    let place = Place::new();
    let start = || {
        let tool = place
            .tool::<&str>([])
            .env("IB_STANDIN_START_DELAY_MS", "200");
        tool.spawn()
    };
    let children = [start(), start()];
    let reports = children.map(|(child, _folder)| {
        let output = child.wait_with_output().expect("it ends");
        Ran::from_output("ibgw-start".to_owned(), output)
            .exits(0)
            .report()
    });
    assert_eq!(reports[0]["pid"], reports[1]["pid"]);
    let started = reports.iter().filter(|report| report["started"] == true);
    assert_eq!(started.count(), 1, "{reports:?}");
    assert_eq!(place.processes().len(), 1);
    place.down();
}

#[test]
fn keeps_two_instances_apart() {
    let place = Place::new();
    let reserved = TestPort::reserve();
    let other = reserved.number.to_string();
    let first = place.up();
    let second = place
        .tool_without_port(["--port", &other])
        .run()
        .exits(0)
        .report();
    assert_ne!(first["pid"], second["pid"]);
    let stopped = place
        .tool_without_port(["--port", &other, "--stop"])
        .run()
        .exits(0)
        .report();
    assert_eq!(stopped["pid"], second["pid"]);
    assert_eq!(place.up()["pid"], first["pid"]);
    place.down();
}

#[test]
fn takes_relative_paths_from_where_it_is_called() {
    let place = Place::new();
    place.conf(|shipped| shipped);
    let folder = place.path("");
    let script = r#""$0" --gateway-dir gw --java gw/jre/bin/java --conf mine/conf.yaml --state-dir state --log a.log"#;
    let report = place.shell(&folder, script).exits(0).report();
    for (key, name) in [
        ("log", "a.log"),
        ("settings", "mine/conf.yaml"),
        ("keystore", "gw/root/vertx.jks"),
    ] {
        assert_eq!(report[key], place.path(name).to_str().unwrap(), "{report}");
    }
    let log = fs::read_to_string(place.path("a.log")).expect("the log is there");
    assert!(log.contains("Open https://localhost"), "{report} {log}");
    place.down();
}

#[test]
fn runs_java_lean_and_the_users_options_last() {
    let place = Place::new();
    let options = ["--java-option=-Xmx200m", "--java-option=-Dplanted=1"];
    let report = place.tool(options).run().exits(0).report();
    let line = fs::read_to_string(format!("/proc/{}/cmdline", pid(&report))).expect("it lives");
    let words: Vec<&str> = line.split('\0').collect();
    let lean = [
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx96m",
        "-Xss512k",
        "-XX:-UsePerfData",
    ];
    let at = words
        .iter()
        .position(|word| *word == lean[0])
        .expect("it is there");
    // Of two options of one kind Java takes the last.
    let expected = [&lean[..], &["-Xmx200m", "-Dplanted=1", "-cp"]].concat();
    assert_eq!(words[at..at + expected.len()], expected);
    place.down();
}

#[test]
fn starts_through_the_script_and_ends_java_itself() {
    let place = Place::new();
    let report = place.tool(["--run-script"]).run().exits(0).report();
    let running = place.processes();
    let shell = running.iter().find(|(_, line)| line.contains("bin/run.sh"));
    assert!(
        shell.is_some_and(|(shell, _)| *shell != pid(&report)),
        "{running:?}"
    );
    assert_eq!(place.down()["pid"], report["pid"]);
    // The shell ends when it has waited for Java.
    crate::support::eventually("the shell's end", || {
        place.processes().is_empty().then_some(())
    });
}

#[test]
fn still_knows_java_when_only_the_shell_has_died() {
    let place = Place::new();
    let report = place.tool(["--run-script"]).run().exits(0).report();
    let running = place.processes();
    let shell = running.iter().find(|(_, line)| line.contains("bin/run.sh"));
    let shell = shell.expect("a shell runs").0;
    crate::support::signal(shell, "KILL");
    crate::support::eventually("the shell's end", || {
        (!place.processes().iter().any(|(pid, _)| *pid == shell)).then_some(())
    });
    // Java is an orphan and runs on. The record names it, so it is found and ended.
    assert_eq!(
        place.tool::<&str>([]).run().exits(0).report()["started"],
        false
    );
    let ended = place.down();
    assert_eq!(
        (&ended["state"], &ended["pid"]),
        (&"stopped".into(), &report["pid"])
    );
    place.is_empty();
}

#[test]
fn speaks_plain_http_when_the_settings_say_so() {
    let place = Place::new();
    let conf = place.conf(|shipped| shipped.replace("listenSsl: true", "listenSsl: false"));
    let conf = conf.to_str().expect("a path");
    let refused = place
        .tool(["--conf", conf])
        .run()
        .exits(6)
        .is_silent_on_stdout();
    let message = refused.error()["message"].to_string();
    assert!(message.contains("--url http://localhost"), "{message}");
    let url = format!("http://localhost:{}", place.port);
    let report = place
        .tool_without_port(["--conf", conf, "--url", &url])
        .run()
        .exits(0)
        .report();
    assert_eq!(report["url"], url);
    place.down();
}

#[test]
fn looks_without_starting_anything() {
    let place = Place::new();
    let report = place.tool(["--check"]).run().exits(0).report();
    assert_eq!(report["state"], "stopped");
    place.is_empty();
    let up = place.up();
    let report = place.tool(["--check"]).run().exits(0).report();
    assert_eq!(report["state"], "ready");
    assert_eq!(report["pid"], up["pid"]);
    assert_eq!(report["ips_denied"], json!([]), "{report}");
    // The next start is checked too, and its fault is no failure of the Gateway that is up.
    let conf = place.conf(|conf| conf.replace("vertx.jks", "nowhere.jks"));
    let tool = place.tool(["--check", "-v", "--conf"]).args([conf]);
    let ran = tool.run().exits(0);
    assert_eq!(ran.report()["warnings"], json!(["next_start_fails"]));
    assert!(ran.stderr.contains("nowhere.jks"), "{}", ran.all());
    place.down();
}

#[test]
fn warns_of_a_port_in_the_settings_that_does_not_count() {
    let place = Place::new();
    let conf = place.conf(|shipped| shipped.replace("listenPort: 5000", "listenPort: 5001"));
    let url = format!("https://localhost:{}", place.port);
    let args = ["--conf", conf.to_str().expect("a path"), "--url", &url];
    let report = place.tool_without_port(args).run().exits(0).report();
    assert_eq!(report["warnings"][1], "listen_port_replaced", "{report}");
    place.down();
}

#[test]
fn ends_what_a_start_that_broke_off_has_left() {
    let place = Place::new();
    let (mut child, _folder) = place
        .tool::<&str>([])
        .env("IB_STANDIN_NEVER_LISTEN", "1")
        .spawn();
    let orphan = crate::support::eventually("Java", || place.java());
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
    assert_eq!(place.processes().len(), 1);
    let report = place.up();
    assert_ne!(pid(&report), orphan);
    assert_eq!(report["warnings"][1], "unready_ended", "{report}");
    assert_eq!(place.processes().len(), 1);
    place.down();
}
