//! A network that a test has to itself, as another process has it: its ports are free, and a stand-in is in it.

use crate::support::as_root;
use serde_json::Value;
use std::process::Command;

/// Where the stand-in plays IBKR there.
pub(crate) const UPSTREAM: &str = "http://127.0.0.1:8000";
/// The command that starts this stand-in.
pub(crate) const STANDIN: [&str; 6] = [
    "ib-standin",
    "upstream",
    "--port",
    "8000",
    "--control-port",
    "8001",
];
const CONTROL: &str = "http://127.0.0.1:8001";

/// The network of the process with this number.
pub(crate) struct Network(pub u32);

impl Network {
    /// A program of this machine in it.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = as_root("nsenter");
        command.args(["--target", &self.0.to_string(), "--net", program]);
        command
    }

    pub(crate) fn curl(&self, arguments: &[&str]) -> String {
        let mut command = self.command("curl");
        command.args(["--silent", "--noproxy", "*"]);
        let output = command.args(arguments).output().expect("nsenter runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// The stand-in's truth, once it answers.
    pub(crate) fn truth(&self) -> Value {
        self.ask(&[&format!("{CONTROL}/state")])
    }

    /// Makes something happen at the stand-in.
    pub(crate) fn make(&self, action: &str, with: &Value) {
        self.ask(&["-d", &with.to_string(), &format!("{CONTROL}/do/{action}")]);
    }

    fn ask(&self, request: &[&str]) -> Value {
        // It may have begun a moment ago.
        let patience = [
            "--fail",
            "--retry",
            "20",
            "--retry-connrefused",
            "--retry-delay",
            "1",
        ];
        let answer = self.curl(&[&patience[..], request].concat());
        serde_json::from_str(&answer)
            .unwrap_or_else(|error| panic!("{request:?}: {error}: {answer:?}"))
    }
}
