//! What a start hands to its supervisor, in memory alone: who logs in, and the password of VNC.

use crate::tws::vnc::require_as_it_is;
use anyhow::Context;
use ib_cli::{Exit, Login, OrExit, Readable, Reference, Result, Secret, SecretText};
use ib_proc::{Deadline, memory_file};
use serde::{Deserialize, Serialize};
use std::fs::File;

/// What only the one who was called by the user can read; no `Debug`.
#[derive(Deserialize, Serialize)]
pub struct HandOver {
    /// Who logs in; `None` when a person does.
    pub login: Option<Login>,
    vnc_password: Option<SecretText>,
}

impl HandOver {
    /// What is known of the login, and the password of VNC from where it is.
    pub fn new(login: Option<Login>, vnc: Option<&Reference>, deadline: Deadline) -> Result<Self> {
        let password = vnc.map(|reference| -> Result<SecretText> {
            let secret = reference.read("the password of VNC", Readable::Warned, deadline)?;
            let password = secret.line(&format!("the password of VNC from {reference}"))?;
            require_as_it_is(password, reference)?;
            Ok(SecretText::new(password.to_owned()))
        });
        Ok(Self {
            login,
            vnc_password: password.transpose()?,
        })
    }

    /// Reads it from stdin, where the one that started us has put it.
    pub fn take(deadline: Deadline) -> Result<Self> {
        let bytes = Reference::Stdin.read_as_it_is("the hand-over", Readable::Anyone, deadline)?;
        serde_json::from_slice(bytes.expose())
            .ok()
            .context(
                "reading the hand-over from stdin: it is none (--supervisor is no flag for users)",
            )
            .or_exit(Exit::Usage)
    }

    /// A file without a name that has it, for the supervisor's stdin.
    pub fn file(&self) -> Result<File> {
        let bytes = Secret::new(serde_json::to_vec(self).unwrap_or_default());
        memory_file("login", bytes.expose())
            .context("keeping the login in memory")
            .or_exit(Exit::Unexpected)
    }

    /// The password of VNC; `None` when no window is shown.
    pub fn vnc_password(&self) -> Option<Secret> {
        let password = self.vnc_password.as_ref()?;
        Some(Secret::new(password.expose().into()))
    }

    /// What no log may have.
    pub fn secrets(&self) -> Vec<String> {
        let login = self.login.as_ref();
        let texts = [
            login.map(|login| &login.password),
            login.and_then(|login| login.totp_seed.as_ref()),
            login.and_then(|login| login.jts_second_factor.as_ref()),
            self.vnc_password.as_ref(),
        ];
        let exposed = |text: &SecretText| text.expose().to_owned();
        texts.into_iter().flatten().map(exposed).collect()
    }
}
