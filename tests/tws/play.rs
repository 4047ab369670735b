//! IBC's script, run as a supervisor runs it.

use crate::support::{IbcLayout, eventually, signal};
use std::fs;
use std::io::{BufRead, BufReader, Lines, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

pub const PASSWORD: &str = "p\\4ss #wörd";
/// The same as `java.util.Properties` wants it.
const PASSWORD_ESCAPED: &str = "p\\\\4ss #w\\u00f6rd";

/// `ibcstart.sh` under way.
pub struct Play<'a> {
    layout: &'a IbcLayout,
    pub process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    heard: Vec<String>,
}

impl<'a> Play<'a> {
    pub fn begin(layout: &'a IbcLayout) -> Self {
        Self::begin_on(layout, None)
    }

    pub fn begin_on(layout: &'a IbcLayout, display: Option<&str>) -> Self {
        fs::create_dir_all(layout.settings()).expect("a folder can be made");
        let mut process = Command::new(layout.start_script())
            .args(["1045", "--gateway"])
            .arg(format!("--tws-path={}", layout.path("Jts").display()))
            .arg(format!(
                "--tws-settings-path={}",
                layout.settings().display()
            ))
            .arg(format!("--ibc-path={}", layout.path("ibc").display()))
            .arg(format!("--ibc-ini={}", ini(layout).display()))
            .args(["--mode=live", "--on2fatimeout=exit"])
            .env_remove("DISPLAY")
            .envs(display.map(|display| ("DISPLAY", display)))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the script starts");
        let stdout = process.stdout.take().expect("stdout is piped");
        Self {
            layout,
            process,
            lines: BufReader::new(stdout).lines(),
            heard: Vec::new(),
        }
    }

    /// Reads until a line has this in it.
    #[track_caller]
    pub fn until(&mut self, text: &str) {
        for line in &mut self.lines {
            self.heard.push(line.expect("text"));
            if self.heard.last().is_some_and(|line| line.contains(text)) {
                return;
            }
        }
        panic!("not heard: {text}: {:#?}", self.heard);
    }

    /// Reads to the end; the status.
    pub fn end(mut self) -> (Option<i32>, Vec<String>) {
        self.heard.extend((&mut self.lines).map_while(Result::ok));
        let status = self.process.wait().expect("it ends");
        (status.code(), std::mem::take(&mut self.heard))
    }
}

impl Drop for Play<'_> {
    fn drop(&mut self) {
        signal(self.process.id(), "TERM");
        let _ = self.process.wait();
        if !thread::panicking() {
            // What the script had begun is not its own to wait for.
            eventually("nothing is left", || {
                self.layout.processes().is_empty().then_some(())
            });
        }
    }
}

/// A `config.ini` as a supervisor renders it.
fn ini(layout: &IbcLayout) -> PathBuf {
    let path = layout.path("config.ini");
    let text = format!(
        "IbLoginId=edemo\nIbPassword={PASSWORD_ESCAPED}\nSecondFactorDevice=IB Key\nOverrideTwsApiPort={}\n\
         CommandServerPort={}\nBindAddress=127.0.0.1\nReadOnlyApi=no\n\
         ReloginAfterSecondFactorAuthenticationTimeout=no\n",
        layout.api_port(),
        layout.command_port(),
    );
    fs::write(&path, text).expect("a file can be written");
    path
}

/// Says a command to IBC; the answer.
pub fn command(layout: &IbcLayout, word: &str) -> String {
    let address = ("127.0.0.1", layout.command_port());
    let mut stream = TcpStream::connect(address).expect("the command server listens");
    writeln!(stream, "{word}").expect("it reads");
    let mut answer = String::new();
    let mut reader = BufReader::new(stream);
    reader.read_line(&mut answer).expect("it answers");
    answer.trim().to_owned()
}
