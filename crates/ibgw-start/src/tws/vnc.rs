//! The window by VNC, for a viewer who has the password.

use crate::service::programs;
use crate::tws::clean_environment::clean_environment;
use crate::tws::display::Display;
use crate::tws::request::TwsRequest;
use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Reference, Result, SecretText};
use ib_proc::{Deadline, KeeperChild, clean, memory_file};
use std::net::{SocketAddr, TcpStream};
use std::process::Stdio;
use std::time::Duration;

/// How long x11vnc may take to listen; it takes half a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the window is shown, and to whom.
pub(crate) struct VncServer<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) password: &'a SecretText,
    pub(crate) may_control: bool,
}

impl<'a> VncServer<'a> {
    /// The server that a run asks for; `None` when the window is not shown.
    pub(crate) fn of(request: &TwsRequest, password: Option<&'a SecretText>) -> Option<Self> {
        let (vnc, password) = request.vnc.as_ref().zip(password)?;
        Some(Self {
            address: vnc.address,
            password,
            may_control: request.may_control(),
        })
    }

    /// Shows the screen until the returned value is dropped.
    pub(crate) fn serve(&self, display: &Display, deadline: Deadline) -> Result<KeeperChild> {
        let program = programs::find("x11vnc", "install x11vnc, or leave out --vnc")?;
        let mut words: Vec<String> = [
            "-display",
            &display.name,
            "-auth",
            &display.authority.to_string_lossy(),
            "-listen",
            &self.address.ip().to_string(),
            "-rfbport",
            &self.address.port().to_string(),
            "-passwdfile",
            &format!("/proc/self/fd/{}", clean::INPUT),
            "-forever",
            "-shared",
            "-quiet",
            // Otherwise the library in x11vnc listens at port 5900 of every address, too.
            "-noipv6",
            "-no6",
            "-rfbportv6",
            "-1",
            "-norc",
            "-nobell",
            // Otherwise other programs on the screen get what the viewer copies.
            "-nosel",
        ]
        .map(str::to_owned)
        .to_vec();
        if !self.may_control {
            words.push("-viewonly".to_owned());
        }
        let password = memory_file("vnc", self.password.expose().as_bytes())
            .context("keeping the password of VNC in memory")
            .or_exit(Exit::Unexpected)?;
        let (program, words) = clean::with_input(&program.to_string_lossy(), &words);
        let server = KeeperChild::start(&program, &words, None, |command| {
            clean_environment(command)
                .stdin(password)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
        })
        .context("starting x11vnc")
        .or_exit(Exit::Unexpected)?;
        self.wait_for(&server, deadline.or_after(PATIENCE))?;
        Ok(server)
    }

    fn wait_for(&self, server: &KeeperChild, deadline: Deadline) -> Result<()> {
        let why = loop {
            if TcpStream::connect_timeout(&self.address, Duration::from_secs(1)).is_ok() {
                return Ok(());
            }
            if !matches!(server.try_wait(), Ok(None)) {
                break "it ended (is the address one of this machine, and free?)";
            }
            // x11vnc does not report that it listens.
            if !deadline.pause(Duration::from_millis(20)) {
                break "it does not listen in time";
            }
        };
        let message = format!("showing the window by VNC at {}: {why}", self.address);
        Err(Error::new(Exit::Config, message))
    }
}

/// Refuses a password that x11vnc would read as another one, or as none. Its password file has a syntax (x11vnc(1), "File
/// format for -passwdfile"), and a line of it ends after 1023 bytes (`read_passwds` in x11vnc.c of LibVNC/x11vnc).
pub(crate) fn check_password(password: &str, from: &Reference) -> Result<()> {
    let why = if password.starts_with('#') {
        "begins with #, which is a comment"
    } else if password.trim().is_empty() {
        "has blanks alone"
    } else if ["__SKIP__", "__COMM__"]
        .iter()
        .any(|mark| password.contains(mark))
    {
        "has __SKIP__ or __COMM__ in it, which leave out a line or the rest of it"
    } else if ["__EMPTY__", "__BEGIN_VIEWONLY__"].contains(&password) {
        "is a word of its own meaning"
    } else if password.len() > 1023 {
        "is longer than a line of 1023 bytes"
    } else {
        return Ok(());
    };
    let message = format!(
        "the password of VNC from {from} {why} in the password file of x11vnc (choose another)"
    );
    Err(Error::new(Exit::Config, message))
}
