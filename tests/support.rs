//! Running a tool, and the stand-in it talks to.

mod at_once;
mod below;
pub(crate) mod clients;
mod clock;
mod closed_port;
pub(crate) mod google;
mod ibc;
pub(crate) mod keyring;
mod repository;
mod root;

pub(crate) use at_once::at_once;
pub(crate) use below::{below, entries};
pub(crate) use closed_port::ClosedPort;
pub(crate) use ib_testkit::{
    Standin, TestPort, binary, children_of, environments_below, environments_with, eventually,
    gnupg, processes_naming, processes_with, signal, slowly,
};
pub(crate) use ibc::IbcLayout;
pub(crate) use repository::{read, repository};
pub(crate) use root::{as_root, debian, wants_root};

use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// One tool about to be run, with a home and a state directory of its own.
pub(crate) struct Tool {
    command: Command,
    input: Option<Vec<u8>>,
    pub folder: TempDir,
}

/// What a tool did.
pub(crate) struct Ran {
    shown: String,
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Tool {
    pub(crate) fn new(name: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let mut command = Command::new(binary(name));
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").expect("PATH is set"));
        command
            .env("HOME", folder.path())
            .env("IBGW_STATE_DIR", folder.path().join("state"))
            .env("IBSSO_STATE_DIR", folder.path().join("state"));
        command.current_dir(folder.path());
        Self {
            command,
            input: None,
            folder,
        }
    }

    pub(crate) fn args<S: AsRef<std::ffi::OsStr>>(
        mut self,
        args: impl IntoIterator<Item = S>,
    ) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// A state directory that several runs share.
    pub(crate) fn state(self, folder: &Path) -> Self {
        self.env("IBGW_STATE_DIR", folder)
            .env("IBSSO_STATE_DIR", folder)
    }

    pub(crate) fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = Some(input.into());
        self
    }

    /// The same run, begun by a shell script that has the tool and the arguments so far as `"$0" "$@"`.
    pub(crate) fn in_shell(mut self, script: &str) -> Self {
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
    pub(crate) fn spawn(mut self) -> (Child, TempDir) {
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
    pub(crate) fn run_checking_stdin(mut self) -> Ran {
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
    pub(crate) fn run(self) -> Ran {
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
    /// What a tool did that was left running, once it has ended.
    pub(crate) fn of(child: Child) -> Self {
        let output = child.wait_with_output().expect("the tool ends");
        Self::from_output("a tool that was left running".to_owned(), output)
    }

    pub(crate) fn from_output(shown: String, output: Output) -> Self {
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
    pub(crate) fn all(&self) -> String {
        format!(
            "\ncommand: {}\nstatus: {}\nstdout: {}\nstderr: {}\n",
            self.shown, self.status, self.stdout, self.stderr
        )
    }

    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}", self.all());
        self
    }

    /// The one line of JSON on stdout.
    #[track_caller]
    pub(crate) fn report(&self) -> Value {
        let lines: Vec<&str> = self.stdout.lines().collect();
        assert_eq!(lines.len(), 1, "one line on stdout: {}", self.all());
        serde_json::from_str(lines[0]).unwrap_or_else(|error| panic!("{error}: {}", self.all()))
    }

    /// The one error on stderr; stdout may hold a report beside it.
    #[track_caller]
    pub(crate) fn error(&self) -> Value {
        let lines: Vec<&str> = self.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "one line on stderr: {}", self.all());
        let error: Value = serde_json::from_str(lines[0])
            .unwrap_or_else(|error| panic!("{error}: {}", self.all()));
        assert_eq!(error["schema"], "ib-error/1", "{}", self.all());
        assert_eq!(error["exit"], self.status, "{}", self.all());
        error
    }

    #[track_caller]
    pub(crate) fn is_silent_on_stdout(self) -> Self {
        assert!(self.stdout.is_empty(), "{}", self.all());
        self
    }

    #[track_caller]
    pub(crate) fn is_silent_on_stderr(self) -> Self {
        assert!(self.stderr.is_empty(), "{}", self.all());
        self
    }

    /// No planted secret in any stream.
    #[track_caller]
    pub(crate) fn never_shows(self, secret: &str) -> Self {
        assert!(
            !self.stdout.contains(secret) && !self.stderr.contains(secret),
            "{}",
            self.all()
        );
        self
    }
}

/// Fails where the environment of the tests has settings: clap reads them in this very process.
#[track_caller]
pub(crate) fn without_settings() {
    let is_ours = |name: &std::ffi::OsStr| {
        let name = name.to_string_lossy();
        name.starts_with("IBGW_") || name.starts_with("IBSSO_")
    };
    let ours = std::env::vars_os().find(|(name, _)| is_ours(name));
    assert!(ours.is_none(), "unset this variable first: {ours:?}");
}
