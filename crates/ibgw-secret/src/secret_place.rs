//! Where this tool reads a secret: what every tool reads, and what needs OpenPGP, a cloud or a desktop.

use ib_cli::{Reference, Scheme};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a secret is; never the secret itself.
#[derive(Clone)]
pub(crate) enum SecretPlace {
    /// What every tool reads.
    Plain(Reference),
    /// `pgp:PATH`: an OpenPGP file.
    Pgp(PathBuf),
    /// `gcp:projects/P/secrets/S`: a secret of Google's Secret Manager.
    Gcp(String),
    /// `keyring:SERVICE/ACCOUNT`: an item of the desktop's keyring.
    Keyring(String),
}

impl SecretPlace {
    /// The scheme; `None` for stdin, which has none.
    pub(crate) fn scheme(&self) -> Option<Scheme> {
        match self {
            Self::Plain(reference) => reference.scheme(),
            Self::Pgp(_) => Some(Scheme::Pgp),
            Self::Gcp(_) => Some(Scheme::Gcp),
            Self::Keyring(_) => Some(Scheme::Keyring),
        }
    }
}

impl FromStr for SecretPlace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match Scheme::split(text).filter(|(_, rest)| !rest.is_empty()) {
            Some((Scheme::Pgp, path)) => Ok(Self::Pgp(path.into())),
            Some((Scheme::Gcp, name)) => Ok(Self::Gcp(name.to_owned())),
            Some((Scheme::Keyring, item)) => Ok(Self::Keyring(item.to_owned())),
            Some((
                Scheme::File
                | Scheme::Descriptor
                | Scheme::Environment
                | Scheme::Credential
                | Scheme::Command,
                _,
            ))
            | None => text.parse().map(Self::Plain),
        }
    }
}

impl fmt::Display for SecretPlace {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(reference) => write!(to, "{reference}"),
            Self::Pgp(path) => write!(to, "pgp:{}", path.display()),
            Self::Gcp(rest) => write!(to, "gcp:{rest}"),
            Self::Keyring(rest) => write!(to, "keyring:{rest}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_scheme_as_itself() {
        for scheme in Scheme::ALL {
            // A descriptor has a number where all others have a name.
            let text = format!("{}:7", scheme.name());
            let place: SecretPlace = text.parse().unwrap_or_else(|cause| panic!("{cause}"));
            assert_eq!(place.scheme(), Some(scheme));
            assert_eq!(place.to_string(), text);
        }
    }
}
