//! The units of IB Gateway: paper and live together, each command run as systemd would run it.

use super::Unit;
use crate::support::{IbcLayout, binary, eventually, signal};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::process::Command;

/// A command of a unit of this mode, with the variables that systemd sets.
fn command(unit: &Unit, key: &str, mode: &str, layout: &IbcLayout) -> Command {
    let programs = binary("ibgw-start");
    let programs = programs.parent().expect("a folder").display().to_string();
    let expanded = |value: &str| {
        value
            .trim_start_matches('-')
            .replace("%i", mode)
            .replace("$$", "$")
            .replace("%t", &layout.path("run").display().to_string())
            .replace("/usr/local/bin", &programs)
    };
    let lines = unit.get(key);
    assert_eq!(lines.len(), 1, "{key}: {lines:?}");
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("exec {}", expanded(lines[0]))])
        .env_clear();
    command
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("NOTIFY_SOCKET", layout.path("notify"))
        .env("STATE_DIRECTORY", layout.state())
        .env("CREDENTIALS_DIRECTORY", layout.path("credentials"));
    for pair in unit.get("Environment") {
        let pair = expanded(pair.trim_matches('"'));
        let (name, value) = pair.split_once('=').expect("a pair");
        command.env(name, value);
    }
    // EnvironmentFile=
    command
        .env("IBGW_TWS_DIR", layout.path("Jts"))
        .env("IBGW_IBC_DIR", layout.path("ibc"))
        .env("IBGW_API_PORT", layout.api_port().to_string())
        .env("IBGW_COMMAND_PORT", layout.command_port().to_string())
        .env("IBGW_ADDRESS", format!("127.0.0.1:{}", layout.api_port()));
    command
}

#[test]
fn paper_and_live_run_together_by_their_units() {
    let [service, tickle] = ["ibgw-tws@.service", "ibgw-tws-tickle@.service"].map(Unit::of);
    let mut running = Vec::new();
    for mode in ["paper", "live"] {
        let layout = IbcLayout::new();
        for folder in ["state", "run/ib-tools", "credentials"] {
            fs::create_dir_all(layout.path(folder)).expect("a folder can be made");
        }
        let login = layout.path("credentials/login");
        fs::write(
            &login,
            r#"{"username":"someuser","password":"Unit-marker-84"}"#,
        )
        .expect("a file");
        fs::set_permissions(&login, fs::Permissions::from_mode(0o400)).expect("a mode");
        let notify = UnixDatagram::bind(layout.path("notify")).expect("a socket");
        notify.set_nonblocking(true).expect("it can be set");
        let start = command(&service, "ExecStart", mode, &layout)
            .spawn()
            .expect("it starts");
        let mut bytes = [0; 4096];
        eventually("READY=1", || {
            let count = notify.recv(&mut bytes).ok()?;
            let heard = String::from_utf8_lossy(&bytes[..count]);
            heard.lines().any(|line| line == "READY=1").then_some(())
        });
        let login = command(&service, "ExecStartPost", mode, &layout)
            .output()
            .expect("it runs");
        assert!(login.status.success(), "{login:?}");
        let tickled = command(&tickle, "ExecStart", mode, &layout)
            .output()
            .expect("it runs");
        assert!(tickled.status.success(), "{tickled:?}");
        assert!(
            layout
                .path(&format!("run/ib-tools/tws-{mode}.prom"))
                .exists()
        );
        running.push((layout, start));
    }
    for (layout, mut start) in running {
        signal(start.id(), "TERM");
        let status = start.wait().expect("it ends");
        assert!(status.success(), "{status}");
        assert!(layout.processes().is_empty());
    }
}
