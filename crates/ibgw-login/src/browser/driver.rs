//! The browser and its driver: found, started on a free port, and ended with everything that they started.

mod chromium;
mod family;
mod firefox;
mod headless_shell;
mod opening;
mod options;
mod program;
mod session;

use family::DriverFamily;
use fantoccini::Client;
use fantoccini::wd::Capabilities;
use ib_cli::{Error, Exit, Result, log};
use ib_proc::descendants::NewDescendants;
use ib_proc::{Deadline, KeeperChild, PrivateFolder, Undo};
use options::BrowserOptions;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// The drivers that the tool looks for, the preferred one first.
const DRIVERS: [&str; 2] = ["chromedriver", "geckodriver"];

/// How long chromium-headless-shell may take to open; half of the time that is left, if that is less.
const SHELL_PATIENCE: Duration = Duration::from_secs(20);

/// Which browser and driver to use.
pub(crate) struct Browser {
    driver: DriverSource,
    binary: Option<PathBuf>,
    /// chromium-headless-shell; `None` when you named a browser, or the tool does not find it.
    shell: Option<PathBuf>,
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
    capabilities: Capabilities,
    /// Those that open chromium-headless-shell, which the tool tries first; `None` when there is nothing to choose.
    shell: Option<Capabilities>,
    /// The name and the version of the browser that opened.
    name: OnceLock<String>,
    /// Ends the session of a driver that the tool did not start, and so must leave running.
    session: Mutex<Option<Undo>>,
    // In this order: the processes end before their files go.
    process: Option<KeeperChild>,
    _files: Option<PrivateFolder>,
}

impl Browser {
    /// Finds the driver: the one given, else `chromedriver` or `geckodriver` in PATH. Finds chromium-headless-shell too, if
    /// no browser is given.
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
        let shell = match &driver {
            DriverSource::Program(program)
                if binary.is_none() && headless_shell::takes(arguments) =>
            {
                headless_shell::find(program)
            }
            // A driver that runs already may be in a container, which has other files.
            DriverSource::Program(_) | DriverSource::Running(_) => None,
        };
        Ok(Self {
            driver,
            binary: binary.map(Path::to_owned),
            shell,
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
            DriverSource::Program(program) => {
                let started = program::start(program, deadline)?;
                let family = started.family;
                let of_shell = |shell| family.capabilities(&options.with_binary(shell));
                let shell = self.shell.as_ref();
                let shell = shell.filter(|_| family == DriverFamily::Chromium);
                Ok(Driver {
                    process: Some(started.process),
                    _files: Some(started.files),
                    shell: shell.map(of_shell),
                    ..Driver::at(started.address, family, &options)
                })
            }
            DriverSource::Running(address) => found(*address, &options),
        }
    }
}

fn found(address: SocketAddr, options: &BrowserOptions<'_>) -> Result<Driver> {
    let status = session::status(address).map_err(|error| {
        let message = format!(
            "asking the driver at http://{address}: {error} (start it, or leave --driver-url out)"
        );
        Error::new(Exit::Missing, message)
    })?;
    Ok(Driver::at(
        address,
        DriverFamily::of_status(&status),
        options,
    ))
}

impl Driver {
    /// A driver that runs at an address, and that the tool leaves running.
    fn at(address: SocketAddr, family: DriverFamily, options: &BrowserOptions<'_>) -> Self {
        Self {
            address,
            family,
            capabilities: family.capabilities(options),
            shell: None,
            name: OnceLock::new(),
            session: Mutex::new(None),
            process: None,
            _files: None,
        }
    }

    /// Begins to end the browser, while something else is waited for.
    pub(crate) fn begin_to_end(&self) {
        match &self.process {
            Some(process) => process.begin_to_end(),
            None => drop(self.session().take()),
        }
    }

    /// The name and the version of the browser that opened; `None` before one has.
    pub(crate) fn browser_name(&self) -> Option<String> {
        self.name.get().cloned()
    }

    /// Opens a browser: chromium-headless-shell if there is one that opens, else the one that you named or the driver finds.
    ///
    /// # Errors
    /// `Missing` when driver and browser do not fit each other, or there is no browser; `Unexpected` when it does not start.
    pub(super) async fn connect(&self, deadline: Deadline) -> Result<Client> {
        let refused = match self.open_shell(deadline).await {
            Some(Ok(opened)) => return Ok(opened),
            Some(Err(words)) => Some(words),
            None => None,
        };
        let processes = self.new_processes().await;
        let opened = self.open(&self.capabilities, processes.as_ref()).await;
        opened.map_err(|words| {
            // The driver has no other browser, so what matters is why this one does not open.
            let of_shell = refused.filter(|_| self.family.finds_no_browser(&words));
            let words = of_shell.unwrap_or(words);
            let (exit, hint) = self.family.failure(&words);
            let cause = first_line(&words);
            Error::new(exit, format!("starting the browser: {cause}{hint}"))
        })
    }

    /// Opens chromium-headless-shell, or leaves none of its processes; `None` when there is none to try.
    async fn open_shell(&self, deadline: Deadline) -> Option<std::result::Result<Client, String>> {
        let capabilities = self.shell.as_ref()?;
        let processes = self.new_processes().await;
        let patience = SHELL_PATIENCE.min(deadline.remaining() / 2);
        let opened =
            tokio::time::timeout(patience, self.open(capabilities, processes.as_ref())).await;
        let opened = opened.unwrap_or_else(|_| Err("it does not open in time".to_owned()));
        if let (Err(words), Some(processes)) = (&opened, processes) {
            processes.kill_all();
            log("info", "headless_shell_refused", first_line(words));
        }
        Some(opened)
    }

    async fn open(
        &self,
        capabilities: &Capabilities,
        processes: Option<&NewDescendants>,
    ) -> std::result::Result<Client, String> {
        let opened = opening::open(self.address, capabilities, processes).await?;
        if self.process.is_none()
            && let Ok(Some(id)) = opened.session_id().await
        {
            let driver = self.address;
            *self.session() = Some(Undo::new(move || session::end(driver, &id)));
        }
        if let Some(name) = opening::name_of(&opened) {
            self.name.get_or_init(|| name);
        }
        Ok(opened)
    }

    /// What the driver starts from now on, if the tool must see when it ends: geckodriver says so itself.
    async fn new_processes(&self) -> Option<NewDescendants> {
        let process = self.process.as_ref();
        let process = process.filter(|_| self.family == DriverFamily::Chromium)?;
        opening::new_below(process.with(|keeper| keeper.id())).await
    }

    fn session(&self) -> std::sync::MutexGuard<'_, Option<Undo>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The line of a driver's message that says what is wrong.
fn first_line(words: &str) -> &str {
    words.lines().next().unwrap_or_default()
}

fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
