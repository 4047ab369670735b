//! Who could read a secret where it is kept.

use crate::login::PartSource;
use crate::secret_place::SecretPlace;
use ib_cli::{Reference, Scheme, credentials_directory};
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
    /// `private`, `memory`, `readable_by_others`, `owned_by_another`, `encrypted`, `service` or `environment`.
    pub(crate) kind: Option<&'static str>,
}

impl Protection {
    /// What can be seen of it from outside.
    pub(crate) fn of(place: &PartSource) -> Self {
        let (PartSource::Alone(from) | PartSource::Within(from, _)) = place else {
            let variable = place.variable();
            return Self {
                source: variable.map_or("flag", |_| "env"),
                place: variable.map(|name| format!("env:{name}")),
                mode: None,
                kind: variable.map(|_| "environment"),
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
            SecretPlace::Plain(Reference::Environment(_)) => Some("environment"),
            SecretPlace::Pgp(_) => Some("encrypted"),
            SecretPlace::Gcp(_) | SecretPlace::Keyring(_) => Some("service"),
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

fn kind_of(about: &Metadata, path: &Path) -> &'static str {
    let is_in_memory = File::open(path).is_ok_and(|file| ib_proc::is_in_memory(&file));
    let is_anothers = ![0, ib_proc::user::number()].contains(&about.uid());
    match about.mode() & 0o077 {
        0 if !is_anothers => "private",
        _ if is_in_memory => "memory",
        0 => "owned_by_another",
        _ => "readable_by_others",
    }
}
