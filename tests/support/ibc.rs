//! What a user of IB Gateway and IBC has installed, played by the stand-in.

use super::{TestPort, Tool, binary, processes_naming, signal};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use tempfile::TempDir;

/// The directories `Jts` and `ibc`, a state directory, and ports that were free. Must be empty of processes at the end.
pub(crate) struct IbcLayout {
    folder: TempDir,
    api: TestPort,
    command: TestPort,
}

impl IbcLayout {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let layout = Command::new(binary("ib-standin"))
            .arg("ibc-layout")
            .arg(folder.path())
            .output()
            .expect("ib-standin runs (cargo build -p ib-standin)");
        assert!(layout.status.success(), "{layout:?}");
        Self {
            folder,
            api: TestPort::reserve(),
            command: TestPort::reserve(),
        }
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// IBC's script.
    pub(crate) fn start_script(&self) -> PathBuf {
        self.path("ibc/scripts/ibcstart.sh")
    }

    /// The settings directory, which does not exist yet.
    pub(crate) fn settings(&self) -> PathBuf {
        self.path("settings")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.path("state")
    }

    pub(crate) fn api_port(&self) -> u16 {
        self.api.number
    }

    pub(crate) fn command_port(&self) -> u16 {
        self.command.number
    }

    /// Sets what is played: the keys of the stand-in's `ibc::script::IbcScript`, or a list of such objects, one for
    /// each start. The API's moods (`api`) may be changed while it runs.
    pub(crate) fn script(&self, script: &Value) {
        let path = self.path("script.json");
        let unfinished = self.path("script.json.part");
        fs::write(&unfinished, script.to_string()).expect("a file can be written");
        fs::rename(unfinished, path).expect("a file can be renamed");
    }

    /// What was played so far: `start`, `submission`, `by_hand`, `token`, `command`, `window`, `api`, `end`.
    pub(crate) fn played(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("played.ndjson")).unwrap_or_default();
        let lines = text.lines();
        lines
            .map(|line| {
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
            })
            .collect()
    }

    /// The events of one kind.
    pub(crate) fn played_of(&self, event: &str) -> Vec<Value> {
        let mut all = self.played();
        all.retain(|about| about["event"] == event);
        all
    }

    /// The username and the password's SHA-256 of each login that was sent.
    pub(crate) fn submissions(&self) -> Vec<Value> {
        self.played_of("submission")
    }

    /// A tool with the flags for this place.
    pub(crate) fn tool(&self, name: &str) -> Tool {
        let tool = Tool::new(name).state(&self.state()).args(["--kind", "tws"]);
        let port = self.api_port();
        match name {
            "ibgw-tickle" => tool.args(["--address", &format!("127.0.0.1:{port}")]),
            "ibgw-login" => tool.args(["--api-port", &port.to_string()]),
            _ => self
                .tool_with_settings(&self.settings())
                .args(["--tws-version", "1045"]),
        }
    }

    /// `ibgw-start` with nothing but the state directory and the port of the API.
    pub(crate) fn short(&self) -> Tool {
        let tool = Tool::new("ibgw-start").state(&self.state());
        tool.args(["--kind", "tws", "--api-port", &self.api_port().to_string()])
    }

    /// `ibgw-start` with these folders.
    pub(crate) fn tool_with(&self, tws: &Path, ibc: &Path, settings: &Path) -> Tool {
        self.short()
            .args(["--command-port", &self.command_port().to_string()])
            .args([Path::new("--tws-dir"), tws])
            .args([Path::new("--ibc-dir"), ibc])
            .args([Path::new("--settings-dir"), settings])
    }

    /// `ibgw-start` with the flags for this place, and another settings directory.
    pub(crate) fn tool_with_settings(&self, settings: &Path) -> Tool {
        self.tool_with(&self.path("Jts"), &self.path("ibc"), settings)
    }

    /// The script's value for `window`: a real one.
    pub(crate) fn window() -> Value {
        // The Java of the layout is the stand-in.
        serde_json::json!({
            "java": "/usr/bin/java",
            "source": concat!(env!("CARGO_MANIFEST_DIR"), "/tests/java/Window.java"),
        })
    }

    /// The numbers of the processes that name this place in their command line: a failed test shows them.
    pub(crate) fn processes(&self) -> Vec<u32> {
        processes_naming(&self.folder.path().to_string_lossy())
    }
}

impl Drop for IbcLayout {
    fn drop(&mut self) {
        let left = self.processes();
        left.iter().for_each(|pid| signal(*pid, "KILL"));
        assert!(
            left.is_empty() || thread::panicking(),
            "processes are left behind: {left:?}"
        );
    }
}
