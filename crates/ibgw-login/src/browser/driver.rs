//! The browser and its driver: found, started on a port of their own, ended with everything they started.

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use ib_cli::{Error, Exit, OrExit, Result, keep_passwords_out};
use ib_proc::{Deadline, Kept, PrivateFolder};
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Which browser and driver to use.
pub struct Browser {
    driver: PathBuf,
    binary: Option<PathBuf>,
    arguments: Vec<String>,
}

/// A running driver; dropping it ends it, its browser, and their files.
pub struct Driver {
    port: u16,
    capabilities: Map<String, Value>,
    // In this order: the processes end before their files go.
    process: Kept,
    _files: PrivateFolder,
}

impl Browser {
    /// Finds the driver: the one given, else `chromedriver` in PATH.
    ///
    /// # Errors
    /// `Missing` when there is none, or the browser given does not exist.
    pub fn find(
        driver: Option<&Path>,
        binary: Option<&Path>,
        arguments: &[String],
    ) -> Result<Self> {
        let missing = |what: &str| Err(Error::new(Exit::Missing, what.to_owned()));
        let driver = match driver {
            Some(path) if path.is_file() => path.to_owned(),
            Some(path) => return missing(&format!("there is no driver at {}", path.display())),
            None => match in_path("chromedriver") {
                Some(path) => path,
                None => {
                    return missing(
                        "chromedriver is not in PATH (apt install chromium chromium-driver)",
                    );
                }
            },
        };
        match binary {
            Some(path) if !path.is_file() => {
                missing(&format!("there is no browser at {}", path.display()))
            }
            _ => Ok(Self {
                driver,
                binary: binary.map(Path::to_owned),
                arguments: arguments.to_vec(),
            }),
        }
    }

    /// Starts the driver on a free port. To be called from the main thread, which it ends with.
    ///
    /// # Errors
    /// `Missing` when it is no driver, `TimedOut` when it does not say its port, `Unexpected` when it cannot be started.
    pub fn start(&self, url: &str, is_loopback: bool, deadline: Deadline) -> Result<Driver> {
        let starting = format!("starting {}", self.driver.display());
        let failed = |exit, cause: &str| Error::new(exit, format!("{starting}: {cause}"));
        let files = PrivateFolder::new("ibgw-login")
            .map_err(|error| failed(Exit::Config, &error.to_string()))?;
        let program = self.driver.to_string_lossy();
        let process = Kept::start(
            &program,
            &["--port=0".to_owned()],
            Some(files.path()),
            |command| {
                // Whatever they leave, they leave in a folder that goes with them. The driver makes the browser's profile
                // there too: told where, it opens no first page, and chromium-headless-shell opens none by itself, so the
                // driver would wait for one for a minute (seen with chromedriver 156).
                for name in [
                    "TMPDIR",
                    "XDG_CONFIG_HOME",
                    "XDG_CACHE_HOME",
                    "XDG_DATA_HOME",
                ] {
                    command.env(name, files.path());
                }
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
        let port = match port_said(output, deadline) {
            Ok(port) => port,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                return Err(failed(Exit::TimedOut, "it does not say its port"));
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                return Err(failed(
                    Exit::Missing,
                    "it ended without saying its port (is it a chromedriver?)",
                ));
            }
        };
        let capabilities = self.capabilities(url, is_loopback);
        Ok(Driver {
            port,
            capabilities,
            process,
            _files: files,
        })
    }

    fn capabilities(&self, url: &str, is_loopback: bool) -> Map<String, Value> {
        let host = host(url);
        let mut arguments = vec![
            "--headless=new".to_owned(),
            // Containers give /dev/shm 64 MB, in which Chromium crashes.
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--no-default-browser-check".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-default-apps".to_owned(),
            "--disable-sync".to_owned(),
            // The page works without the scripts it loads from elsewhere, and its password is none of their business.
            // localhost is what our own client takes it for, so that nobody on [::1] gets what is typed.
            format!(
                "--host-resolver-rules=MAP localhost 127.0.0.1 , MAP * ~NOTFOUND , EXCLUDE {host}"
            ),
        ];
        arguments.extend(self.arguments.iter().cloned());
        let mut options = json!({ "args": arguments });
        if let Some(binary) = &self.binary {
            options["binary"] = json!(binary);
        }
        let capabilities = json!({
            // The Gateway's own certificate is for nobody and long expired; elsewhere a certificate must be good.
            "acceptInsecureCerts": is_loopback,
            // The form is put into the page by a script, so the page's own load event says little.
            "pageLoadStrategy": "none",
            "goog:chromeOptions": options,
        });
        capabilities.as_object().cloned().unwrap_or_default()
    }
}

impl Driver {
    /// Begins to end the browser, while something else is waited for.
    pub fn begin_to_end(&self) {
        self.process.begin_to_end();
    }

    /// Opens a browser.
    pub(super) async fn connect(&self) -> Result<Client> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let mut builder = ClientBuilder::new(connector);
        builder.capabilities(self.capabilities.clone());
        let address = format!("http://127.0.0.1:{}", self.port);
        builder.connect(&address).await.map_err(|error| {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            let (exit, hint) = if text.contains("only supports") {
                (
                    Exit::Missing,
                    " (install browser and driver of one version)",
                )
            } else if text.contains("annot find") || text.contains("no chrome binary") {
                (
                    Exit::Missing,
                    " (apt install chromium, or give --browser PATH)",
                )
            } else {
                (
                    Exit::Unexpected,
                    " (as root and in containers it wants --browser-arg=--no-sandbox)",
                )
            };
            Error::new(exit, format!("starting the browser: {first}{hint}"))
        })
    }
}

/// The port on which the driver says it listens; its output is read on, so that it never waits for us.
fn port_said(
    output: impl std::io::Read + Send + 'static,
    deadline: Deadline,
) -> std::result::Result<u16, mpsc::RecvTimeoutError> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output)
            .lines()
            .map_while(std::io::Result::ok)
        {
            // "ChromeDriver was started successfully on port 41565."
            let port = line
                .split_once("successfully on port ")
                .map(|(_, port)| port.trim_end_matches('.'));
            if let Some(port) = port.and_then(|port| port.parse().ok()) {
                let _ = sender.send(port);
            }
        }
    });
    receiver.recv_timeout(deadline.remaining().min(Duration::from_secs(20)))
}

/// The host of an address, with the brackets of an IPv6 one; `localhost` is mapped, so it stands for its address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = match rest.find(']') {
        Some(bracket) => bracket + 1,
        None => rest.find([':', '/']).unwrap_or(rest.len()),
    };
    match &rest[..end] {
        "localhost" => "127.0.0.1",
        other => other,
    }
}

fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
