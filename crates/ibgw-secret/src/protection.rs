//! Who can read a secret at the place where it is kept.

use crate::login::PartSource;
use ib_cli::{Reference, credentials_directory};
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
    /// Its owner alone: a file of this user's or root's.
    Private,
    /// A file in memory, as systemd and container engines make them, that others may read.
    Memory,
    /// A file that others can read.
    ReadableByOthers,
    /// A file of another user's.
    OwnedByAnother,
    /// A file that a key or a passphrase opens.
    Encrypted,
    /// A service that decides itself who may read it.
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
        let (source, path) = match from {
            Reference::Stdin => ("stdin", None),
            Reference::File(path) => ("file", Some(path.clone())),
            Reference::Descriptor(number) => {
                ("fd", Some(PathBuf::from(format!("/proc/self/fd/{number}"))))
            }
            Reference::Environment(_) => ("env", None),
            Reference::Credential(name) => (
                "cred",
                credentials_directory().map(|folder| folder.join(name)),
            ),
            Reference::Command(_) => ("cmd", None),
            Reference::Elsewhere {
                scheme: "pgp",
                rest,
            } => ("pgp", Some(PathBuf::from(rest))),
            Reference::Elsewhere { scheme, .. } => (*scheme, None),
        };
        let file =
            path.and_then(|path| Some((metadata(&path).ok().filter(Metadata::is_file)?, path)));
        let kind = match (source, &file) {
            ("env", _) => Some(ProtectionKind::Environment),
            ("pgp", _) => Some(ProtectionKind::Encrypted),
            ("gcp" | "keyring", _) => Some(ProtectionKind::Service),
            (_, Some((about, path))) => Some(kind_of(about, path)),
            _ => None,
        };
        Self {
            source,
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
