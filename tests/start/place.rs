//! A place to start Gateways in. At the end none may run there.

use crate::support::{Ran, TestPort, Tool, binary, signal};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use tempfile::TempDir;

/// A directory with an unzipped Gateway and a state directory, and a port that was free.
pub(crate) struct Place {
    folder: TempDir,
    pub port: u16,
    _reserved: TestPort,
}

impl Place {
    /// With an upstream where nothing answers: a Gateway answers at its root without it.
    pub(crate) fn new() -> Self {
        Self::with_upstream("http://127.0.0.1:1")
    }

    pub(crate) fn with_upstream(upstream: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let layout = Command::new(binary("ib-standin"))
            .arg("layout")
            .arg(folder.path().join("gw"))
            .args(["--upstream", upstream])
            .output()
            .expect("ib-standin runs (cargo build -p ib-standin)");
        assert!(layout.status.success(), "{layout:?}");
        let reserved = TestPort::reserve();
        Self {
            folder,
            port: reserved.number,
            _reserved: reserved,
        }
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// The path of something of the instance.
    pub(crate) fn instance(&self, below: &str) -> PathBuf {
        self.path(&format!("state/gateway/cp-{}/{below}", self.port))
    }

    /// The tool with the variables of this place.
    pub(crate) fn tool<S: AsRef<std::ffi::OsStr>>(
        &self,
        args: impl IntoIterator<Item = S>,
    ) -> Tool {
        self.tool_without_port(args)
            .env("IBGW_PORT", self.port.to_string())
    }

    pub(crate) fn tool_without_port<S: AsRef<std::ffi::OsStr>>(
        &self,
        args: impl IntoIterator<Item = S>,
    ) -> Tool {
        Tool::new("ibgw-start")
            .args(args)
            .state(&self.path("state"))
            .env("IBGW_GATEWAY_DIR", self.path("gw"))
            .env("IBGW_JAVA", self.path("gw/jre/bin/java"))
    }

    /// Starts the Gateway; the value is the report.
    pub(crate) fn up(&self) -> Value {
        let report = self.tool::<&str>([]).run().exits(0).report();
        assert_eq!(report["state"], "ready", "{report}");
        report
    }

    pub(crate) fn down(&self) -> Value {
        self.tool(["--stop"]).run().exits(0).report()
    }

    /// Runs a command in a shell, with the tool as `$0`.
    pub(crate) fn shell(&self, folder: &Path, script: &str) -> Ran {
        let mut command = Command::new("sh");
        command
            .args(["-c", script])
            .arg(binary("ibgw-start"))
            .current_dir(folder)
            .env("IBGW_STATE_DIR", self.path("state"))
            .env("IBGW_GATEWAY_DIR", self.path("gw"))
            .env("IBGW_JAVA", self.path("gw/jre/bin/java"))
            .env("IBGW_PORT", self.port.to_string());
        let output = command.output().expect("sh runs");
        Ran::from_output(format!("{command:?}"), output)
    }

    /// A conf.yaml made of the shipped one.
    pub(crate) fn conf(&self, edit: impl FnOnce(String) -> String) -> PathBuf {
        let shipped = fs::read_to_string(self.path("gw/root/conf.yaml")).expect("it is there");
        let folder = self.path("mine");
        fs::create_dir_all(&folder).expect("it can be made");
        let path = folder.join("conf.yaml");
        fs::write(&path, edit(shipped)).expect("it can be written");
        path
    }

    /// The processes with this place in their command line or as their working directory: the script's class path is
    /// relative.
    pub(crate) fn processes(&self) -> Vec<(u32, String)> {
        let name = self.folder.path().to_string_lossy().into_owned();
        let all = fs::read_dir("/proc").expect("/proc is there").flatten();
        all.filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let line = fs::read(entry.path().join("cmdline")).ok()?;
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            let folder = fs::read_link(entry.path().join("cwd")).unwrap_or_default();
            let is_here = line.contains(&name) || folder.starts_with(&name);
            is_here.then_some((pid, line))
        })
        .collect()
    }

    /// Java, once a process has become it.
    pub(crate) fn java(&self) -> Option<u32> {
        let has_begun = |line: &str| line.contains("GatewayStart") && !line.contains("__exec");
        let mut all = self.processes().into_iter();
        all.find(|(_, line)| has_begun(line)).map(|(pid, _)| pid)
    }

    #[track_caller]
    pub(crate) fn is_empty(&self) {
        assert_eq!(self.processes(), [], "processes are left behind");
    }

    /// Everything that any file below the state directory holds.
    pub(crate) fn state(&self) -> Vec<u8> {
        fn gather(folder: &Path, into: &mut Vec<u8>) {
            for entry in fs::read_dir(folder).expect("a folder").flatten() {
                let about = entry.file_type().expect("a kind");
                if about.is_dir() {
                    gather(&entry.path(), into);
                } else if about.is_file() {
                    into.extend(fs::read(entry.path()).expect("a file"));
                }
            }
        }
        let mut all = Vec::new();
        gather(&self.path("state"), &mut all);
        all
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let left = self.processes();
        for (pid, _) in &left {
            signal(*pid, "KILL");
        }
        assert!(
            left.is_empty() || thread::panicking(),
            "processes are left behind: {left:?}"
        );
    }
}

pub(crate) fn pid(report: &Value) -> u32 {
    let pid = report["pid"]
        .as_u64()
        .unwrap_or_else(|| panic!("no pid: {report}"));
    u32::try_from(pid).expect("a pid")
}
