//! The gateway as a Java process, with its habits.

use crate::client::ask_securely;
use crate::process::{Guarded, PATIENCE, StandIn};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const MAIN: &str = "ibgroup.web.core.clientportal.gw.GatewayStart";

/// An unzipped gateway and an instance beside it.
struct Gateway {
    root: PathBuf,
    port: u16,
    _standin: StandIn,
}

impl Gateway {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        let standin = StandIn::start();
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .expect("a free port")
            .port();
        let made = Command::new(env!("CARGO_BIN_EXE_ib-standin"))
            .arg("layout")
            .arg(root.join("gw"))
            .args([
                "--upstream",
                &format!("http://{}", standin.upstream),
                "--port",
                &port.to_string(),
            ])
            .output()
            .expect("running ib-standin layout");
        assert!(made.status.success(), "{made:?}");
        for folder in ["conf", "run"] {
            fs::create_dir_all(root.join(folder)).expect("making the instance");
        }
        let gateway = Self {
            root,
            port,
            _standin: standin,
        };
        for name in ["conf.yaml", "vertx.jks"] {
            fs::copy(
                gateway.root.join("gw/root").join(name),
                gateway.root.join("conf").join(name),
            )
            .expect("copying");
        }
        gateway
    }

    fn java(&self, conf: &str) -> Command {
        let (gw, own) = (self.root.join("gw"), self.root.join("conf"));
        let jar = "dist/ibgroup.web.core.iblink.router.clientportal.gw.jar";
        let path = format!(
            "{}:{2}/root:{2}/{1}:{2}/build/lib/runtime/*",
            own.display(),
            jar,
            gw.display()
        );
        let mut command = Command::new(gw.join("jre/bin/java"));
        command.args([
            "-server",
            "-XX:+UseSerialGC",
            "-Xmx96m",
            "-cp",
            &path,
            MAIN,
            "--conf",
            conf,
        ]);
        command
            .current_dir(self.root.join("run"))
            .env_remove("JAVA_TOOL_OPTIONS");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn edit(&self, from: &str, to: &str) {
        let path = self.root.join("conf/conf.yaml");
        let text = fs::read_to_string(&path).expect("reading conf.yaml");
        fs::write(path, text.replace(from, to)).expect("writing conf.yaml");
    }

    fn answers(&self) -> bool {
        ask_securely(self.port, "GET", "/", "", "", PATIENCE)
            .is_ok_and(|answer| answer.status == 302)
    }

    fn wait_for_an_answer(&self) {
        let start = Instant::now();
        while !self.answers() {
            assert!(
                start.elapsed() < PATIENCE,
                "nothing answers on {}",
                self.port
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Ends a gateway that would live for ever, once it has had time for its words.
fn end(mut child: Guarded, signal: Signal) -> Output {
    let pid = Pid::from_raw(i32::try_from(child.0.id()).expect("a pid"));
    kill(pid, signal).expect("signalling java");
    let status = child.0.wait().expect("waiting for java");
    let read = |stream: Option<&mut dyn std::io::Read>| {
        let mut bytes = Vec::new();
        stream
            .expect("a pipe")
            .read_to_end(&mut bytes)
            .expect("reading java's words");
        bytes
    };
    let stdout = read(
        child
            .0
            .stdout
            .as_mut()
            .map(|pipe| pipe as &mut dyn std::io::Read),
    );
    let stderr = read(
        child
            .0
            .stderr
            .as_mut()
            .map(|pipe| pipe as &mut dyn std::io::Read),
    );
    Output {
        status,
        stdout,
        stderr,
    }
}

fn words(output: &Output) -> (String, String) {
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn answers_from_an_instance_beside_the_distribution_and_ends_with_143() {
    let gateway = Gateway::new("answers");
    let java = Guarded(
        gateway
            .java("../conf/conf.yaml")
            .spawn()
            .expect("starting java"),
    );
    gateway.wait_for_an_answer();
    let output = end(java, Signal::SIGTERM);
    let (stdout, stderr) = words(&output);
    assert_eq!(
        (output.status.code(), stderr.as_str()),
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
        let _java = Guarded(
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
    let mut java = Guarded(
        gateway
            .java("../conf/conf.yaml")
            .spawn()
            .expect("starting java"),
    );
    let mut stderr = std::io::BufReader::new(java.0.stderr.take().expect("its stderr"));
    let mut line = String::new();
    std::io::BufRead::read_line(&mut stderr, &mut line).expect("reading its complaint");
    assert_eq!(line, "Server listen failed Address already in use\n");
    assert!(
        java.0.try_wait().expect("asking for its status").is_none(),
        "it lives on"
    );
}

#[test]
fn says_nothing_of_a_wrong_keystore_password_and_lives_on() {
    let gateway = Gateway::new("keystore");
    gateway.edit("mywebapi", "another");
    let java = Guarded(
        gateway
            .java("../conf/conf.yaml")
            .env("IB_STANDIN_DIE_AFTER_MS", "500")
            .spawn()
            .expect("java"),
    );
    let output = java_output(java);
    let (stdout, stderr) = words(&output);
    assert!(!stdout.contains("Open") && !gateway.answers(), "{stdout}");
    assert_eq!(
        (output.status.code(), stderr.as_str()),
        (Some(1), "java.lang.OutOfMemoryError: Java heap space\n")
    );
}

fn java_output(mut java: Guarded) -> Output {
    let status = java.0.wait().expect("waiting for java");
    let mut output = Output {
        status,
        stdout: Vec::new(),
        stderr: Vec::new(),
    };
    let (mut stdout, mut stderr) = (
        java.0.stdout.take().expect("stdout"),
        java.0.stderr.take().expect("stderr"),
    );
    std::io::Read::read_to_end(&mut stdout, &mut output.stdout).expect("reading stdout");
    std::io::Read::read_to_end(&mut stderr, &mut output.stderr).expect("reading stderr");
    output
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
