//! Running a tool, and the stand-in it talks to.

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use tempfile::TempDir;

/// One tool about to be run, with a home and a state directory of its own.
pub struct Tool {
    command: Command,
    input: Option<Vec<u8>>,
    pub folder: TempDir,
}

/// What a tool did.
pub struct Ran {
    shown: String,
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The path of one of our binaries.
pub fn binary(name: &str) -> PathBuf {
    // The test binary lies in deps/, the programs beside that folder.
    let mut folder = std::env::current_exe().expect("the test binary has a path");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    folder.join(name)
}

impl Tool {
    pub fn new(name: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let mut command = Command::new(binary(name));
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").expect("PATH is set"));
        command
            .env("HOME", folder.path())
            .env("IBGW_STATE_DIR", folder.path().join("state"));
        command.current_dir(folder.path());
        Self {
            command,
            input: None,
            folder,
        }
    }

    pub fn args<S: AsRef<std::ffi::OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs the tool by a shell's script, as `$0`, with the environment it has so far.
    pub fn through_shell(mut self, script: &str) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).arg(self.command.get_program());
        shell.env_clear().current_dir(self.folder.path());
        shell.envs(
            self.command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        self.command = shell;
        self
    }

    /// A state directory that several runs share.
    pub fn state(self, folder: &Path) -> Self {
        self.env("IBGW_STATE_DIR", folder)
    }

    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = Some(input.into());
        self
    }

    /// The same run, begun by a shell script that has the tool and the arguments so far as `"$0" "$@"`.
    pub fn in_shell(mut self, script: &str) -> Self {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", script])
            .arg(self.command.get_program())
            .args(self.command.get_args())
            .current_dir(self.command.get_current_dir().expect("it has a folder"))
            .env_clear()
            .envs(
                self.command
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            );
        self.command = shell;
        self
    }

    /// Starts the tool and leaves it running.
    pub fn spawn(mut self) -> (Child, TempDir) {
        self.command.stdin(if self.input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        });
        let mut child = self
            .command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tool starts");
        if let Some(input) = self.input {
            // A tool that ends without reading closes the pipe: that is for the test to judge.
            let _ = child
                .stdin
                .take()
                .expect("stdin is piped")
                .write_all(&input);
        }
        (child, self.folder)
    }

    /// Runs the tool to its end, and demands that it took all of its input.
    pub fn run_checking_stdin(mut self) -> Ran {
        let shown = format!("{:?}", self.command);
        let input = self.input.take().expect("there is input");
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the tool starts");
        let mut stdin = child.stdin.take().expect("stdin is piped");
        stdin
            .write_all(&input)
            .expect("the tool reads all of its input");
        drop(stdin);
        Ran::from_output(shown, child.wait_with_output().expect("the tool ends"))
    }

    /// Runs the tool to its end.
    pub fn run(self) -> Ran {
        let shown = format!("{:?}", self.command);
        let (child, folder) = self.spawn();
        let ran = Ran::from_output(shown, child.wait_with_output().expect("the tool ends"));
        drop(folder);
        ran
    }
}

#[expect(
    clippy::wrong_self_convention,
    reason = "they are statements in a chain, not questions"
)]
impl Ran {
    pub fn from_output(shown: String, output: Output) -> Self {
        use std::os::unix::process::ExitStatusExt;
        Self {
            shown,
            status: output
                .status
                .code()
                .unwrap_or_else(|| 128 + output.status.signal().unwrap_or_default()),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Everything there is to know when a test fails.
    pub fn all(&self) -> String {
        format!(
            "\ncommand: {}\nstatus: {}\nstdout: {}\nstderr: {}\n",
            self.shown, self.status, self.stdout, self.stderr
        )
    }

    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}", self.all());
        self
    }

    /// The one line of JSON on stdout.
    #[track_caller]
    pub fn report(&self) -> Value {
        let lines: Vec<&str> = self.stdout.lines().collect();
        assert_eq!(lines.len(), 1, "one line on stdout: {}", self.all());
        serde_json::from_str(lines[0]).unwrap_or_else(|error| panic!("{error}: {}", self.all()))
    }

    /// The one error on stderr; stdout may hold a report beside it.
    #[track_caller]
    pub fn error(&self) -> Value {
        let lines: Vec<&str> = self.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "one line on stderr: {}", self.all());
        let error: Value = serde_json::from_str(lines[0])
            .unwrap_or_else(|error| panic!("{error}: {}", self.all()));
        assert_eq!(error["schema"], "ib-error/1", "{}", self.all());
        assert_eq!(error["exit"], self.status, "{}", self.all());
        error
    }

    #[track_caller]
    pub fn is_silent_on_stdout(self) -> Self {
        assert!(self.stdout.is_empty(), "{}", self.all());
        self
    }

    #[track_caller]
    pub fn is_silent_on_stderr(self) -> Self {
        assert!(self.stderr.is_empty(), "{}", self.all());
        self
    }

    /// No planted secret in any stream.
    #[track_caller]
    pub fn never_shows(self, secret: &str) -> Self {
        assert!(
            !self.stdout.contains(secret) && !self.stderr.contains(secret),
            "{}",
            self.all()
        );
        self
    }
}

/// A stand-in for IBKR and the Gateway, ended on drop.
pub struct Standin {
    process: Child,
    /// What it said when it was ready: `gateway`, `port`, `upstream`, `control`, `pid`.
    pub about: Value,
}

impl Standin {
    /// An upstream and a gateway front.
    pub fn serve() -> Self {
        Self::start(&["serve"])
    }

    /// Both, with a scripted answer to each tickle.
    pub fn answering(mut answer: Value) -> Self {
        let standin = Self::serve();
        answer["path"] = "/v1/api/tickle".into();
        standin.set(&serde_json::json!({"answers": [answer]}));
        standin
    }

    /// An upstream alone, for gateways that `ibgw-start` starts.
    pub fn upstream() -> Self {
        Self::start(&["upstream"])
    }

    /// As `serve`, on a port that the test has chosen.
    pub fn serve_at(port: u16) -> Self {
        Self::start(&["serve", "--port", &port.to_string()])
    }

    fn start(args: &[&str]) -> Self {
        let mut process = Command::new(binary("ib-standin"))
            .args(args)
            .arg("--until-eof")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("ib-standin starts (cargo build -p ib-standin)");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("stdout is piped");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("ib-standin says where it listens");
        let about = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self { process, about }
    }

    pub fn url(&self) -> &str {
        self.about["gateway"].as_str().expect("serve has a gateway")
    }

    pub fn upstream_url(&self) -> &str {
        self.about["upstream"]
            .as_str()
            .expect("there is an upstream")
    }

    /// Merges into the script.
    pub fn set(&self, script: &Value) {
        self.ask("POST", "/set", Some(script));
    }

    /// Makes something happen: `login`, `drop-brokerage`, `drop-session`, `compete`, `lock`, `reset`.
    pub fn make(&self, action: &str, with: &Value) {
        self.ask("POST", &format!("/do/{action}"), Some(with));
    }

    /// The truth, for comparing with what a tool says.
    pub fn truth(&self) -> Value {
        self.ask("GET", "/state", None)
    }

    /// Every request it got, in order.
    pub fn requests(&self) -> Vec<Value> {
        self.ask("GET", "/requests", None)
            .as_array()
            .expect("requests are an array")
            .clone()
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        static CLIENT: OnceLock<reqwest::blocking::Client> = OnceLock::new();
        let client = CLIENT.get_or_init(|| {
            // Another test may have installed it first: there is only one choice.
            let _ = rustls::crypto::ring::default_provider().install_default();
            reqwest::blocking::Client::builder()
                .no_proxy()
                .build()
                .expect("a client can be made")
        });
        let url = format!(
            "{}{path}",
            self.about["control"]
                .as_str()
                .expect("there is a control port")
        );
        let mut request = client.request(method.parse().expect("a method"), url);
        if let Some(body) = body {
            request = request
                .header("Content-Type", "application/json")
                .body(body.to_string());
        }
        let answer = request
            .send()
            .and_then(|answer| answer.error_for_status()?.text());
        let text = answer.unwrap_or_else(|error| panic!("control {path}: {error}"));
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}

impl Drop for Standin {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The command lines of running processes that contain a text, ours excepted.
pub fn processes_with(text: &str) -> Vec<String> {
    of_processes("cmdline")
        .into_iter()
        .filter(|line| line.contains(text))
        .collect()
}

/// The environments of running processes that contain a text, ours excepted.
pub fn environments_with(text: &str) -> Vec<String> {
    of_processes("environ")
        .into_iter()
        .filter(|line| line.contains(text))
        .collect()
}

fn of_processes(file: &str) -> Vec<String> {
    let ours = std::process::id().to_string();
    let processes = std::fs::read_dir("/proc")
        .expect("there is /proc")
        .flatten();
    let names = processes.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let others =
        names.filter(|name| *name != ours && name.bytes().all(|byte| byte.is_ascii_digit()));
    let contents = others.filter_map(|pid| std::fs::read(format!("/proc/{pid}/{file}")).ok());
    contents
        .map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', " "))
        .collect()
}

/// The command lines of the processes below one that have a text in their environment.
pub fn environments_below(pid: u32, text: &str) -> Vec<String> {
    let read = |pid: u32, file| {
        let bytes = std::fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let below = ib_proc::descendants::of(pid).into_iter();
    let with_text = below.filter(|pid| read(*pid, "environ").contains(text));
    with_text.map(|pid| read(pid, "cmdline")).collect()
}

/// The processes below one whose program has this name.
pub fn children_of(pid: u32, program: &str) -> Vec<u32> {
    let below = ib_proc::descendants::of(pid).into_iter();
    let name = |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    below.filter(|pid| name(pid).trim() == program).collect()
}

/// Sends a signal by its name, to a process that may be gone.
pub fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill")
        .args(["-s", name, &pid.to_string()])
        .output();
    sent.expect("kill runs");
}

/// Waits for something that another process does, for as long as a slow machine may need.
#[track_caller]
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = ib_proc::Deadline::after(Duration::from_secs(30));
    loop {
        if let Some(found) = look() {
            return found;
        }
        // Another process is looked at, which tells nobody when it is done.
        assert!(
            deadline.pause(Duration::from_millis(5)),
            "not seen in 30 s: {what}"
        );
    }
}
