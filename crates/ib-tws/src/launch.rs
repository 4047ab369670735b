//! The driver: the program that starts IB Gateway and serves its windows, as a command to run and a log to read.
//!
//! IBC is the first; its last release, 3.24, is out. Another, such as gnzsnz/ibcontroller, implements the four functions of
//! [`GatewayLauncher`], reads its configuration from a file, and keeps tokens where [`crate::remove_tokens`] finds them.

use crate::ibc_event::IbcEvent;
use crate::ibc_exit;
use crate::ibc_log::event_of;
use ib_cli::Exit;
use ib_proc::clean::INPUT;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where all that a start needs is.
#[derive(Clone, Copy, Debug)]
pub struct IbcPaths<'a> {
    /// The folder of IB's programs, with `ibgateway/VERSION/jars` or `VERSION/jars` in it.
    pub tws_dir: &'a Path,
    /// The name of the version's folder.
    pub version: &'a str,
    /// The driver's own folder.
    pub ibc_dir: &'a Path,
    /// The folder of the settings and tokens.
    pub settings_dir: &'a Path,
    /// The folder with `java` in it; `None` for the Java that came with the program.
    pub java: Option<&'a Path>,
    /// `live` or `paper`.
    pub mode: &'a str,
    /// Whether it is TWS; else IB Gateway.
    pub is_tws: bool,
}

/// What starts IB Gateway and serves its windows.
pub trait GatewayLauncher {
    /// The program to run.
    fn program(&self, paths: &IbcPaths<'_>) -> PathBuf;

    /// Its arguments; none of them is secret.
    fn arguments(&self, paths: &IbcPaths<'_>) -> Vec<OsString>;

    /// What a line that it prints says; `None` when it changes nothing.
    fn event_of(&self, line: &str) -> Option<IbcEvent>;

    /// What the status that it ended with means.
    fn meaning(&self, status: i32) -> (Exit, &'static str);
}

/// IBC, by its `ibcstart.sh`: the outer scripts of IBC want a terminal, and wait for a key when something is wrong.
#[derive(Clone, Copy, Debug)]
pub struct Ibc;

impl GatewayLauncher for Ibc {
    fn program(&self, paths: &IbcPaths<'_>) -> PathBuf {
        paths.ibc_dir.join("scripts/ibcstart.sh")
    }

    fn arguments(&self, paths: &IbcPaths<'_>) -> Vec<OsString> {
        let mut arguments = vec![paths.version.into()];
        if !paths.is_tws {
            arguments.push("--gateway".into());
        }
        arguments.extend([
            option("--tws-path=", paths.tws_dir),
            option("--tws-settings-path=", paths.settings_dir),
            option("--ibc-path=", paths.ibc_dir),
            // It holds the login, so it is not a file on a disk.
            format!("--ibc-ini=/proc/self/fd/{INPUT}").into(),
            format!("--mode={}", paths.mode).into(),
            // IBC does not ask again for a second factor that was not given: the guard decides about a next login.
            "--on2fatimeout=exit".into(),
        ]);
        arguments.extend(paths.java.map(|java| option("--java-path=", java)));
        arguments
    }

    fn event_of(&self, line: &str) -> Option<IbcEvent> {
        event_of(line)
    }

    fn meaning(&self, status: i32) -> (Exit, &'static str) {
        ibc_exit::meaning(status)
    }
}

/// An option with a path, whatever bytes that has.
fn option(name: &str, path: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(path);
    option
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths() -> IbcPaths<'static> {
        IbcPaths {
            tws_dir: Path::new("/opt/Jts"),
            version: "1045",
            ibc_dir: Path::new("/opt/ibc"),
            settings_dir: Path::new("/var/paper"),
            java: None,
            mode: "paper",
            is_tws: false,
        }
    }

    #[test]
    fn ib_gateway_is_started_without_a_secret_in_its_arguments() {
        assert_eq!(
            Ibc.program(&paths()),
            Path::new("/opt/ibc/scripts/ibcstart.sh")
        );
        assert_eq!(
            Ibc.arguments(&paths()),
            [
                "1045",
                "--gateway",
                "--tws-path=/opt/Jts",
                "--tws-settings-path=/var/paper",
                "--ibc-path=/opt/ibc",
                "--ibc-ini=/proc/self/fd/3",
                "--mode=paper",
                "--on2fatimeout=exit",
            ]
        );
    }

    #[test]
    fn tws_and_another_java_are_said() {
        let java = Some(Path::new("/opt/java/bin"));
        let paths = IbcPaths {
            java,
            is_tws: true,
            ..paths()
        };
        let arguments = Ibc.arguments(&paths);
        assert!(!arguments.contains(&"--gateway".into()), "{arguments:?}");
        assert_eq!(arguments.last(), Some(&"--java-path=/opt/java/bin".into()));
    }
}
