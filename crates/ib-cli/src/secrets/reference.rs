//! Where a secret comes from: `SCHEME:REST`, or `-` for stdin.

use crate::secrets::child_environment::keep_from_children;
use crate::secrets::scheme::Scheme;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a secret is; never the secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// `-`: stdin, once.
    Stdin,
    /// `file:PATH`.
    File(PathBuf),
    /// `fd:N`: a descriptor that the caller opened.
    Descriptor(u32),
    /// `env:NAME`: warned about, since the environment is inherited and shown.
    Environment(String),
    /// `cred:NAME`: a systemd credential.
    Credential(String),
    /// `cmd:PROGRAM ARGS`: what a program prints; split like shell words, nothing expanded, no shell.
    Command(Vec<String>),
}

impl FromStr for Reference {
    type Err = String;

    /// The schemes of `ibgw-secret` alone are refused here: no other tool opens what they name.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        if text == "-" {
            return Ok(Self::Stdin);
        }
        // The text itself is not repeated: it may be the secret in place of where it is.
        let Some((scheme, rest)) = text.split_once(':').filter(|(_, rest)| !rest.is_empty()) else {
            return Err(
                "say where it is: file:PATH, fd:N, cred:NAME, cmd:PROGRAM, or - for stdin"
                    .to_owned(),
            );
        };
        match scheme.parse()? {
            Scheme::File => Ok(Self::File(rest.into())),
            Scheme::Descriptor => rest
                .parse()
                .map(Self::Descriptor)
                .map_err(|_| "fd: takes a descriptor's number".to_owned()),
            Scheme::Environment => {
                keep_from_children(rest);
                Ok(Self::Environment(rest.to_owned()))
            }
            Scheme::Credential if rest.contains('/') => {
                Err("cred: takes a name, not a path".to_owned())
            }
            Scheme::Credential => Ok(Self::Credential(rest.to_owned())),
            Scheme::Command => match shlex::split(rest).filter(|words| !words.is_empty()) {
                Some(words) => Ok(Self::Command(words)),
                None => {
                    Err("cmd: takes a program and its arguments, with quotes in pairs".to_owned())
                }
            },
            scheme @ (Scheme::Pgp | Scheme::Gcp | Scheme::Keyring) => {
                let name = scheme.name();
                Err(format!(
                    "{name}: is read by ibgw-secret alone (cmd:ibgw-secret get {name}:… runs it, \
                     or pipe it: ibgw-secret get {name}:… | this tool … -)"
                ))
            }
        }
    }
}

impl Reference {
    /// A reference, or the path of a file: a path may have a colon in it, but no scheme before that.
    ///
    /// # Errors
    /// As the parsing of a reference, when the text begins with a scheme.
    pub fn or_path(text: &str) -> std::result::Result<Self, String> {
        if Self::is_one(text) {
            return text.parse();
        }
        Ok(Self::File(text.into()))
    }

    /// Whether a text is meant as a reference, and not as a path.
    pub(crate) fn is_one(text: &str) -> bool {
        text == "-" || Scheme::split(text).is_some()
    }

    /// The scheme; `None` for stdin, which has none.
    #[must_use]
    pub fn scheme(&self) -> Option<Scheme> {
        Some(match self {
            Self::Stdin => return None,
            Self::File(_) => Scheme::File,
            Self::Descriptor(_) => Scheme::Descriptor,
            Self::Environment(_) => Scheme::Environment,
            Self::Credential(_) => Scheme::Credential,
            Self::Command(_) => Scheme::Command,
        })
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stdin => write!(to, "stdin"),
            Self::File(path) => write!(to, "file:{}", path.display()),
            Self::Descriptor(number) => write!(to, "fd:{number}"),
            Self::Environment(name) => write!(to, "env:{name}"),
            Self::Credential(name) => write!(to, "cred:{name}"),
            // The arguments may hold what its user does not want shown.
            Self::Command(words) => write!(to, "cmd:{}", words[0]),
        }
    }
}
