//! A Debian that is booted for one test, with systemd, our units and programs, and no network but its own loopback.

use crate::contract::TOOLS;
use crate::scripts::network::Network;
use crate::scripts::{script, text};
use crate::support::{Ran, as_root, binary, children_of, debian, eventually, slowly, wants_root};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;

/// Two machines that were begun in one cgroup would each remove what the other has in it.
const IN_A_CGROUP: &str = r#"for top in /sys/fs/cgroup/unified /sys/fs/cgroup; do
    [ ! -e "$top/cgroup.procs" ] || { mkdir "$top/$0" && echo $$ >"$top/$0/cgroup.procs" && break; }
done
exec "$@""#;

pub(crate) struct Machine {
    nspawn: Child,
    leader: u32,
    name: String,
    pub network: Network,
}

impl Machine {
    pub(crate) fn boot() -> Self {
        wants_root();
        let name = format!("ib-tools-{}", std::process::id());
        let mut nspawn = as_root("sh");
        nspawn.args(["-c", IN_A_CGROUP, &name, "env"]);
        // Its cgroups are as on any Debian, and several tests may boot the same directory: nothing is written there.
        nspawn.args([
            "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1",
            "SYSTEMD_NSPAWN_LOCK=0",
        ]);
        nspawn.args(["systemd-nspawn", "--quiet", "--boot", "--volatile=overlay"]);
        nspawn.args(["--register=no", "--keep-unit", "--private-network"]);
        nspawn.args(["--console=pipe", &format!("--machine={name}")]);
        nspawn.arg(format!("--directory={}", debian().display()));
        for program in TOOLS {
            // As `cargo install` leaves them.
            let from = binary(program).display().to_string();
            nspawn.arg(format!("--bind-ro={from}:/root/.cargo/bin/{program}"));
        }
        let standin = binary("ib-standin").display().to_string();
        nspawn.arg(format!("--bind-ro={standin}:/usr/bin/ib-standin"));
        nspawn.arg(format!("--bind-ro={}:/mnt/scripts", script("").display()));
        let mut nspawn = nspawn
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("systemd-nspawn runs (scripts/setup installs it)");
        let leader = eventually("init", || {
            let ended = nspawn.try_wait().expect("it is ours");
            assert!(ended.is_none(), "systemd-nspawn: {ended:?}");
            children_of(nspawn.id(), "systemd").into_iter().min()
        });
        let machine = Self {
            nspawn,
            leader,
            name,
            network: Network(leader),
        };
        slowly("the end of the boot", || {
            let state = machine.sh("systemctl is-system-running").stdout;
            ["running\n", "degraded\n"].contains(&&*state).then_some(())
        });
        machine
    }

    /// Runs a line of shell in it, as root.
    pub(crate) fn sh(&self, line: &str) -> Ran {
        self.sh_with(line, "")
    }

    /// The same, with something on stdin.
    fn sh_with(&self, line: &str, input: &str) -> Ran {
        let mut command = as_root("nsenter");
        command.args(["--target", &self.leader.to_string(), "--all", "env", "-i"]);
        command.args([
            "HOME=/root",
            "PATH=/usr/local/bin:/usr/sbin:/usr/bin",
            "sh",
            "-c",
        ]);
        command.arg(format!("cd /mnt/scripts/systemd && {line}"));
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("nsenter runs");
        let mut stdin = child.stdin.take().expect("stdin is piped");
        // What does not read it closes the pipe.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        Ran::from_output(line.to_owned(), child.wait_with_output().expect("it ends"))
    }

    /// What a line of shell prints, which succeeds.
    #[track_caller]
    pub(crate) fn does(&self, line: &str) -> String {
        self.sh(line).exits(0).stdout.trim().to_owned()
    }

    /// Installs the programs and the units, as their head says.
    #[track_caller]
    pub(crate) fn install(&self) {
        let head = head("ibgw@.service").into_iter();
        for line in head.take_while(|line| !line.starts_with("IBGW_")) {
            self.does(&line);
        }
    }

    /// Does what the head of a unit says: writes its settings and further ones, and runs its commands, with the login on
    /// stdin of the one that seals it.
    #[track_caller]
    pub(crate) fn follow_head(&self, unit: &str, further: &[&str], login: &Value) {
        let (settings, commands): (Vec<_>, Vec<_>) = head(unit)
            .into_iter()
            .partition(|line| line.starts_with("IBGW_"));
        let file = if unit.contains("tws") {
            "tws-paper"
        } else {
            "main"
        };
        let settings = [
            settings,
            further.iter().map(|&line| line.to_owned()).collect(),
        ]
        .concat();
        let write = format!("mkdir -p /etc/ib-tools && cat >/etc/ib-tools/{file}.env");
        self.sh_with(&write, &(settings.join("\n") + "\n")).exits(0);
        for command in commands {
            // A test runs the command with `force` later.
            if !command.contains("force") {
                self.sh_with(&command, &login.to_string()).exits(0);
            }
        }
    }

    /// The command lines of all processes of the units' user.
    pub(crate) fn processes(&self) -> String {
        self.does("find /proc -ignore_readdir_race -maxdepth 1 -user ibgw -exec sh -c 'tr \"\\0\" \" \" <{}/cmdline; echo' ';'")
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if thread::panicking() {
            let journal = self
                .sh("journalctl --no-pager --quiet -o short-precise -n 150")
                .stdout;
            // The journal explains the failure, so it comes first.
            let _ = std::io::stderr().write_all(journal.as_bytes());
        }
        let leader = self.leader.to_string();
        let _ = as_root("kill").args(["-KILL", &leader]).status();
        let _ = self.nspawn.wait();
        let groups = format!(
            "rmdir $(find /sys/fs/cgroup -path '*/{}*' -type d | sort -r)",
            self.name
        );
        let _ = as_root("sh").args(["-c", &groups]).output();
    }
}

/// The commands and settings in a unit's head.
pub(crate) fn head(unit: &str) -> Vec<String> {
    let text = text(&Path::new("systemd").join(unit).display().to_string());
    let head = text.split("\n[Unit]").next().unwrap_or_default();
    let lines = head.lines().filter_map(|line| line.strip_prefix("#   "));
    lines.map(str::to_owned).collect()
}
