//! Who can read a secret at the place where it is kept.

use crate::login::PartSource;
use crate::secret_place::SecretPlace;
use ib_cli::{Reference, Scheme, credentials_directory};
use serde::Serialize;
use std::fs::{File, Metadata, metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// How a secret is kept.
pub(crate) struct Protection {
    /// The scheme, `stdin` or `flag`.
    pub(crate) source: &'static str,
    /// The reference, as errors show it.
    pub(crate) place: Option<String>,
    /// The permission bits of the file, four octal digits.
    pub(crate) mode: Option<String>,
    /// Who can read it; `None` when that cannot be seen.
    pub(crate) kind: Option<ProtectionKind>,
}

/// Who can read a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProtectionKind {
    /// Only this user or root can read the file.
    Private,
    /// The file is in memory, as systemd and container engines make it, and other users can read it.
    Memory,
    /// Other users can read the file.
    ReadableByOthers,
    /// The file belongs to another user.
    OwnedByAnother,
    /// A key or a passphrase opens the file.
    Encrypted,
    /// A keyring or Secret Manager decides who may read it.
    Service,
    /// A variable of the environment.
    Environment,
}

impl Protection {
    /// What can be seen of a secret without reading it.
    pub(crate) fn of(place: &PartSource) -> Self {
        let (PartSource::Alone(from) | PartSource::Within(from, _)) = place else {
            let variable = place.variable();
            return Self {
                source: variable.map_or("flag", |_| "env"),
                place: variable.map(|name| format!("env:{name}")),
                mode: None,
                kind: variable.map(|_| ProtectionKind::Environment),
            };
        };
        let path = match from {
            SecretPlace::Plain(Reference::File(path)) | SecretPlace::Pgp(path) => {
                Some(path.clone())
            }
            SecretPlace::Plain(Reference::Descriptor(number)) => {
                Some(PathBuf::from(format!("/proc/self/fd/{number}")))
            }
            SecretPlace::Plain(Reference::Credential(name)) => {
                credentials_directory().map(|folder| folder.join(name))
            }
            SecretPlace::Plain(
                Reference::Stdin | Reference::Environment(_) | Reference::Command(_),
            )
            | SecretPlace::Gcp(_)
            | SecretPlace::Keyring(_) => None,
        };
        let file =
            path.and_then(|path| Some((metadata(&path).ok().filter(Metadata::is_file)?, path)));
        let kind = match from {
            SecretPlace::Plain(Reference::Environment(_)) => Some(ProtectionKind::Environment),
            SecretPlace::Pgp(_) => Some(ProtectionKind::Encrypted),
            SecretPlace::Gcp(_) | SecretPlace::Keyring(_) => Some(ProtectionKind::Service),
            SecretPlace::Plain(_) => file.as_ref().map(|(about, path)| kind_of(about, path)),
        };
        Self {
            source: from.scheme().map_or("stdin", Scheme::name),
            place: Some(from.to_string()),
            mode: file.map(|(about, _)| format!("{:04o}", about.mode() & 0o7777)),
            kind,
        }
    }
}

fn kind_of(about: &Metadata, path: &Path) -> ProtectionKind {
    let is_in_memory = File::open(path).is_ok_and(|file| ib_proc::is_in_memory(&file));
    let is_anothers = ![0, ib_proc::user::number()].contains(&about.uid());
    match about.mode() & 0o077 {
        0 if !is_anothers => ProtectionKind::Private,
        _ if is_in_memory => ProtectionKind::Memory,
        0 => ProtectionKind::OwnedByAnother,
        _ => ProtectionKind::ReadableByOthers,
    }
}
