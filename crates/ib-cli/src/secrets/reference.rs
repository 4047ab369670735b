//! Where a secret comes from: `SCHEME:REST`, or `-` for stdin.

use crate::secrets::child_environment::keep_from_children;
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
    /// A scheme that only `ibgw-secret` knows how to read.
    Elsewhere {
        /// `pgp`, `gcp` or `keyring`.
        scheme: &'static str,
        /// What stands after the colon.
        rest: String,
    },
}

impl FromStr for Reference {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        if text == "-" {
            return Ok(Self::Stdin);
        }
        // The text itself is not repeated: somebody may have given the secret in place of where it is.
        let Some((scheme, rest)) = text.split_once(':').filter(|(_, rest)| !rest.is_empty()) else {
            return Err(
                "say where it is: file:PATH, fd:N, cred:NAME, cmd:PROGRAM, or - for stdin"
                    .to_owned(),
            );
        };
        let elsewhere = |scheme| {
            Ok(Self::Elsewhere {
                scheme,
                rest: rest.to_owned(),
            })
        };
        match scheme {
            "file" => Ok(Self::File(rest.into())),
            "fd" => rest
                .parse()
                .map(Self::Descriptor)
                .map_err(|_| "fd: takes a descriptor's number".to_owned()),
            "env" => {
                keep_from_children(rest);
                Ok(Self::Environment(rest.to_owned()))
            }
            "cred" if rest.contains('/') => Err("cred: takes a name, not a path".to_owned()),
            "cred" => Ok(Self::Credential(rest.to_owned())),
            "cmd" => match shlex::split(rest).filter(|words| !words.is_empty()) {
                Some(words) => Ok(Self::Command(words)),
                None => {
                    Err("cmd: takes a program and its arguments, with quotes in pairs".to_owned())
                }
            },
            "pgp" => elsewhere("pgp"),
            "gcp" => elsewhere("gcp"),
            "keyring" => elsewhere("keyring"),
            _ => {
                Err("unknown scheme; one of file, fd, env, cred, cmd, pgp, gcp, keyring".to_owned())
            }
        }
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
            // Arguments may name more than the program's author meant to show.
            Self::Command(words) => write!(to, "cmd:{}", words[0]),
            Self::Elsewhere { scheme, rest } => write!(to, "{scheme}:{rest}"),
        }
    }
}
