//! The browser and its driver: found, started on a free port, and ended with everything that they started.

mod chromium;
mod family;
mod firefox;
mod options;
mod session;

use family::DriverFamily;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use ib_cli::{Error, Exit, OrExit, Result, keep_passwords_out};
use ib_proc::{Deadline, KeeperChild, PrivateFolder, Undo};
use options::BrowserOptions;
use serde_json::{Map, Value};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

/// The drivers that the tool looks for, the preferred one first.
const DRIVERS: [&str; 2] = ["chromedriver", "geckodriver"];

/// Which browser and driver to use.
pub(crate) struct Browser {
    driver: DriverSource,
    binary: Option<PathBuf>,
    arguments: Vec<String>,
}

/// Where the driver is.
enum DriverSource {
    /// A program that the tool starts.
    Program(PathBuf),
    /// A driver that runs already.
    Running(SocketAddr),
}

/// A running driver. When it is dropped, its browser ends, and the driver too if the tool started it, with their files.
pub(crate) struct Driver {
    address: SocketAddr,
    family: DriverFamily,
    capabilities: Map<String, Value>,
    /// Ends the session of a driver that the tool did not start, and so must leave running.
    session: Mutex<Option<Undo>>,
    // In this order: the processes end before their files go.
    process: Option<KeeperChild>,
    _files: Option<PrivateFolder>,
}

impl Browser {
    /// Finds the driver: the one given, else `chromedriver` or `geckodriver` in PATH.
    ///
    /// # Errors
    /// `Missing` when there is no driver, or the browser given does not exist.
    pub(crate) fn find(
        driver: Option<&Path>,
        running: Option<SocketAddr>,
        binary: Option<&Path>,
        arguments: &[String],
    ) -> Result<Self> {
        let missing = |what: &str| Err(Error::new(Exit::Missing, what.to_owned()));
        let driver = match (driver, running) {
            (_, Some(address)) => DriverSource::Running(address),
            (Some(path), _) if path.is_file() => DriverSource::Program(path.to_owned()),
            (Some(path), _) => {
                return missing(&format!("there is no driver at {}", path.display()));
            }
            (None, None) => match DRIVERS.iter().find_map(|name| in_path(name)) {
                Some(path) => DriverSource::Program(path),
                None => {
                    return missing(
                        "neither chromedriver nor geckodriver is in PATH (apt install chromium chromium-driver)",
                    );
                }
            },
        };
        if let Some(path) = binary.filter(|path| !path.is_file()) {
            return missing(&format!("there is no browser at {}", path.display()));
        }
        Ok(Self {
            driver,
            binary: binary.map(Path::to_owned),
            arguments: arguments.to_vec(),
        })
    }

    /// Starts the driver on a free port, or finds the one that runs. Call it from the main thread: the driver ends with that
    /// thread.
    ///
    /// # Errors
    /// `Missing` when the program is not a driver, or none runs there; `TimedOut` when it does not print its port;
    /// `Unexpected` when it cannot be started.
    pub(crate) fn start(&self, url: &str, is_loopback: bool, deadline: Deadline) -> Result<Driver> {
        let options = BrowserOptions {
            url,
            is_loopback,
            binary: self.binary.as_ref(),
            arguments: &self.arguments,
        };
        match &self.driver {
            // chromedriver takes a free port for IPv6, may find the same one taken for IPv4, and ends (seen with 156, once in
            // a hundred starts on a busy machine).
            DriverSource::Program(program) => {
                started(program, &options, deadline).or_else(|error| {
                    if error.exit == Exit::Missing {
                        started(program, &options, deadline)
                    } else {
                        Err(error)
                    }
                })
            }
            DriverSource::Running(address) => found(*address, &options),
        }
    }
}

fn started(program: &Path, options: &BrowserOptions<'_>, deadline: Deadline) -> Result<Driver> {
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
    Ok(Driver {
        address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        family,
        capabilities: family.capabilities(options),
        session: Mutex::new(None),
        process: Some(process),
        _files: Some(files),
    })
}

fn found(address: SocketAddr, options: &BrowserOptions<'_>) -> Result<Driver> {
    let status = session::status(address).map_err(|error| {
        let message = format!(
            "asking the driver at http://{address}: {error} (start it, or leave --driver-url out)"
        );
        Error::new(Exit::Missing, message)
    })?;
    let family = DriverFamily::of_status(&status);
    Ok(Driver {
        address,
        family,
        capabilities: family.capabilities(options),
        session: Mutex::new(None),
        process: None,
        _files: None,
    })
}

impl Driver {
    /// Begins to end the browser, while something else is waited for.
    pub(crate) fn begin_to_end(&self) {
        match &self.process {
            Some(process) => process.begin_to_end(),
            None => drop(self.session().take()),
        }
    }

    /// Opens a browser.
    pub(super) async fn connect(&self) -> Result<Client> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let mut builder = ClientBuilder::new(connector);
        builder.capabilities(self.capabilities.clone());
        let address = format!("http://{}", self.address);
        let opened = builder.connect(&address).await.map_err(|error| {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            let (exit, hint) = self.family.failure(&text);
            Error::new(exit, format!("starting the browser: {first}{hint}"))
        })?;
        if self.process.is_none()
            && let Ok(Some(id)) = opened.session_id().await
        {
            let driver = self.address;
            *self.session() = Some(Undo::new(move || session::end(driver, &id)));
        }
        Ok(opened)
    }

    fn session(&self) -> std::sync::MutexGuard<'_, Option<Undo>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
