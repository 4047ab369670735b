//! The ready-made compositions under `scripts`: what keeps a session up, where a tool is one step of it.

mod booted;
mod containers;
mod cron;
mod demo;
mod engine;
mod health;
mod names;
mod network;
mod pictures;
mod s6;
mod setup;
mod supervise;
mod systemd;

use crate::start::place::Place;
use crate::support::{Standin, binary, eventually, signal};
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

/// A file below `scripts`.
fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scripts")
        .join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(script(name)).unwrap_or_else(|error| panic!("scripts/{name}: {error}"))
}

/// A PATH with the tools and the scripts on it.
fn path() -> OsString {
    let programs = binary("ibgw-start");
    let mut folders = vec![
        programs.parent().expect("it has a folder").to_owned(),
        script(""),
    ];
    folders.extend(std::env::split_paths(
        &std::env::var_os("PATH").expect("PATH is set"),
    ));
    std::env::join_paths(folders).expect("no folder has a colon")
}

/// One account: a stand-in for IBKR that knows it, a place for its Gateway, its login in files.
struct Account {
    standin: Standin,
    place: Place,
}

impl Account {
    fn new() -> Self {
        Self::with_password("Correct-Horse3")
    }

    fn with_password(password: &str) -> Self {
        let standin = Standin::upstream();
        let place = Place::with_upstream(standin.upstream_url());
        fs::create_dir(place.path("login")).expect("a folder can be made");
        for (name, value) in [("username", "paperuser"), ("password", password)] {
            let file = place.path("login").join(name);
            fs::write(&file, value).expect("a file can be written");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a mode");
        }
        Self { standin, place }
    }

    /// Its settings, as a user puts them into the environment.
    fn settings(&self) -> Vec<(&'static str, OsString)> {
        let path = |below: &str| self.place.path(below).into_os_string();
        let login = format!(
            "cmd:ibgw-secret --dir {}",
            self.place.path("login").display()
        );
        vec![
            ("PATH", self::path()),
            ("HOME", path("")),
            ("IBGW_STATE_DIR", path("state")),
            ("IBGW_GATEWAY_DIR", path("gw")),
            ("IBGW_JAVA", path("gw/jre/bin/java")),
            ("IBGW_ALLOW", "127.0.0.1".into()),
            ("IBGW_URL", self.url().into()),
            ("IBGW_LOGIN_LOGIN", login.into()),
            ("IBGW_TICKLE_WRITE", path("tickle.json")),
        ]
    }

    fn url(&self) -> String {
        format!("https://localhost:{}", self.place.port)
    }

    /// A command with these settings and no others.
    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.settings());
        command
            .stdin(Stdio::null())
            .current_dir(self.place.path(""));
        command
    }

    fn is_ready(&self) -> bool {
        self.standin.truth()["established"] == true
    }

    #[track_caller]
    fn has_sent(&self, submissions: u64) {
        let truth = self.standin.truth();
        assert_eq!(truth["submissions"], submissions, "{truth}");
    }

    /// Waits for this number of further tickles.
    #[track_caller]
    fn ticks(&self, more: usize) {
        let asked = || {
            let requests = self.standin.requests();
            let tickles = requests.iter().filter(|request| {
                request["part"] == "gateway" && request["path"] == "/v1/api/tickle"
            });
            tickles.count()
        };
        let before = asked();
        eventually("the tickles", || (asked() >= before + more).then_some(()));
    }
}

/// Something that runs on, and the lines that it says.
struct Keeper {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
    heard: usize,
}

impl Keeper {
    fn begin(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let said = Arc::new(Mutex::new(Vec::new()));
        let (stdout, saying) = (child.stdout.take().expect("a pipe"), Arc::clone(&said));
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                saying.lock().expect("no panic").push(line);
            }
        });
        Self {
            child,
            said,
            heard: 0,
        }
    }

    /// What it has said, without the times.
    fn lines(&self) -> Vec<String> {
        let said = self.said.lock().expect("no panic");
        let without_time =
            |line: &String| line.split_once(' ').map_or("", |(_, rest)| rest).to_owned();
        said.iter().map(without_time).collect()
    }

    /// Waits for a line that begins so, after those already waited for, and gives it.
    #[track_caller]
    fn says(&mut self, beginning: &str) -> String {
        let what = format!("{beginning:?} after line {}", self.heard);
        let (at, line) = eventually(&what, || {
            let mut lines = self.lines().into_iter().enumerate().skip(self.heard);
            lines.find(|(_, line)| line.starts_with(beginning))
        });
        self.heard = at + 1;
        line
    }

    /// Ends it, and gives its exit.
    fn end(&mut self) -> Option<i32> {
        signal(self.child.id(), "TERM");
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.end();
        }
        if thread::panicking() {
            let lines = self.lines().join("\n");
            // The lines explain the failure, so they come first.
            std::io::Write::write_all(&mut std::io::stderr(), lines.as_bytes()).expect("stderr");
        }
    }
}
