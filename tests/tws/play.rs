//! IBC's script, run as a supervisor runs it.

use crate::support::{IbcLayout, eventually, signal};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

pub(crate) const PASSWORD: &str = "p\\4ss #wörd";
/// The same as `java.util.Properties` wants it.
const PASSWORD_ESCAPED: &str = "p\\\\4ss #w\\u00f6rd";

/// `ibcstart.sh` under way.
pub(crate) struct Play<'a> {
    layout: &'a IbcLayout,
    pub process: Child,
    output: BufReader<ChildStdout>,
    heard: Vec<String>,
}

impl<'a> Play<'a> {
    pub(crate) fn begin(layout: &'a IbcLayout) -> Self {
        Self::begin_with(layout, &[])
    }

    /// With further arguments, the last of which count.
    pub(crate) fn begin_with(layout: &'a IbcLayout, further: &[&str]) -> Self {
        Self::begin_on(layout, None, further)
    }

    pub(crate) fn begin_on(layout: &'a IbcLayout, display: Option<&str>, further: &[&str]) -> Self {
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
            .args(further)
            .env_remove("DISPLAY")
            .envs(display.map(|display| ("DISPLAY", display)))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the script starts");
        let stdout = process.stdout.take().expect("stdout is piped");
        Self {
            layout,
            process,
            output: BufReader::new(stdout),
            heard: Vec::new(),
        }
    }

    /// Reads until a line has this in it.
    #[track_caller]
    pub(crate) fn until(&mut self, text: &str) {
        while let Some(line) = self.line() {
            let is_it = line.contains(text);
            self.heard.push(line);
            if is_it {
                return;
            }
        }
        panic!("not heard: {text}: {:#?}", self.heard);
    }

    /// Reads to the end; the status.
    pub(crate) fn end(mut self) -> (Option<i32>, Vec<String>) {
        while let Some(line) = self.line() {
            self.heard.push(line);
        }
        let status = self.process.wait().expect("it ends");
        (status.code(), std::mem::take(&mut self.heard))
    }

    fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let size = self.output.read_until(b'\n', &mut line);
        let size = size.expect("the pipe can be read");
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        (size > 0).then(|| String::from_utf8_lossy(line).into_owned())
    }
}

impl Drop for Play<'_> {
    fn drop(&mut self) {
        // SIGTERM would not do: while a token is left, the script starts again.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let left = self.layout.processes();
        left.iter().for_each(|pid| signal(*pid, "KILL"));
        if !thread::panicking() {
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
pub(crate) fn command(layout: &IbcLayout, word: &str) -> String {
    let address = ("127.0.0.1", layout.command_port());
    let mut stream = TcpStream::connect(address).expect("the command server listens");
    writeln!(stream, "{word}").expect("it reads");
    let mut answer = String::new();
    let mut reader = BufReader::new(stream);
    reader.read_line(&mut answer).expect("it answers");
    answer.trim().to_owned()
}
