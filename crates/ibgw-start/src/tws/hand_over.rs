//! What a start hands to its supervisor, in memory alone: the login, and the password of VNC.

use crate::tws::redaction::Redaction;
use crate::tws::vnc;
use anyhow::Context;
use ib_cli::{Exit, Login, OrExit, Readable, Reference, Result, Secret};
use ib_proc::{Deadline, memory_file};
use serde::{Deserialize, Serialize};
use std::fs::File;

/// What only the run that the user called can read; no `Debug`.
pub(crate) struct HandOver {
    /// The login that IBC types; `None` when a person logs in.
    pub(crate) login: Option<Login>,
    /// The password of VNC; `None` when no window is shown.
    pub(crate) vnc_password: Option<Secret>,
}

/// The line that the supervisor reads.
#[derive(Deserialize)]
struct HandOverLine {
    login: Option<Login>,
    vnc_password: Option<String>,
}

/// The same line as it is written.
#[derive(Serialize)]
struct HandOverText<'a> {
    login: Option<&'a Login>,
    vnc_password: Option<&'a str>,
}

impl HandOver {
    /// The login, and the password of VNC from where it is.
    pub(crate) fn new(
        login: Option<Login>,
        vnc: Option<&Reference>,
        deadline: Deadline,
    ) -> Result<Self> {
        let vnc_password = vnc.map(|reference| -> Result<Secret> {
            let secret = reference.read("the password of VNC", Readable::Warned, deadline)?;
            let password = secret.line(&format!("the password of VNC from {reference}"))?;
            vnc::check_password(password, reference)?;
            Ok(Secret::new(password.as_bytes().to_vec()))
        });
        Ok(Self {
            login,
            vnc_password: vnc_password.transpose()?,
        })
    }

    /// Reads it from stdin, where the run that started this one has put it.
    pub(crate) fn take(deadline: Deadline) -> Result<Self> {
        let bytes = Reference::Stdin.read_as_it_is("the hand-over", Readable::Anyone, deadline)?;
        let line: HandOverLine = serde_json::from_slice(bytes.expose())
            .ok()
            .context(
                "reading the hand-over from stdin: it is none (--supervisor is no flag for users)",
            )
            .or_exit(Exit::Usage)?;
        let secret = |text: String| Secret::new(text.into_bytes());
        Ok(Self {
            login: line.login,
            vnc_password: line.vnc_password.map(secret),
        })
    }

    /// A file without a name, for the supervisor's stdin.
    pub(crate) fn file(&self) -> Result<File> {
        let vnc_password = self.vnc_password.as_ref();
        let line = HandOverText {
            login: self.login.as_ref(),
            vnc_password: vnc_password
                .map(|secret| secret.text("the password of VNC"))
                .transpose()?,
        };
        let bytes = Secret::new(serde_json::to_vec(&line).unwrap_or_default());
        memory_file("login", bytes.expose())
            .context("keeping the login in memory")
            .or_exit(Exit::Unexpected)
    }

    /// The secrets that no log may have.
    pub(crate) fn redaction(&self) -> Redaction {
        let login = self.login.iter().flat_map(secrets);
        Redaction::of(login.chain(self.vnc_password.clone()).collect())
    }
}

/// The password of a login, for IBC to type.
pub(crate) fn password(login: &Login) -> &str {
    &login.password
}

/// Every secret of a login.
fn secrets(login: &Login) -> Vec<Secret> {
    let factor = login.jts_second_factor.as_deref();
    let texts = [Some(password(login)), login.totp_seed.as_deref(), factor];
    let secret = |text: &str| Secret::new(text.as_bytes().to_vec());
    texts.into_iter().flatten().map(secret).collect()
}
