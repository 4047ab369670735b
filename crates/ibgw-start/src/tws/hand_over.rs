//! What a start hands to its supervisor, in memory alone: the login, and the password of VNC.

use crate::tws::redaction::Redaction;
use crate::tws::vnc;
use anyhow::Context;
use ib_cli::{Exit, Login, OrExit, Readable, Reference, Result, Secret, SecretText};
use ib_proc::{Deadline, memory_file};
use serde::{Deserialize, Serialize};
use std::fs::File;

/// What only the run that the user called can read; no `Debug`.
#[derive(Deserialize, Serialize)]
pub(crate) struct HandOver {
    /// The login that IBC types; `None` when a person logs in.
    pub(crate) login: Option<Login>,
    /// The password of VNC; `None` when no window is shown.
    pub(crate) vnc_password: Option<SecretText>,
}

impl HandOver {
    /// The login, and the password of VNC from where it is.
    pub(crate) fn new(
        login: Option<Login>,
        vnc: Option<&Reference>,
        deadline: Deadline,
    ) -> Result<Self> {
        let vnc_password = vnc.map(|reference| -> Result<SecretText> {
            let secret = reference.read("the password of VNC", Readable::Warned, deadline)?;
            let password = secret.line(&format!("the password of VNC from {reference}"))?;
            vnc::check_password(password, reference)?;
            Ok(SecretText::new(password))
        });
        Ok(Self {
            login,
            vnc_password: vnc_password.transpose()?,
        })
    }

    /// Reads it from stdin, where the run that started this one has put it.
    pub(crate) fn take(deadline: Deadline) -> Result<Self> {
        let bytes = Reference::Stdin.read_as_it_is("the hand-over", Readable::Anyone, deadline)?;
        serde_json::from_slice(bytes.expose())
            .ok()
            .context(
                "reading the hand-over from stdin: it is not a hand-over (--supervisor is not a flag for users)",
            )
            .or_exit(Exit::Usage)
    }

    /// A file without a name, for the supervisor's stdin.
    pub(crate) fn file(&self) -> Result<File> {
        let bytes = Secret::new(serde_json::to_vec(self).unwrap_or_default());
        memory_file("login", bytes.expose())
            .context("keeping the login in memory")
            .or_exit(Exit::Unexpected)
    }

    /// The secrets that no log may have.
    pub(crate) fn redaction(&self) -> Redaction {
        let login = self.login.as_ref();
        let texts = [
            login.map(|login| &login.password),
            login.and_then(|login| login.totp_seed.as_ref()),
            login.and_then(|login| login.jts_second_factor.as_ref()),
            self.vnc_password.as_ref(),
        ];
        Redaction::of(texts.into_iter().flatten().cloned().collect())
    }
}
