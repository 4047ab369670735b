//! The screen of IB Gateway's window: an Xvfb of its own. Only a program with its cookie can use it.

use crate::service::programs;
use crate::tws::clean_environment::clean_environment;
use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result};
use ib_proc::{Deadline, KeeperChild};
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long Xvfb may take to start; it takes 0.3 s.
const PATIENCE: Duration = Duration::from_secs(20);

/// Large enough for the window of IB Gateway and its settings.
const SCREEN: &str = "1280x1024x24";

const COOKIE_NAME: &[u8] = b"MIT-MAGIC-COOKIE-1";

/// A running screen. It ends when this value is dropped.
pub(crate) struct Display {
    _server: KeeperChild,
    /// As `$DISPLAY` has it.
    pub(crate) name: String,
    /// As `$XAUTHORITY` has it.
    pub(crate) authority: PathBuf,
    /// The file with the picture of the screen, as xwd(1) has it.
    pub(crate) picture: PathBuf,
}

impl Display {
    /// Starts a screen with its files in this folder. The server chooses its number.
    pub(crate) fn start(folder: &Path, deadline: Deadline) -> Result<Self> {
        let program = programs::find("Xvfb", "install xvfb")?;
        let authority = folder.join("Xauthority");
        write_cookie(&authority)?;
        let arguments = [
            "-displayfd",
            "1",
            "-screen",
            "0",
            SCREEN,
            "-nolisten",
            "tcp",
            "-noreset",
            "-auth",
            &authority.to_string_lossy(),
            "-fbdir",
            &folder.to_string_lossy(),
        ]
        .map(str::to_owned);
        let log = folder.join("Xvfb.log");
        let errors = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(true)
            .mode(0o600)
            .open(&log)
            .with_context(|| format!("opening {}", log.display()))
            .or_exit(Exit::Config)?;
        let server = KeeperChild::start(&program.to_string_lossy(), &arguments, None, |command| {
            clean_environment(command)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(errors)
        })
        .context("starting Xvfb")
        .or_exit(Exit::Unexpected)?;
        let number = number(&server, &log, deadline)?;
        Ok(Self {
            _server: server,
            name: format!(":{number}"),
            authority,
            picture: folder.join("Xvfb_screen0"),
        })
    }
}

/// The number that the server chose. It prints the number once it takes clients.
fn number(server: &KeeperChild, log: &Path, deadline: Deadline) -> Result<u32> {
    let stdout = server.with(|child| child.stdout.take());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        if let Some(stdout) = stdout {
            let _ = BufReader::new(stdout).read_line(&mut line);
        }
        sender.send(line)
    });
    let wait = deadline.or_after(PATIENCE).remaining();
    let line = receiver.recv_timeout(wait).map_err(|_| {
        Error::new(
            Exit::TimedOut,
            "starting Xvfb: it does not say that it is there in time",
        )
    })?;
    line.trim().parse().map_err(|_| {
        let words = last_words(log);
        let words = words.map_or_else(String::new, |words| format!(": {words}"));
        let message = format!(
            "starting Xvfb: it ended{words} ({} has more)",
            log.display()
        );
        Error::new(Exit::Unexpected, message)
    })
}

/// The last line with text: an X server marks each line of an error, even an empty one.
fn last_words(log: &Path) -> Option<String> {
    let text = fs::read(log).ok()?;
    let text = String::from_utf8_lossy(&text);
    let mut lines = text
        .lines()
        .map(|line| line.trim_matches(['(', 'E', ')', ' ']));
    let line = lines.rfind(|line| !line.is_empty())?;
    let letters = line.chars().filter(|letter| !letter.is_control());
    Some(letters.take(200).collect())
}

/// Writes a new cookie, as Xau(3) has it. It is valid for any number of a server.
fn write_cookie(path: &Path) -> Result<()> {
    let mut cookie = [0; 16];
    getrandom::fill(&mut cookie)
        .context("asking the system for random bytes")
        .or_exit(Exit::Unexpected)?;
    let mut entry = vec![0xff, 0xff]; // FamilyWild: of any host
    for field in [&b""[..], &b""[..], COOKIE_NAME, &cookie] {
        entry.extend(u16::try_from(field.len()).unwrap_or_default().to_be_bytes());
        entry.extend(field);
    }
    // The cookie of an earlier run belongs to a server that has ended.
    let _ = std::fs::remove_file(path);
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(&entry))
        .with_context(|| format!("writing the cookie of the screen to {}", path.display()))
        .or_exit(Exit::Config)
}
