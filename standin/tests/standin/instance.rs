//! An instance of the gateway as a Java process, beside the distribution it runs from.

use crate::client::ask_securely;
use crate::served::{PATIENCE, Served};
use ib_testkit::{KilledOnDrop, TestPort, binary, eventually};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The Gateway's main class.
pub(crate) const MAIN: &str = "ibgroup.web.core.clientportal.gw.GatewayStart";

/// An unzipped gateway and an instance beside it.
pub(crate) struct Gateway {
    pub root: PathBuf,
    pub port: u16,
    _claim: TestPort,
    _standin: Served,
}

impl Gateway {
    pub(crate) fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        let standin = Served::start();
        let claim = TestPort::reserve();
        let port = claim.number;
        let made = Command::new(binary("ib-standin"))
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
            _claim: claim,
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

    pub(crate) fn java(&self, conf: &str) -> Command {
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

    pub(crate) fn edit(&self, from: &str, to: &str) {
        let path = self.root.join("conf/conf.yaml");
        let text = fs::read_to_string(&path).expect("reading conf.yaml");
        fs::write(path, text.replace(from, to)).expect("writing conf.yaml");
    }

    pub(crate) fn answers(&self) -> bool {
        ask_securely(self.port, "GET", "/", "", "", PATIENCE)
            .is_ok_and(|answer| answer.status == 302)
    }

    pub(crate) fn wait_for_an_answer(&self) {
        let what = format!("an answer on port {}", self.port);
        eventually(&what, || self.answers().then_some(()));
    }
}

/// Signals a gateway that would live for ever.
pub(crate) fn end(java: KilledOnDrop, signal: Signal) -> Output {
    let pid = Pid::from_raw(i32::try_from(java.0.id()).expect("a pid"));
    kill(pid, signal).expect("signalling java");
    output(java)
}

/// Waits for the end of a gateway and reads what it printed.
pub(crate) fn output(mut java: KilledOnDrop) -> Output {
    let status = java.0.wait().expect("waiting for java");
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let streams = (java.0.stdout.take(), java.0.stderr.take());
    streams
        .0
        .expect("stdout")
        .read_to_end(&mut stdout)
        .expect("reading stdout");
    streams
        .1
        .expect("stderr")
        .read_to_end(&mut stderr)
        .expect("reading stderr");
    Output {
        status,
        stdout,
        stderr,
    }
}

/// Stdout and stderr as text.
pub(crate) fn words(output: &Output) -> (String, String) {
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}
