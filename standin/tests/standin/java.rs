//! The gateway as a Java process, with its habits.

use crate::client::ask_securely;
use crate::instance::{Gateway, MAIN, end, output, words};
use crate::served::PATIENCE;
use ib_testkit::KilledOnDrop;
use nix::sys::signal::Signal;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::Command;

#[test]
fn answers_from_an_instance_beside_the_distribution_and_ends_with_143() {
    let gateway = Gateway::new("answers");
    let java = KilledOnDrop(
        gateway
            .java("../conf/conf.yaml")
            .spawn()
            .expect("starting java"),
    );
    gateway.wait_for_an_answer();
    let ended = end(java, Signal::SIGTERM);
    let (stdout, stderr) = words(&ended);
    assert_eq!(
        (ended.status.code(), stderr.as_str()),
        (Some(143), ""),
        "{stdout}"
    );
    assert!(
        stdout.ends_with(&format!(
            "Open https://localhost:{} to login\n",
            gateway.port
        )),
        "{stdout}"
    );
    assert!(gateway.root.join("run/.vertx").is_dir());
}

#[test]
fn writes_cookies_into_its_log_unless_told_to_be_quiet() {
    for (level, expected) in [("DEBUG", true), ("OFF", false)] {
        let gateway = Gateway::new(&format!("log-{level}"));
        fs::write(
            gateway.root.join("conf/logback.xml"),
            format!("<configuration><root level=\"{level}\"/></configuration>"),
        )
        .expect("writing logback.xml");
        let _java = KilledOnDrop(
            gateway
                .java("../conf/conf.yaml")
                .spawn()
                .expect("starting java"),
        );
        gateway.wait_for_an_answer();
        ask_securely(
            gateway.port,
            "GET",
            "/sso/Login?x=1",
            "XYZAB=planted",
            "",
            PATIENCE,
        )
        .expect("the login page");
        let logs = fs::read_dir(gateway.root.join("run/logs"))
            .into_iter()
            .flatten()
            .flatten();
        let text: String = logs
            .map(|file| fs::read_to_string(file.path()).expect("reading a log"))
            .collect();
        assert_eq!(
            text.contains("XYZAB=planted"),
            expected,
            "at {level}: {text:?}"
        );
    }
}

#[test]
fn complains_of_its_configuration_and_ends_with_1() {
    let gateway = Gateway::new("conf");
    let absolute = gateway.root.join("conf/conf.yaml");
    let absolute = format!("..//{}", absolute.display());
    let run = |conf: &str| {
        let output = gateway.java(conf).output().expect("running java");
        (output.status.code(), words(&output).1)
    };
    let closed = |conf: &str| {
        format!("Failed to load configuration file: {conf}\njava.io.IOException: Stream closed\n")
    };
    for conf in [absolute.as_str(), "../conf/nosuch.yaml"] {
        assert_eq!(run(conf), (Some(1), closed(conf)));
    }
    gateway.edit("ccp: false", "tickleDelay: 5");
    let (code, stderr) = run("../conf/conf.yaml");
    assert_eq!(code, Some(1), "{stderr}");
    assert!(
        stderr.contains("Unable to find property 'tickleDelay'"),
        "{stderr}"
    );
}

#[test]
fn prints_its_banner_on_a_taken_port_and_lives_on_without_a_listener() {
    let gateway = Gateway::new("taken");
    let _holder = TcpListener::bind(("127.0.0.1", gateway.port)).expect("taking the port");
    let mut java = KilledOnDrop(
        gateway
            .java("../conf/conf.yaml")
            .spawn()
            .expect("starting java"),
    );
    let mut stderr = BufReader::new(java.0.stderr.take().expect("its stderr"));
    let mut line = String::new();
    stderr.read_line(&mut line).expect("reading its complaint");
    assert_eq!(line, "Server listen failed Address already in use\n");
    assert!(
        java.0.try_wait().expect("asking for its status").is_none(),
        "it lives on"
    );
}

#[test]
fn says_nothing_after_its_banner_of_a_wrong_keystore_password_and_lives_on() {
    let gateway = Gateway::new("keystore");
    gateway.edit("mywebapi", "another");
    let java = KilledOnDrop(
        gateway
            .java("../conf/conf.yaml")
            .env("IB_STANDIN_DIE_AFTER_MS", "500")
            .spawn()
            .expect("java"),
    );
    let output = output(java);
    let (stdout, stderr) = words(&output);
    assert!(stdout.contains("Open") && !gateway.answers(), "{stdout}");
    assert_eq!(
        (output.status.code(), stderr.as_str()),
        (Some(1), "java.lang.OutOfMemoryError: Java heap space\n")
    );
}

#[test]
fn is_not_found_outside_its_directory_and_tells_its_version() {
    let gateway = Gateway::new("class-path");
    let java = gateway.root.join("gw/jre/bin/java");
    let run = |words: &[&str]| {
        let mut command = Command::new(&java);
        command
            .args(words)
            .current_dir(&gateway.root)
            .env_remove("JAVA_TOOL_OPTIONS");
        command
            .env("IB_STANDIN_JAVA_VERSION", "1.8.0_471")
            .output()
            .expect("running java")
    };
    let lost = run(&[
        "-cp",
        "root:dist/x.jar:build/lib/runtime/*",
        MAIN,
        "--conf",
        "../root/conf.yaml",
    ]);
    assert_eq!(lost.status.code(), Some(1));
    assert!(
        words(&lost).1.starts_with(&format!(
            "Error: Could not find or load main class {MAIN}\n"
        )),
        "{lost:?}"
    );
    let version = run(&["-version"]);
    assert_eq!(version.status.code(), Some(0));
    assert!(
        words(&version)
            .1
            .starts_with("openjdk version \"1.8.0_471\" 2025-04-15\n"),
        "{version:?}"
    );
}
