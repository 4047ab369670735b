//! A session bus for one test, with GNOME's keyring on it.

use ib_testkit::{KilledOnDrop, eventually};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The bus starts no service on demand.
const CONFIGURATION: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=FOLDER</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"#;

/// A session bus, ended on drop.
pub(crate) struct Bus {
    folder: TempDir,
    _process: KilledOnDrop,
    pub address: String,
}

/// A keyring that is unlocked, on a bus of its own; ended on drop.
pub(crate) struct Keyring {
    pub bus: Bus,
    _process: KilledOnDrop,
}

impl Bus {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let path = folder.path().display().to_string();
        fs::write(
            folder.path().join("bus.conf"),
            CONFIGURATION.replace("FOLDER", &path),
        )
        .expect("a file can be written");
        let mut process = Command::new("dbus-daemon")
            .arg("--config-file")
            .arg(folder.path().join("bus.conf"))
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon starts (scripts/setup installs it)");
        let mut address = String::new();
        BufReader::new(process.stdout.take().expect("stdout is piped"))
            .read_line(&mut address)
            .expect("dbus-daemon says where it listens");
        Self {
            folder,
            _process: KilledOnDrop(process),
            address: address.trim().to_owned(),
        }
    }

    /// A command that finds the bus, and has the home of the bus's owner.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("HOME", self.folder.path())
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env_remove("XDG_DATA_HOME");
        command
    }
}

impl Keyring {
    pub(crate) fn new() -> Self {
        let bus = Bus::new();
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(bus.folder.path(), private).expect("a mode can be set");
        let mut process = bus
            .command("gnome-keyring-daemon")
            .args(["--unlock", "--foreground", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon starts (scripts/setup installs it)");
        let mut stdin = process.stdin.take().expect("stdin is piped");
        stdin
            .write_all(b"the keyring's own")
            .expect("gnome-keyring-daemon takes its password");
        drop(stdin);
        let keyring = Self {
            bus,
            _process: KilledOnDrop(process),
        };
        eventually("the keyring is unlocked", || {
            keyring
                .call("ReadAlias", &["string:default"])
                .filter(|answer| answer.contains("collection"))
        });
        keyring
    }

    /// Stores a secret, as a person does with secret-tool.
    pub(crate) fn store(&self, attributes: &[&str], secret: &str) {
        let mut child = self
            .bus
            .command("secret-tool")
            .args(["store", "--label=IBKR"])
            .args(attributes)
            .stdin(Stdio::piped())
            .spawn()
            .expect("secret-tool starts (scripts/setup installs it)");
        let mut stdin = child.stdin.take().expect("stdin is piped");
        stdin
            .write_all(secret.as_bytes())
            .expect("secret-tool reads");
        drop(stdin);
        assert!(child.wait().expect("secret-tool ends").success());
    }

    pub(crate) fn lock(&self) {
        let all = "array:objpath:/org/freedesktop/secrets/collection/login";
        self.call("Lock", &[all]).expect("the keyring locks");
    }

    fn call(&self, method: &str, arguments: &[&str]) -> Option<String> {
        let output = self
            .bus
            .command("dbus-send")
            .args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.secrets",
            ])
            .arg("/org/freedesktop/secrets")
            .arg(format!("org.freedesktop.Secret.Service.{method}"))
            .args(arguments)
            .output()
            .expect("dbus-send runs (scripts/setup installs it)");
        let answer = String::from_utf8_lossy(&output.stdout).into_owned();
        output.status.success().then_some(answer)
    }
}
