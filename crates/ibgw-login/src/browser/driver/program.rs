//! A driver that the tool starts.

use super::family::DriverFamily;
use ib_cli::{Error, Exit, OrExit, Result, keep_passwords_out};
use ib_proc::{Deadline, KeeperChild, PrivateFolder};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A driver that the tool started, and where it listens.
pub(crate) struct StartedDriver {
    pub address: SocketAddr,
    pub family: DriverFamily,
    pub process: KeeperChild,
    pub files: PrivateFolder,
}

/// Starts it on a free port, with everything that it leaves in a folder of its own.
///
/// # Errors
/// `Missing` when the program is not a driver; `TimedOut` when it does not print its port; `Unexpected` when it cannot be
/// started.
pub(crate) fn start(program: &Path, deadline: Deadline) -> Result<StartedDriver> {
    // chromedriver takes a free port for IPv6, may find the same one taken for IPv4, and ends (seen with 156, once in a
    // hundred starts on a busy machine).
    start_once(program, deadline).or_else(|error| {
        if error.exit == Exit::Missing {
            start_once(program, deadline)
        } else {
            Err(error)
        }
    })
}

fn start_once(program: &Path, deadline: Deadline) -> Result<StartedDriver> {
    let starting = format!("starting {}", program.display());
    let failed = |exit, cause: &str| Error::new(exit, format!("{starting}: {cause}"));
    let files = PrivateFolder::new("ibgw-login")
        .map_err(|error| failed(Exit::Config, &error.to_string()))?;
    // Firefox makes the folder for downloads when it starts: in the home directory, unless this file names another.
    let downloads = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", files.path().display());
    fs::write(files.path().join("user-dirs.dirs"), downloads)
        .map_err(|error| failed(Exit::Config, &error.to_string()))?;
    let process = KeeperChild::start(
        &program.to_string_lossy(),
        &["--port=0".to_owned()],
        Some(files.path()),
        |command| {
            // Driver and browser leave their files in a folder that is removed with them. The driver makes the browser's
            // profile there too. If the profile were named, the driver would open no first page; chromium-headless-shell
            // opens none either, and the driver would wait a minute for one (seen with chromedriver 156).
            for name in [
                "TMPDIR",
                "XDG_CONFIG_HOME",
                "XDG_CACHE_HOME",
                "XDG_DATA_HOME",
            ] {
                command.env(name, files.path());
            }
            // A crash report of Firefox holds its memory, the password included.
            command.env("MOZ_CRASHREPORTER_DISABLE", "1");
            keep_passwords_out(command);
            command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
        },
    );
    let process = process.or_exit(Exit::Unexpected)?;
    let output = process.with(|child| child.stdout.take());
    let output = output.ok_or_else(|| failed(Exit::Unexpected, "it has no output"))?;
    let (family, port) = match announced_port(output, deadline) {
        Ok(said) => said,
        Err(mpsc::RecvTimeoutError::Timeout) => {
            return Err(failed(Exit::TimedOut, "it does not say its port"));
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            return Err(failed(
                Exit::Missing,
                "it ended without saying its port (is it a chromedriver or a geckodriver?)",
            ));
        }
    };
    Ok(StartedDriver {
        address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        family,
        process,
        files,
    })
}

/// The port that the driver prints. A thread reads its output to the end, so that the driver never waits for us.
fn announced_port(
    output: impl std::io::Read + Send + 'static,
    deadline: Deadline,
) -> std::result::Result<(DriverFamily, u16), mpsc::RecvTimeoutError> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output)
            .lines()
            .map_while(std::io::Result::ok)
        {
            if let Some(said) = DriverFamily::of_line(&line) {
                let _ = sender.send(said);
            }
        }
    });
    receiver.recv_timeout(deadline.remaining().min(Duration::from_secs(20)))
}
